# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest

from pulsewright.flow.build_folder import file_digest
from pulsewright.flow.steps.rtl import arithmetic_units
from tests.flow.conftest import invoke
from tests.models import changed, fold_model, random_model


def test_the_same_recipe_gives_the_same_verilog(finished: Path, recipe: Path) -> None:
    build = recipe.parent / "build"
    assert invoke("rtl", recipe, "--build", build).exit_code == 0
    for name in ("tiny_obi.v", "tiny_engine.v", "tiny_registers.h"):
        first = finished / "build" / "tiny" / "rtl" / name
        assert file_digest(build / "tiny" / "rtl" / name) == file_digest(first)


@pytest.mark.regression
@pytest.mark.parametrize(
    ("bus", "port", "engine"),
    [
        pytest.param("apb", "apb_psel_i", 'weights = "reloadable"', marks=pytest.mark.regression),
        ("pcpi", "pcpi_insn_i", "incremental = true"),
    ],
)
def test_another_attachment_and_engine_are_generated_and_simulated(
    bus: str, port: str, engine: str, finished_copy: Path
) -> None:
    recipe, build = finished_copy / "tiny.toml", finished_copy / "build"
    with recipe.open("a", encoding="utf-8") as file:
        file.write(f'\n[attachment]\nbus = "{bus}"\n[engine]\n{engine}\n')
    result = invoke("sim", recipe, "--build", build)
    assert result.exit_code == 0, result.output
    text = (build / "tiny" / "rtl" / f"tiny_{bus}.v").read_text()
    assert f"module tiny_{bus} (" in text
    assert port in text
    assert (build / "tiny" / "sim" / "icarus" / bus / "results.xml").exists()
    assert "0 mismatches" in result.output


def test_layers_of_one_step_have_adders_in_the_place_of_multipliers() -> None:
    """7 a + 7 b = (a + b) * 7: two additions."""
    model = random_model((2, 3, 1))
    first = changed(model.layers[0], weights=[[7, 7], [0, 0], [-14, -14]])
    model = changed(model, layers=(first, model.layers[1]))
    foldings = [(3, 2), (1, 2)]
    assert (
        arithmetic_units(model, fold_model(model, foldings)) == "2 multipliers, 2 adders in graphs"
    )
    folded = fold_model(model, [(1, 2), (1, 2)])
    assert arithmetic_units(model, folded) == "4 multipliers"
    reloadable = fold_model(model, foldings, reloadable=True)
    assert arithmetic_units(model, reloadable) == "8 multipliers"


def test_multipliers_of_requantisers_are_counted_apart() -> None:
    model = random_model((3, 4, 2), multipliers=7)
    folded = fold_model(model, [(2, 2), (1, 2)])
    assert arithmetic_units(model, folded) == "6 multipliers, 2 more in requantisers"
    folded = fold_model(model, [(4, 3), (1, 2)])
    assert arithmetic_units(model, folded).endswith(" adders in graphs, 4 more in requantisers")
