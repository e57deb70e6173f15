# SPDX-License-Identifier: Apache-2.0
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from pulsewright.flow.recipe import load_recipe
from pulsewright.flow.study.study_file import load_study
from pulsewright.flow.study.winning_recipes import recipe_name, recipe_text
from pulsewright.quant.settings import QuantisedTraining
from pulsewright.quant.studies.points import Point
from tests.hostile_texts import BREAKS_OUT

NAMES = [text for text in BREAKS_OUT if "\0" not in text and "/" not in text and len(text) < 200]


def point(**changes: Any) -> Point:
    columns = {
        "network": "6-4-1",
        "layers": "6-4-1",
        "split": "rows",
        "pulse_number": "affine",
        "weight_bits": "8",
        "activation_bits": "8",
        "input_bits": 8,
        "weight_scales": "per_tensor",
        "activation_scales": "power_of_two",
        "ratio": 1.0,
        **QuantisedTraining().model_dump(mode="json"),
        **changes,
    }
    return Point(columns, {}, (0,))


def written(folder: Path, study_file: Path, found: Point, data: Path) -> Path:
    name = recipe_name(found)
    path = folder / f"{name}.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(recipe_text(name, load_study(study_file), found, data), encoding="utf-8")
    return path


@pytest.mark.parametrize("name", NAMES)
def test_the_path_of_a_table_comes_back_as_it_was(
    name: str, tmp_path: Path, study_file: Path
) -> None:
    data = tmp_path / f"x{name}.csv"
    path = written(tmp_path, study_file, point(), data)
    found = tomllib.loads(path.read_text(encoding="utf-8"))
    # What is no text cannot stand in TOML.
    known = str(data) if str(data) == str(data).encode(errors="replace").decode() else None
    assert found["data"].get("path") == known
    assert load_recipe(path).name == found["name"]


@pytest.mark.parametrize("text", BREAKS_OUT)
def test_a_point_that_another_made_up_writes_no_key_and_no_other_file(
    text: str, tmp_path: Path, study_file: Path
) -> None:
    folder = tmp_path / "recipes"
    forged = point(network=f"../{text}")
    path = written(folder, study_file, forged, tmp_path / "x.csv")
    assert path.parent == folder
    assert re.fullmatch("[a-z0-9_]+", path.stem)
    expected = written(folder, study_file, point(), tmp_path / "x.csv")
    documents = [tomllib.loads(one.read_text(encoding="utf-8")) for one in (path, expected)]
    assert documents[0] == documents[1] | {"name": path.stem}
