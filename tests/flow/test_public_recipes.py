# SPDX-License-Identifier: Apache-2.0
"""Public networks from their file to package and simulation, by the commands that a user types."""

import json
from pathlib import Path

import pytest

from tests.flow.conftest import invoke
from tests.hls_model.public_models import needs_public_models, public_file

ROWS = 8


@pytest.mark.regression
@needs_public_models
@pytest.mark.parametrize("file", ["TFC_1W1A.onnx", "TFC_2W2A.onnx", "ad01_int8.tflite"])
def test_a_public_file_runs_through_package_and_both_simulators(file: str, tmp_path: Path) -> None:
    result = invoke("import", public_file(file), "--ii", "1000", "--to", tmp_path)
    assert result.exit_code == 0, result.output
    (recipe,) = tmp_path.glob("*.toml")
    text = recipe.read_text(encoding="utf-8")
    recipe.write_text(text.replace("[model]\n", f"[model]\nrows = {ROWS}\n"), encoding="utf-8")
    result = invoke("run", recipe, "--build", tmp_path / "build")
    assert result.exit_code == 0, result.output
    build = tmp_path / "build" / recipe.stem
    report = json.loads((build / "report.json").read_text(encoding="utf-8"))
    for simulator in ("icarus", "verilator"):
        compared = report["mismatches"][simulator]
        assert (compared["rows"], compared["mismatches"]) == (ROWS, 0)
    firmware = build / "rtl" / "package" / "firmware"
    assert (firmware / "pulsewright_windowed.c").is_file()
