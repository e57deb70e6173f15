# SPDX-License-Identifier: Apache-2.0
"""Files of other tools through Verilog: every row that the executors are compared on."""

from pathlib import Path

import numpy as np
import pytest

from pulsewright.hls_model.exact.finished import ImportedModel
from pulsewright.hls_model.importer import ImportChoices, import_model
from pulsewright.hls_model.reference.network_output import OutputKind
from pulsewright.sim.simulators import Simulator
from tests.hls_model.quantised_onnx.agreement import float_rows, rows_at_thresholds
from tests.hls_model.quantised_onnx.made_files import (
    ONNXRUNTIME,
    brevitas_files,
    onnxruntime_file,
)
from tests.hls_model.tflite.files import chain
from tests.sim.designs import Foldings, run_design

# 16-12-8-5, by three neurons of four inputs, and so on.
FOLDINGS: Foldings = [(3, 4), (4, 3), (5, 4)]
SIZES = (16, 12, 8, 5)


def file_of(source: str, folder: Path) -> Path:
    if source in ONNXRUNTIME:
        return onnxruntime_file(folder, source)
    if source.startswith("brevitas"):
        return brevitas_files(folder)[source.removeprefix("brevitas_")]
    path = folder / f"{source}.tflite"
    path.write_bytes(chain(SIZES, 1, per_channel=source.endswith("per_channel")))
    return path


def imported(source: str, folder: Path) -> ImportedModel:
    # Brevitas' networks hand on what is not quantised.
    output = OutputKind.ACCUMULATOR if source.startswith("brevitas") else OutputKind.CODE
    return import_model(file_of(source, folder), ImportChoices(output=output))


def codes_of(found: ImportedModel, source: str, rows: int) -> np.ndarray:
    """Half of them as the tool's executor gets them, half at the nearest thresholds."""
    if source.startswith("tflite"):
        drawn = np.random.default_rng(1).integers(-128, 128, (rows // 2, SIZES[0]))
    else:
        drawn = found.input_codes.codes(float_rows(rows // 2))
    return np.concatenate([drawn, rows_at_thresholds(found, rows // 2)])


def check(
    source: str, simulator: Simulator, folder: Path, rows: int, bench: str = "bus_bench"
) -> None:
    found = imported(source, folder)
    assert found.model.sizes == SIZES
    assert any(layer.requantiser.multiplies for layer in found.model.layers[:-1])
    codes = codes_of(found, source, rows)
    run = run_design(simulator, bench, folder / "rtl", found.model, FOLDINGS, rows, codes=codes)
    assert run.failures == 0, run.log.read_text()[-3000:]
    assert {one.mismatches for one in run.outcomes.values()} == {0}
    assert sum(one.rows for one in run.outcomes.values()) >= rows


@pytest.mark.quick_cases(1)
@pytest.mark.parametrize("source", ["int8_per_channel", "tflite_per_channel"])
def test_on_icarus(source: str, tmp_path: Path) -> None:
    """The bare engine; buses are the longer test's."""
    check(source, Simulator.ICARUS, tmp_path, rows=40, bench="stream_bench")


@pytest.mark.regression
@pytest.mark.parametrize(
    "source",
    [*sorted(ONNXRUNTIME), "tflite", "tflite_per_channel", "brevitas_qonnx", "brevitas_qcdq"],
)
@pytest.mark.parametrize(
    ("simulator", "rows"), [(Simulator.ICARUS, 200), (Simulator.VERILATOR, 4000)]
)
def test_every_source_on_both_simulators(
    source: str, simulator: Simulator, rows: int, tmp_path: Path
) -> None:
    check(source, simulator, tmp_path, rows)
