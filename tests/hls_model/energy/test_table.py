# SPDX-License-Identifier: Apache-2.0
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from pulsewright.hls_model.activity.operations import Operation, OperationKind
from pulsewright.hls_model.energy import table as energy_table
from pulsewright.hls_model.energy.table import EnergyTable, table_names
from pulsewright.hls_model.errors import PulsewrightError

# Horowitz, ISSCC 2014, and the QTools fit (docs/energy.md).
ADD = {8: 0.03, 16: 0.05, 32: 0.1}
MULTIPLY = {8: 0.2, 32: 3.1}
SRAM = {8: 10.0, 32: 20.0, 1024: 100.0}


def add(table: EnergyTable, width: int) -> float:
    return table.price(Operation(OperationKind.ADD, width, 0)).picojoule


def multiply(table: EnergyTable, a: int, b: int) -> float:
    return table.price(Operation(OperationKind.MULTIPLY, a, b)).picojoule


@pytest.fixture
def table() -> EnergyTable:
    return EnergyTable.load()


def test_the_default_table_is_horowitz_at_45_nm(table: EnergyTable) -> None:
    assert {one.bits: one.picojoule for one in table.add} == ADD
    assert {one.bits: one.picojoule for one in table.multiply} == MULTIPLY
    sram = {one.bytes: (one.picojoule, one.access_bits) for one in table.sram}
    assert sram == {kib * 1024: (pj, 64) for kib, pj in SRAM.items()}
    assert table.operating_point == "45 nm, 0.9 V"
    assert "Horowitz" in table.source


def test_the_tables_of_the_package_and_their_nodes() -> None:
    assert table_names() == ["horowitz_45nm", "aladdin_40nm", "han_45nm", "qtools_45nm"]
    for name in table_names():
        table = EnergyTable.load(name)
        assert table.name == name
        assert table.node == f"{name.rsplit('_', 1)[1].removesuffix('nm')} nm"
        entries = (*table.add, *table.multiply, table.fit, *table.sram, *table.register_access)
        assert all(len(one.source) > 10 for one in entries)


@pytest.mark.parametrize("width", range(1, 65))
def test_an_addition_is_the_entry_or_the_fit(table: EnergyTable, width: int) -> None:
    assert add(table, width) == pytest.approx(ADD.get(width, 0.003125 * width))


@pytest.mark.parametrize("width", range(1, 65))
def test_a_product_of_equal_widths_is_the_entry_or_the_fit(table: EnergyTable, width: int) -> None:
    expected = MULTIPLY.get(width, 0.0029948 * width**2 + 0.0010417 * width)
    assert multiply(table, width, width) == pytest.approx(expected, rel=2e-5)


def test_a_product_of_two_widths_lies_between_those_of_each(table: EnergyTable) -> None:
    expected = 0.0029948 * 48 + 0.0010417 * 8
    assert multiply(table, 4, 12) == multiply(table, 12, 4) == pytest.approx(expected, rel=1e-5)
    assert multiply(table, 4, 4) < multiply(table, 4, 12) < multiply(table, 12, 12)


def test_prices_name_their_entry_and_how_they_are_computed(table: EnergyTable) -> None:
    entry = table.price(Operation(OperationKind.MULTIPLY, 8, 8))
    assert (entry.entry, entry.formula) == ("multiply[8]", "0.2")
    assert entry.source == "Horowitz 2014, Fig. 1.1.9: integer multiply, 8 bit"
    fit = table.price(Operation(OperationKind.MULTIPLY, 8, 9))
    assert (fit.entry, fit.formula) == ("fit.multiply", "0.00299479 x 8 x 9 + 0.00104167 x 8.5")
    assert "QKeras" in fit.source
    assert table.price(Operation(OperationKind.ADD, 18, 0)).formula == "0.003125 x 18"


def test_the_other_tables_by_hand() -> None:
    """Han: 0.1 and 3.1 pJ at 32 bits; Aladdin: 0.21 and 12.68; a quarter of the width each."""
    han, aladdin = EnergyTable.load("han_45nm"), EnergyTable.load("aladdin_40nm")
    assert (add(han, 32), multiply(han, 32, 32)) == (0.1, 3.1)
    assert add(han, 8) == pytest.approx(0.1 / 4)
    assert multiply(han, 8, 8) == pytest.approx(3.1 / 16)
    assert (add(aladdin, 32), multiply(aladdin, 32, 32)) == (0.21, 12.68)
    assert add(aladdin, 8) == pytest.approx(0.21 / 4)
    assert multiply(aladdin, 8, 16) == pytest.approx(12.68 / 8)
    write, read = aladdin.register_price("write"), han.register_price("read")
    assert write is not None
    assert write.picojoule == 0.009
    assert read is not None
    assert read.picojoule == pytest.approx(1 / 32)
    assert han.register_price("write") is None


def test_qtools_has_a_polynomial_of_the_bits_of_an_sram() -> None:
    """config_public.py: sram_rd at log2(bits) is the energy of a bit."""
    for entry in EnergyTable.load("qtools_45nm").sram:
        assert entry.bytes is not None
        x = (8 * entry.bytes).bit_length() - 1
        cubic = 9.02427321e-04 * x**3 - 2.68847858e-02 * x**2 + 2.08900804e-01 * x
        assert entry.picojoule / entry.access_bits == pytest.approx(cubic, rel=1e-4)


@pytest.mark.parametrize(
    ("bits", "kib"),
    [
        (1, 8),
        (8 * 8192, 8),
        (8 * 8192 + 1, 32),
        (8 * 32768, 32),
        (8 * 32768 + 1, 1024),
        (8 * 2**20, 1024),
    ],
)
def test_the_smallest_sram_that_holds_the_bits_is_charged(
    table: EnergyTable, bits: int, kib: int
) -> None:
    assert table.sram_for(bits).bytes == kib * 1024
    price = table.sram_price(bits)
    assert price.picojoule == pytest.approx(SRAM[kib] / 64)
    assert price.entry == f"sram[{kib * 1024}]"


def test_an_sram_of_no_stated_capacity_holds_any_weights() -> None:
    price = EnergyTable.load("han_45nm").sram_price(10**9)
    assert (price.picojoule, price.entry) == (5 / 32, "sram[not stated]")


def test_more_bits_than_the_largest_sram_are_refused(table: EnergyTable) -> None:
    with pytest.raises(PulsewrightError) as raised:
        table.sram_for(8 * 2**20 + 1)
    assert str(raised.value) == (
        "8388609 weight bits exceed the largest SRAM of energy table horowitz_45nm, "
        "1048576 bytes; add a larger one to the table"
    )


@pytest.mark.parametrize("name", ["none", "../energy", ""])
def test_an_unknown_table_is_refused(name: str) -> None:
    with pytest.raises(PulsewrightError) as raised:
        EnergyTable.load(name)
    assert str(raised.value) == (
        f"no energy table named {name!r}; choose one of horowitz_45nm, aladdin_40nm, han_45nm, "
        "qtools_45nm or give a file"
    )


def test_a_faulty_table_of_the_package_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "broken.toml").write_text("name = ")
    monkeypatch.setattr(energy_table, "files", lambda package: tmp_path)
    with pytest.raises(PulsewrightError, match="energy table broken"):
        EnergyTable.load("broken")


@pytest.mark.parametrize("key", ["add", "multiply", "sram", "register"])
def test_two_entries_for_the_same_thing_are_refused(key: str) -> None:
    table = EnergyTable.load("aladdin_40nm").model_dump(mode="json", by_alias=True)
    table[key] = [*table[key], table[key][0]]
    with pytest.raises(ValidationError, match=f"{key} has two entries for"):
        EnergyTable.model_validate(table)


def test_two_srams_of_no_stated_capacity_are_refused() -> None:
    table: dict[str, Any] = EnergyTable.load("han_45nm").model_dump(mode="json", by_alias=True)
    table["sram"] *= 2
    with pytest.raises(ValidationError, match="sram has two entries for None"):
        EnergyTable.model_validate(table)


def test_a_table_cannot_be_changed(table: EnergyTable) -> None:
    with pytest.raises(ValidationError):
        table.node = "7 nm"
