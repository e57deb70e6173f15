# SPDX-License-Identifier: Apache-2.0
"""The code of docs/import-*.md, a page for each source, runs as it stands there."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.hls_model.quantised_onnx.made_files import float_model
from tests.hls_model.tflite.files import chain

DOCS = Path(__file__).parents[3] / "docs"
# One fence says "notest": packages that no test has.
RUN, SHOWN = "```python\n(.*?)```", "```python(?: notest)?\n(.*?)```"


def blocks(page: str, pattern: str = RUN) -> list[str]:
    text = (DOCS / f"{page}.md").read_text("utf-8")
    return re.findall(pattern, text, re.DOTALL)


def run_page(page: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """All names that the page has at its end."""
    monkeypatch.chdir(folder)
    names: dict[str, Any] = {}
    for block in blocks(page):
        exec(compile(block, f"docs/{page}.md", "exec"), names)
    return names


def values(names: dict[str, Any]) -> np.ndarray:
    model = names["found"].model
    scales, offsets = ([float(one) for one in many] for many in (model.scales, model.offsets))
    return names["integers"] * np.array(scales) + np.array(offsets)


@pytest.mark.parametrize("page", [path.stem for path in sorted(DOCS.glob("import-*.md"))])
def test_every_block_is_python(page: str) -> None:
    found = blocks(page, SHOWN)
    assert len(found) == len(re.findall("```python", (DOCS / f"{page}.md").read_text("utf-8")))
    assert found
    for block in found:
        compile(block, page, "exec")


def test_onnxruntime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    float_model(tmp_path / "float.onnx")
    names = run_page("import-onnxruntime", tmp_path, monkeypatch)
    differs = np.abs(values(names) - names["theirs"]) > 1e-4
    # A row on which float32 lands on the other side of a step.
    assert differs.any(axis=1).sum() <= 1
    assert len(np.unique(names["integers"])) > 100


def test_tflite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("ai_edge_litert")
    (tmp_path / "net.tflite").write_bytes(chain((16, 12, 5), 1, per_channel=True))
    names = run_page("import-tflite", tmp_path, monkeypatch)
    assert (names["integers"] == np.array(names["theirs"])).all()
    assert len(np.unique(names["integers"])) > 50


def test_qkeras(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from qonnx.core.modelwrapper import ModelWrapper
    from qonnx.core.onnx_exec import execute_onnx
    from qonnx.transformation.infer_shapes import InferShapes

    names = run_page("import-qkeras", tmp_path, monkeypatch)
    hidden = names["found"].model.layers[:-1]
    assert not any(layer.requantiser.multiplies for layer in hidden)
    # Values that the codes stand for, so that both compute from the same inputs.
    codes = names["found"].input_codes.codes(names["rows"])
    proto = names["onnx"].load(tmp_path / "qkeras.onnx")
    proto.graph.input[0].type.tensor_type.shape.dim[0].dim_value = 1
    proto.graph.output[0].type.tensor_type.shape.dim[0].dim_value = 1
    model = ModelWrapper(proto).transform(InferShapes())
    theirs = [
        next(iter(execute_onnx(model, {"x": (row[None] / 1024).astype(np.float32)}).values()))[0]
        for row in codes[:50]
    ]
    assert np.abs(values(names)[:50] - theirs).max() < 1e-5


# Torch's exporter takes most of half a minute.
@pytest.mark.regression
def test_brevitas(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import pulsewright as pw

    names = run_page("import-brevitas", tmp_path, monkeypatch)
    with names["torch"].no_grad():
        theirs = names["network"](names["torch"].from_numpy(names["rows"])).numpy()
    differs = np.abs(values(names) - theirs) > 1e-4
    assert differs.any(axis=1).sum() <= 1
    other = pw.import_model("net_qcdq.onnx")
    whole, same = (
        [layer.model_dump_json() for layer in one.model.layers] for one in (names["found"], other)
    )
    assert whole == same
