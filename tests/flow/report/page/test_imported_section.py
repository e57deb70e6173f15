# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest
from rich.console import Console

from pulsewright.flow.recipe import load_recipe
from pulsewright.flow.report.page.imported_section import imported_section
from pulsewright.flow.steps.model import read_model
from pulsewright.flow.workspace import Options, Workspace
from tests.hls_model.tflite.files import chain
from tests.models import random_model

RECIPE = """
name = "foreign"

[model]
path = "{file}"
{choice}

[[folding]]
pe = 5
simd = 6
[[folding]]
pe = 3
simd = 5
"""


def opened(folder: Path, file: str, choice: str = "") -> Workspace:
    path = folder / "foreign.toml"
    path.write_text(RECIPE.format(file=file, choice=choice), encoding="utf-8")
    recipe = load_recipe(path)
    workspace = Workspace(recipe, folder / "build", Options(folder), Console(quiet=True))
    read_model(workspace)
    return workspace


def test_layers_codes_and_remarks_of_a_file_of_others_are_there(tmp_path: Path) -> None:
    pytest.importorskip("tflite")
    (tmp_path / "net.tflite").write_bytes(chain((6, 5, 3), 1))
    section = imported_section(opened(tmp_path, "net.tflite", 'output = "code"'))
    assert section is not None
    facts = {one.term: one.value for one in section.facts}
    assert (facts["file"], facts["result"]) == ("TFLite", "code")
    assert facts["codes of the input"] == "-128 to 127"
    assert float(facts["scale of the result"]) > 0
    (layers,) = section.tables
    shapes = [[cell["value"] for cell in row[1:3]] for row in layers["rows"]]
    assert shapes == [["6", "5"], ["5", "3"]]


def test_a_model_of_this_house_was_not_imported(tmp_path: Path) -> None:
    random_model((6, 5, 3), output="code").save(tmp_path / "net.json")
    assert imported_section(opened(tmp_path, "net.json")) is None
