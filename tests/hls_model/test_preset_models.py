# SPDX-License-Identifier: Apache-2.0
import tomllib
from pathlib import Path

import pytest

from pulsewright.hls_model.activity.engine import engine_activity
from pulsewright.hls_model.activity.operations import OperationKind
from pulsewright.hls_model.preset_models import PRESET_FOLDINGS, preset_engine, preset_model
from pulsewright.hls_model.reference.reloadable import reloadable_formats
from pulsewright.hls_model.schedule.workload import full_inference
from tests.models import fold_model, random_model

RECIPES = Path(__file__).resolve().parents[2] / "recipes"


@pytest.mark.parametrize("name", PRESET_FOLDINGS)
def test_foldings_are_those_of_the_recipes(name: str) -> None:
    recipe = tomllib.loads((RECIPES / f"{name.lower()}_int8.toml").read_text())
    foldings = tuple((one["pe"], one["simd"]) for one in recipe["folding"])
    assert foldings == PRESET_FOLDINGS[name]
    assert recipe["bits"] == {"weights": 8, "activations": 8, "inputs": 8}


@pytest.mark.parametrize(("name", "products"), [("A1", 448), ("A2", 4544), ("A3", 8640)])
def test_products_are_half_of_the_papers_flop(name: str, products: int) -> None:
    engine = preset_engine(name)
    activity = engine_activity(preset_model(name), engine, full_inference(engine))
    assert activity.count(OperationKind.MULTIPLY) == products


def test_counts_are_those_of_any_network_of_the_formats() -> None:
    """Accumulators hold 6 * 127 * 128 and twice that with a bias, whatever the weights are."""
    other = random_model((6, 64, 1), seed=5)
    engine = fold_model(other, PRESET_FOLDINGS["A1"], reloadable=True)
    assert engine == preset_engine("A1")
    work = full_inference(engine)
    assert engine_activity(other, engine, work) == engine_activity(preset_model("A1"), engine, work)
    assert reloadable_formats(preset_model("A1")).layers[0].accumulator_format.width == 19
