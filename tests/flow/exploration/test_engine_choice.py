# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest

from pulsewright.flow.exploration.engine_choice import (
    EngineAxes,
    EngineChoice,
    parse_curves,
    parse_pipelines,
    parse_weights,
)
from pulsewright.flow.recipe import load_recipe
from pulsewright.hls_model.errors import PulsewrightError

ALL = EngineAxes(
    None,
    ("deep", "shallow"),
    ("constant", "reloadable"),
    (False, True),
    ("inferences", "piecewise_linear"),
)


def test_axes_are_read_each_value_once() -> None:
    assert parse_pipelines("shallow, deep,deep") == ("deep", "shallow")
    assert parse_weights("reloadable") == ("reloadable",)
    assert parse_curves("piecewise_linear,inferences") == ("inferences", "piecewise_linear")


@pytest.mark.parametrize(
    ("parse", "text", "words"),
    [
        (parse_pipelines, "deep,flat", "'flat' is no pipeline; give deep, shallow, or both"),
        (parse_weights, "fixed", "'fixed' is no kind of weights; give constant, reloadable"),
        (parse_curves, "", "'' is no way to compute curves; give inferences, piecewise_linear"),
    ],
)
def test_what_an_axis_has_not_is_refused(parse: object, text: str, words: str) -> None:
    assert callable(parse)
    with pytest.raises(PulsewrightError, match=words):
        parse(text)


def test_every_combination_is_a_choice_and_knots_have_one_folding() -> None:
    choices = list(ALL.choices((6, 5, 1)))
    # 2, 4, 8, 16, 32 and 35 multipliers in both pipelines.
    assert len(choices) == 2 * 2 * (6 * 2 + 1)
    assert len({(one.folder(one.multipliers or 0)) for one in choices}) == len(choices)
    assert len({one.name(None) for one in choices}) == len(choices)


def test_an_incremental_engine_takes_its_inputs_in_steps(recipe: Path) -> None:
    loaded = load_recipe(recipe)
    chosen = EngineChoice(12, "shallow", incremental=True).applied(loaded, None)
    assert chosen.folded.incremental
    assert chosen.folded.layers[0].shallow
    assert chosen.folded.layers[0].input_steps > 1
    assert chosen.folded.multipliers <= 12
    # What was there before is left out, and the rest stays.
    assert chosen.folding == ()
    assert chosen.training == loaded.training


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        (EngineChoice(1, "shallow"), "a shallow pipeline beside multipliers = 1"),
        (
            EngineChoice(None, curve="piecewise_linear"),
            'set activations = "accumulator"',
        ),
        (
            EngineChoice(None, weights="reloadable", curve="piecewise_linear"),
            'weights = reloadable beside curve = "piecewise_linear"',
        ),
        (
            EngineChoice(None, incremental=True, curve="piecewise_linear"),
            'incremental = True beside curve = "piecewise_linear"',
        ),
    ],
)
def test_what_cannot_be_is_told_why(choice: EngineChoice, words: str, recipe: Path) -> None:
    with pytest.raises(PulsewrightError, match=words):
        choice.applied(load_recipe(recipe), None)
