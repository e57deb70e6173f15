# SPDX-License-Identifier: Apache-2.0
"""Networks that an exploration trains: layer sizes, the coding of the pulse number, and widths."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, get_args

from pulsewright.flow.foldings import changed_recipe
from pulsewright.flow.inputs.shipped_recipes import recipe_path
from pulsewright.flow.recipe import Recipe, load_recipe
from pulsewright.flow.recipe_sections import NetworkSection
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.presets import INPUTS, OUTPUTS, PRESETS
from pulsewright.hls_model.shortened import shortened
from pulsewright.quant.curve_sources import PulseNumberMap
from pulsewright.quant.settings import ACCUMULATOR

# The smallest network that was found to be no worse than the published one.
TINY, TINY_RECIPE = "tiny", "tiny_int8"
CODINGS: tuple[PulseNumberMap, ...] = get_args(PulseNumberMap)
MOST_NETWORKS = 32
_WIDTH = re.compile(r"[2-8]")
_SIZES = re.compile(r"[1-9]\d{0,3}(-[1-9]\d{0,3}){2,17}")


@dataclass(frozen=True)
class NetworkChoice:
    """network, bits: keys of the recipe's sections; None where they are left as they are.

    A network that says no coding of the pulse number has that of the recipe.
    """

    network: dict[str, Any] | None
    bits: dict[str, Any] | None

    def applied(self, recipe: Recipe) -> Recipe:
        """The recipe with this network, folded with one multiplier a layer.

        Raises:
            PulsewrightError: the two do not go together.
        """
        if self.network is None and self.bits is None:
            return recipe
        own = recipe.trained
        network = own.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
        if self.network is not None:
            network = {"pulse_number": own.pulse_number} | self.network
        layers = len(NetworkSection(**network).sizes) - 1
        changed = changed_recipe(
            recipe,
            {
                "network": network,
                "bits": self.bits or {},
                "engine": {"multipliers": layers},
            },
        )
        changed.bits.check_layers(layers)
        return changed

    @property
    def name(self) -> str:
        """What the user asked for, where no recipe with it tells its `network_name`."""
        asked = {**(self.network or {}), **(self.bits or {})}
        return " ".join(f"{key} {value}" for key, value in asked.items())


def network_choices(
    networks: Sequence[dict[str, Any]], bits: Sequence[dict[str, Any]]
) -> list[NetworkChoice]:
    """Every network with every pair of widths; empty axes leave what the recipe has.

    Raises:
        PulsewrightError: there are more than 32.
    """
    sections, widths = [None] if not networks else [*networks], [None] if not bits else [*bits]
    every = [NetworkChoice(*pair) for pair in product(sections, widths)]
    if len(every) > MOST_NETWORKS:
        raise PulsewrightError(
            f"--networks and --bits ask for {len(every)} trainings; give {MOST_NETWORKS} at most"
        )
    return every


def network_name(recipe: Recipe) -> str:
    """Sizes, the coding of the pulse number where it is a table, and widths: "6-5-3-1 log W6A8"."""
    sizes = "-".join(map(str, recipe.sizes))
    if recipe.network is None:
        return sizes
    bits, coding = recipe.bits, recipe.network.pulse_number
    activations = "-accumulator" if bits.keeps_accumulators else f"A{_widths(bits.activations)}"
    words = (sizes, "" if coding == "affine" else coding, f"W{_widths(bits.weights)}{activations}")
    return " ".join(filter(None, words))


def _widths(widths: object) -> str:
    return "-".join(map(str, widths)) if isinstance(widths, tuple) else str(widths)


def parse_networks(text: str) -> list[dict[str, Any]]:
    """[network] sections of a text such as "a1,tiny,6-16-1:log", each once.

    Raises:
        PulsewrightError: a part of it is no network.
    """
    return _each(text, _network)


def _network(part: str, text: str) -> dict[str, Any]:
    words, colon, coding = part.partition(":")
    if colon and coding not in CODINGS:
        raise _refused(text, f"{shortened(coding)} is no coding of the pulse number")
    coded = {"pulse_number": coding} if colon else {}
    if words.lower() == TINY:
        tiny = load_recipe(recipe_path(TINY_RECIPE)).trained
        return {"hidden": list(tiny.hidden), "pulse_number": tiny.pulse_number} | coded
    if words.upper() in PRESETS:
        return {"preset": words.upper()} | coded
    if not _SIZES.fullmatch(words):
        raise _refused(text, f"{shortened(words)} is no network")
    first, *hidden, last = map(int, words.split("-"))
    if (first, last) != (INPUTS, OUTPUTS):
        raise _refused(
            text,
            f"{words} has {first} inputs and {last} outputs, and curves {INPUTS} and {OUTPUTS}",
        )
    return {"hidden": hidden} | coded


def _refused(text: str, reason: str) -> PulsewrightError:
    return PulsewrightError(
        f"--networks {shortened(text)}: {reason}; give {', '.join(PRESETS).lower()}, {TINY}, or "
        "sizes such as 6-16-1, with :log or :affine behind for another coding of the pulse number"
    )


def parse_bits(text: str) -> list[dict[str, Any]]:
    """Keys of [bits] of a text such as "4,8,4:8,8:accumulator", each once.

    Raises:
        PulsewrightError: a part of it is no pair of widths.
    """
    return _each(text, _bits)


def _bits(part: str, text: str) -> dict[str, Any]:
    weights, colon, activations = part.partition(":")
    if not colon:
        activations = weights
    known = _WIDTH.fullmatch(activations) or (colon and activations == ACCUMULATOR)
    if not _WIDTH.fullmatch(weights) or not known:
        raise PulsewrightError(
            f"--bits {shortened(text)}: {shortened(part)} is no width; give 2 to 8 for weights and "
            f"activations, weights:activations such as 4:8, or 8:{ACCUMULATOR}"
        )
    return {
        "weights": int(weights),
        "activations": activations if activations == ACCUMULATOR else int(activations),
    }


def _each(text: str, parsed: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for part in text.split(","):
        one = parsed(part.strip(), text)
        if one not in found:
            found.append(one)
    return found
