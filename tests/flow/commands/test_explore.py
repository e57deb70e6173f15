# SPDX-License-Identifier: Apache-2.0
import json
from pathlib import Path

import pytest

from pulsewright.flow.recipe import load_recipe
from tests.flow.conftest import invoke
from tests.synth.mini_library import MINI_LIBRARY


def test_what_cannot_be_explored_is_refused_before_anything_is_made(recipe: Path) -> None:
    for arguments, words in (
        (("--pipelines", "flat"), "'flat' is no pipeline; give deep, shallow, or both"),
        (("--multipliers", "0"), "'0' is no number from 1 on"),
        (("--target", "spartan"), "--target 'spartan' is unknown"),
        (("--energy",), "--energy needs standard cells, not ecp5"),
    ):
        result = invoke("explore", recipe, *arguments, "--build", recipe.parent / "build")
        assert result.exit_code == 2
        assert words in " ".join(result.output.split())
        assert not (recipe.parent / "build").exists()


@pytest.mark.regression
def test_the_front_has_recipes(finished_copy: Path) -> None:
    liberty = finished_copy / "mini.lib"
    liberty.write_text(MINI_LIBRARY)
    result = invoke(
        *("explore", finished_copy / "tiny.toml", "--build", finished_copy / "build"),
        *("--liberty", liberty, "--multipliers", "2,35", "--json"),
    )
    assert result.exit_code == 0, result.output
    document = json.loads(result.stdout)
    (table,) = document["tables"]
    engines = [row for row in table["rows"] if row["design"] == "engine"]
    assert [(row["multipliers"], row["pipeline"]) for row in engines] == [
        (2, "deep"),
        (2, "shallow"),
        (35, "deep"),
        (35, "shallow"),
    ]
    # The smallest of all is on every front.
    assert min(engines, key=lambda row: row["kilo_gate_equivalents"])["on_front"]
    written = sorted(Path(document["files"]["recipes"]).glob("*.toml"))
    assert len(written) == sum(row["on_front"] for row in engines)
    for path in written:
        recipe = load_recipe(path)
        pair = (recipe.engine.multipliers, recipe.engine.pipeline)
        assert pair in [(row["multipliers"], row["pipeline"]) for row in engines if row["on_front"]]
