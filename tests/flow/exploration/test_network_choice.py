# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest

from pulsewright.flow.exploration.network_choice import (
    network_choices,
    network_name,
    parse_bits,
    parse_networks,
)
from pulsewright.flow.recipe import load_recipe
from pulsewright.hls_model.errors import PulsewrightError


def names(recipe: Path, networks: str | None, bits: str | None) -> list[str]:
    loaded = load_recipe(recipe)
    choices = network_choices(
        [] if networks is None else parse_networks(networks),
        [] if bits is None else parse_bits(bits),
    )
    return [network_name(one.applied(loaded)) for one in choices]


def test_without_axes_the_network_is_that_of_the_recipe(recipe: Path) -> None:
    assert names(recipe, None, None) == ["6-5-1 W8A8"]
    (choice,) = network_choices([], [])
    assert choice.applied(load_recipe(recipe)) == load_recipe(recipe)


def test_networks_are_presets_the_tiny_one_or_sizes(recipe: Path) -> None:
    found = names(recipe, "a1, Tiny,6-16-8-1,6-4-1:log,tiny:affine", None)
    assert found == [
        "6-64-1 W8A8",
        "6-5-3-1 log W8A8",
        "6-16-8-1 W8A8",
        "6-4-1 log W8A8",
        "6-5-3-1 W8A8",
    ]


def test_a_coding_that_is_not_named_is_that_of_the_recipe(recipe: Path) -> None:
    text = recipe.read_text().replace("hidden = [5]", 'hidden = [5]\npulse_number = "log"')
    recipe.write_text(text)
    assert names(recipe, "6-4-1,6-4-1:affine", None) == ["6-4-1 log W8A8", "6-4-1 W8A8"]
    assert names(recipe, None, "4") == ["6-5-1 log W4A4"]


def test_every_network_has_every_pair_of_widths(recipe: Path) -> None:
    found = names(recipe, "6-4-1,6-3-1", "4,3:8,8:accumulator,4:4")
    assert found == [
        f"{network} {widths}"
        for network in ("6-4-1", "6-3-1")
        for widths in ("W4A4", "W3A8", "W8-accumulator")
    ]


def test_widths_that_are_not_named_stay(recipe: Path) -> None:
    recipe.write_text(recipe.read_text() + '[bits]\ninputs = 6\nweight_scales = "per_channel"\n')
    (choice,) = network_choices([], parse_bits("4"))
    bits = choice.applied(load_recipe(recipe)).bits
    assert (bits.inputs, bits.weight_scales, bits.weights) == (6, "per_channel", 4)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a9", "'a9' is no network; give a1, a2, a3, tiny, or sizes such as 6-16-1"),
        ("6-1", "'6-1' is no network"),
        ("", "'' is no network"),
        ("6-0-1", "'6-0-1' is no network"),
        ("5-4-1", "5-4-1 has 5 inputs and 1 outputs, and curves 6 and 1"),
        ("a1:sqrt", "'sqrt' is no coding of the pulse number"),
    ],
)
def test_what_is_no_network_is_refused(text: str, words: str) -> None:
    with pytest.raises(PulsewrightError, match=words):
        parse_networks(text)


@pytest.mark.parametrize("text", ["1", "9", "", "4:", ":4", "4:9", "accumulator", "8/8"])
def test_what_is_no_width_is_refused(text: str) -> None:
    with pytest.raises(PulsewrightError, match="is no width; give 2 to 8 for weights and"):
        parse_bits(text)


def test_widths_by_layer_fit_no_other_number_of_layers(recipe: Path) -> None:
    recipe.write_text(recipe.read_text() + "[bits]\nweights = [8, 4]\n")
    with pytest.raises(PulsewrightError, match="2 weight widths"):
        names(recipe, "6-4-3-1", None)


def test_too_many_trainings_are_refused() -> None:
    widths = parse_bits("2,3,4,5,6,7,8")
    networks = parse_networks("6-2-1,6-3-1,6-4-1,6-5-1,6-6-1")
    with pytest.raises(PulsewrightError, match="ask for 35 trainings; give 32 at most"):
        network_choices(networks, widths)
