# SPDX-License-Identifier: Apache-2.0
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import pulsewright as pw
from tests.models import random_model

MODEL = random_model((6, 64, 1), pulses=100)
TINY = random_model((3, 4, 2))


def test_a_design_knows_its_cycles_operations_and_energy() -> None:
    """A1 with 56 multipliers: 448 products, and 448 + 65 biases' worth of additions at most."""
    design = pw.fold(MODEL, layers=[(8, 6), (1, 8)])
    assert (design.ii, design.latency, design.multipliers) == (8, 16, 56)
    assert design.operations.multiplications == 448
    assert 448 <= design.operations.additions <= 600
    assert design.paper_energy.picojoule == pytest.approx(896 * 9.3)
    totals = design.energy("horowitz_45nm")
    assert totals[0].what == "inference, weights in logic"
    assert [one.picojoule for one in design.energy(totals[0].table)] == [
        one.picojoule for one in totals
    ]


@given(st.integers(1, 2000))
def test_a_wanted_interval_is_reached(ii: int) -> None:
    assert pw.fold(MODEL, ii=ii).ii <= ii


def test_options_reach_the_engine() -> None:
    design = pw.fold(MODEL, layers=[(8, 1), (1, 8)], incremental=True, reloadable=True)
    assert (design.engine.incremental, design.engine.reloadable) == (True, True)
    assert pw.fold(MODEL, ii=1, shallow=True).latency < pw.fold(MODEL, ii=1).latency


def test_one_multiplier_is_shared_by_both_layers() -> None:
    design = pw.fold(MODEL, multipliers=1)
    assert (design.ii, design.latency, design.multipliers) == (459, 458, 1)
    assert "One multiplier for both layers" in design.verilog()


def test_options_reach_the_bus() -> None:
    design = pw.fold(TINY, ii=4, bus="wishbone", addressing="word", termination="asynchronous")
    verilog = design.verilog()
    assert "input wire [29:0] wb_adr_i" in verilog
    assert "ACK in the cycle of STB" in verilog
    assert pw.fold(TINY, ii=4, id_bits=3).options.id_bits == 3
    bounded = pw.fold(TINY, ii=4, bus="apb", max_wait=16)
    assert "Refuses an access that has waited 16 cycles" in bounded.verilog()


REFUSED: list[tuple[Callable[[], object], str]] = [
    (lambda: pw.fold(MODEL), "ii = None, layers = None and multipliers = None; give one"),
    (lambda: pw.fold(MODEL, ii=8, layers=[(1, 1)]), "ii = 8, layers = "),
    (lambda: pw.fold(MODEL, ii=8, multipliers=8), "ii = 8, layers = None and multipliers = 8"),
    (lambda: pw.fold(MODEL, multipliers=0), "0 multipliers for 2 layers"),
    (lambda: pw.fold(MODEL, multipliers=1, reloadable=True), "reloadable weights beside mult"),
    (lambda: pw.fold(MODEL, ii=0), "initiation interval is 0 cycles"),
    (lambda: pw.fold(MODEL, layers=[(8, 6)]), "1 foldings for 2 layers"),
    (lambda: pw.fold(MODEL, layers=[(8, 7), (1, 1)]), "simd = 7 exceeds its 6 inputs"),
    (lambda: pw.fold(MODEL, layers=[(8, 0), (1, 1)]), r"layers = .*1 or more each"),
    (lambda: pw.fold(MODEL, ii=8, bus="pci"), "pci"),
    (lambda: pw.fold(MODEL, ii=8, max_wait=0), "max_wait = 0; an access may wait 1 to 65535"),
    (lambda: pw.fold(MODEL, ii=8, termination="synchronous"), "obi has no such choice"),
    (lambda: pw.fold(MODEL, ii=8, bus="wishbone", addressing="bit"), "addressing = 'bit'"),
    (lambda: pw.fold(MODEL, ii=8, name="a b"), "module name 'a b'"),
    (lambda: pw.Design(MODEL, pw.fold(TINY, ii=8).engine), r"the model has \(6, 64, 1\)"),
    (lambda: pw.fold(MODEL, ii=8).energy("no_such_table"), "no_such_table"),
    (lambda: pw.load_model("model.txt"), r"model\.txt is neither"),
    (lambda: pw.load_model("nowhere.json"), r"nowhere\.json"),
    (lambda: pw.read_recipe("nowhere.toml"), r"nowhere\.toml"),
    (lambda: pw.read_report("nowhere"), "nowhere"),
    (lambda: pw.simulate(pw.fold(TINY, ii=8), "modelsim"), "unknown simulator 'modelsim'"),
    (lambda: pw.simulate(pw.fold(TINY, ii=8), rows=1), "rows = 1; give 2 or more"),
]


@pytest.mark.parametrize(("call", "sentence"), REFUSED)
def test_what_does_not_fit_is_one_sentence(call: Callable[[], object], sentence: str) -> None:
    with pytest.raises(pw.PulsewrightError, match=sentence) as caught:
        call()
    assert "\n" not in str(caught.value)


def test_the_verilog_is_that_of_the_command(tmp_path: Path) -> None:
    design = pw.fold(TINY, ii=4, bus="apb", name="tiny_apb")
    path = design.write_verilog(tmp_path / "tiny_apb.v")
    text = path.read_text(encoding="utf-8")
    assert text == design.verilog()
    assert "module tiny_apb (" in text
    subprocess.run(["iverilog", "-g2005", "-t", "null", str(path)], check=True)
