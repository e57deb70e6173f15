# SPDX-License-Identifier: Apache-2.0
import json
import re
from pathlib import Path

import numpy as np
import pytest

from pulsewright.hls_model.qonnx.exporter import export_qonnx
from pulsewright.hls_model.qonnx.importer import import_qonnx
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from tests.flow.conftest import invoke
from tests.models import random_model

pytest.importorskip("qonnx")


def test_the_model_is_exported_executed_and_reported(finished_copy: Path) -> None:
    recipe, build = finished_copy / "tiny.toml", finished_copy / "build"
    result = invoke("qonnx", recipe, "--build", build)
    assert result.exit_code == 0, result.output
    assert "192 rows, 0 mismatches" in result.output
    model = IntegerMlp.load(build / "tiny" / "model.json")
    assert import_qonnx(build / "tiny" / "tiny.onnx").digest == model.digest
    assert invoke("report", recipe, "--build", build).exit_code == 0
    report = json.loads((build / "tiny" / "report.json").read_text())
    assert report["mismatches"]["qonnx"] == {"rows": 192, "mismatches": 0}
    assert "qonnx" in report["versions"]
    # What was compared with another model is not reported of this one.
    kept = build / "tiny" / "qonnx.json"
    kept.write_text(re.sub(r'"digest": "\w+"', '"digest": "0"', kept.read_text()))
    assert invoke("report", recipe, "--build", build).exit_code == 0
    report = json.loads((build / "tiny" / "report.json").read_text())
    assert "qonnx" not in report["mismatches"]


RECIPE = """
name = "wide"
[model]
path = "net.json"
[[folding]]
pe = 1
simd = 1
[[folding]]
pe = 1
simd = 1
"""


def test_what_float32_cannot_hold_is_exported_and_not_executed(tmp_path: Path) -> None:
    (tmp_path / "wide.toml").write_text(RECIPE, encoding="utf-8")
    random_model((6, 64, 1), requantised=False).save(tmp_path / "net.json")
    result = invoke("qonnx", tmp_path / "wide.toml", "--build", tmp_path / "build")
    assert result.exit_code == 0, result.output
    assert "not executed: the qonnx package computes Quant nodes in float32" in result.output
    assert (tmp_path / "build" / "wide" / "wide.onnx").exists()
    assert not (tmp_path / "build" / "wide" / "qonnx.json").exists()


def test_an_executor_that_differs_ends_with_exit_code_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "wide.toml").write_text(RECIPE, encoding="utf-8")
    random_model((6, 4, 1)).save(tmp_path / "net.json")
    monkeypatch.setattr(
        "pulsewright.hls_model.qonnx.execution.executed",
        lambda model, codes: np.full((len(codes), 1), 2**40),
    )
    result = invoke("qonnx", tmp_path / "wide.toml", "--build", tmp_path / "build")
    assert result.exit_code == 1
    assert "differ on 1000 of 1000 rows" in " ".join(result.output.split())
    assert not (tmp_path / "build" / "wide" / "qonnx.json").exists()


def test_an_own_export_is_a_recipes_model(tmp_path: Path) -> None:
    text = RECIPE.replace("net.json", "net.onnx")
    (tmp_path / "wide.toml").write_text(text, encoding="utf-8")
    export_qonnx(random_model((6, 4, 1)), tmp_path / "net.onnx")
    result = invoke("qonnx", tmp_path / "wide.toml", "--build", tmp_path / "build")
    assert result.exit_code == 0, result.output
    written = (tmp_path / "build" / "wide" / "wide.onnx").read_bytes()
    assert written == (tmp_path / "net.onnx").read_bytes()
