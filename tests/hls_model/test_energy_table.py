# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest
from pydantic import ValidationError

from hls_model import energy_table
from hls_model.energy_table import EnergyTable
from hls_model.errors import PulsewrightError
from hls_model.operations import Operation, OperationKind

# Horowitz, ISSCC 2014, and the QTools fit, as DESIGN section 9 quotes them.
ADD = {8: 0.03, 16: 0.05, 32: 0.1}
MULTIPLY = {8: 0.2, 32: 3.1}
SRAM = {8: 10.0, 32: 20.0, 1024: 100.0}


@pytest.fixture
def table() -> EnergyTable:
    return EnergyTable.load()


def test_the_shipped_table_is_horowitz_at_45_nm(table: EnergyTable) -> None:
    assert table.add == ADD
    assert table.multiply == MULTIPLY
    assert table.sram_64bit_access == {kib * 1024: pj for kib, pj in SRAM.items()}
    assert "45 nm" in table.node
    assert "Horowitz" in table.source


@pytest.mark.parametrize("width", range(1, 65))
def test_an_addition_is_the_entry_or_the_fit(table: EnergyTable, width: int) -> None:
    expected = ADD.get(width, 0.003125 * width)
    assert table.operation_picojoule(Operation(OperationKind.ADD, width, 0)) == pytest.approx(
        expected
    )


@pytest.mark.parametrize("width", range(1, 65))
def test_a_product_of_equal_widths_is_the_entry_or_the_fit(table: EnergyTable, width: int) -> None:
    expected = MULTIPLY.get(width, 0.0029948 * width**2 + 0.0010417 * width)
    observed = table.operation_picojoule(Operation(OperationKind.MULTIPLY, width, width))
    assert observed == pytest.approx(expected)


def test_a_product_of_two_widths_lies_between_those_of_each(table: EnergyTable) -> None:
    def product(a: int, b: int) -> float:
        return table.operation_picojoule(Operation(OperationKind.MULTIPLY, a, b))

    assert product(4, 12) == product(12, 4) == pytest.approx(0.0029948 * 48 + 0.0010417 * 8)
    assert product(4, 4) < product(4, 12) < product(12, 12)


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
    assert table.sram_picojoule_per_bit(bits) == (kib * 1024, pytest.approx(SRAM[kib] / 64))


def test_more_bits_than_the_largest_sram_are_refused(table: EnergyTable) -> None:
    with pytest.raises(PulsewrightError) as raised:
        table.sram_picojoule_per_bit(8 * 2**20 + 1)
    assert str(raised.value) == (
        "8388609 weight bits exceed the largest SRAM of energy table horowitz_45nm, "
        "1048576 bytes; add a larger one to the table"
    )


@pytest.mark.parametrize("name", ["none", "../energy", ""])
def test_an_unknown_table_is_refused(name: str) -> None:
    with pytest.raises(PulsewrightError, match=f"no energy table named '{name}'"):
        EnergyTable.load(name)


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("8 = 0.03", "8 = 0.0", "greater than 0"),
        ("8 = 0.03", "8 = -1.0", "greater than 0"),
        ("8 = 0.03", "8 = nan", "add"),
        ("8 = 0.03", "8 = inf", "finite"),
        ("8 = 0.03", "0 = 0.03", "greater than 0"),
        ("8 = 0.03", '8 = "much"', "valid number"),
        ('node = "45 nm, 0.9 V"', "", "node"),
        ("[fit]", "[fits]", "fit"),
        ("[add]", "[add", "energy table broken"),
    ],
)
def test_a_faulty_table_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, before: str, after: str, message: str
) -> None:
    shipped = Path(energy_table.__file__).parent / "energy_tables" / "horowitz_45nm.toml"
    text = shipped.read_text()
    assert before in text
    (tmp_path / "energy_tables").mkdir()
    (tmp_path / "energy_tables" / "broken.toml").write_text(text.replace(before, after, 1))
    monkeypatch.setattr(energy_table, "files", lambda package: tmp_path)
    with pytest.raises(PulsewrightError, match=message) as raised:
        EnergyTable.load("broken")
    assert "energy table broken" in str(raised.value)


def test_a_table_cannot_be_changed(table: EnergyTable) -> None:
    with pytest.raises(ValidationError):
        table.node = "7 nm"
