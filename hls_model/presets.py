# SPDX-License-Identifier: Apache-2.0
"""The networks of Spetzler et al., APL Mach. Learn. 3, 026103 (2025), Table II."""

import itertools

from pulsewright.hls_model.errors import PulsewrightError

INPUTS, OUTPUTS = 6, 1
# Hidden layers as in the published code; the text counts one more (docs/decisions.md).
PRESETS: dict[str, tuple[int, ...]] = {
    "A1": (6, 64, 1),
    "A2": (6, 64, 64, 1),
    "A3": (6, 64, 64, 64, 1),
}


def preset_sizes(name: str) -> tuple[int, ...]:
    """Layer sizes of a preset: inputs first, outputs last.

    Raises:
        PulsewrightError: no such preset.
    """
    try:
        return PRESETS[name]
    except KeyError:
        raise PulsewrightError(
            f"unknown network preset {name!r}; choose one of {', '.join(PRESETS)} "
            "or give hidden sizes"
        ) from None


def sizes_with_hidden(hidden: tuple[int, ...]) -> tuple[int, ...]:
    """The six pulse parameters, these hidden neurons, and the read current."""
    return (INPUTS, *hidden, OUTPUTS)


def multiply_accumulates(sizes: tuple[int, ...]) -> int:
    """MAC of one inference of dense layers with these sizes, 448 for A1."""
    return sum(inputs * neurons for inputs, neurons in itertools.pairwise(sizes))
