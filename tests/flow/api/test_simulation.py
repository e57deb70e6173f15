# SPDX-License-Identifier: Apache-2.0
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import pulsewright as pw
from pulsewright.flow.errors import VerificationError
from pulsewright.flow.steps.cycle_check import check_cycles
from pulsewright.sim.bench_files import BenchFolder, BenchInputs
from tests.models import changed, random_model

MODEL = random_model((3, 4, 2))


@pytest.fixture(scope="module")
def design() -> pw.Design:
    return pw.fold(MODEL, ii=4)


# By default docs/api.md, which a test runs, and a wrong coprocessor show it.
@pytest.mark.regression
@pytest.mark.parametrize("simulator", ["icarus", "verilator"])
def test_the_rows_and_the_formulas_are_what_the_simulator_shows(
    design: pw.Design, simulator: str
) -> None:
    found = pw.simulate(design, simulator, rows=12)
    assert (found.rows, found.mismatches, found.failures) == (12, 0, 0)
    assert (found.ii, found.latency) == (design.ii, design.latency)
    assert found.tests > 2
    assert found.is_exact


@pytest.mark.regression
@pytest.mark.parametrize("simulator", ["icarus", "verilator"])
def test_streams_are_simulated_beside_the_bus(simulator: str) -> None:
    design = pw.fold(MODEL, ii=4, stream="axi_stream", stream_width=16)
    found = pw.simulate(design, simulator, rows=12)
    assert (found.rows, found.mismatches, found.failures) == (12, 0, 0)
    # 2 results of 32 bits are 4 transfers of 16, 3 inputs of 8 bits 2.
    assert found.stream_ii == 4
    assert found.stream_latency is not None
    assert "module pulse_mlp_axi_stream (" in design.stream_verilog()


def test_a_wrong_coprocessor_is_no_exact_one(
    design: pw.Design, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Compared with the model of another bias, every row differs, and that is told."""
    layer = MODEL.layers[1]
    other = changed(MODEL, layers=(MODEL.layers[0], changed(layer, bias=layer.bias + 1)))
    codes = np.zeros((5, 3), dtype=np.int64)
    right = BenchFolder.prepare

    def prepare(self: BenchFolder, inputs: BenchInputs) -> None:
        right(self, replace(inputs, model=other))

    monkeypatch.setattr(BenchFolder, "prepare", prepare)
    found = pw.simulate(design, codes=codes, folder=tmp_path)
    assert found.mismatches >= 5
    assert found.failures > 0
    assert not found.is_exact
    assert found.first_mismatch is not None
    assert found.first_mismatch.startswith("row 0: inputs [0, 0, 0]")
    assert (tmp_path / "obi" / "simulation.log").exists()


@pytest.mark.regression
def test_cycles_that_no_formula_says_are_an_error(
    design: pw.Design, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Measured on one folding, with the formulas of another."""
    other = pw.fold(MODEL, ii=1)
    monkeypatch.setattr(
        "pulsewright.flow.api.simulation.check_cycles",
        lambda simulator, result, model, _, **__: check_cycles(
            simulator, result, model, other.engine
        ),
    )
    with pytest.raises(VerificationError, match="formulas say 1 and"):
        pw.simulate(design, codes=np.zeros((5, 3), dtype=np.int64), folder=tmp_path)


def test_codes_that_do_not_fit_are_refused_before_anything_is_built(
    design: pw.Design, tmp_path: Path
) -> None:
    with pytest.raises(pw.PulsewrightError):
        pw.simulate(design, codes=np.zeros((5, 4), dtype=np.int64), folder=tmp_path / "out")
    with pytest.raises(pw.PulsewrightError):
        pw.simulate(design, codes=np.full((5, 3), 1000), folder=tmp_path / "out")
    assert not (tmp_path / "out").exists()
