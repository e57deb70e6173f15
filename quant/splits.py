# SPDX-License-Identifier: Apache-2.0
"""Ways to hold rows back for the test: by row, by curve, by parameter set, by session."""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.quant.datasets.pulse_curves import PulseCurves
from pulsewright.quant.datasets.sessions import sessions

# The published code draws a quarter of the rows for its test.
TEST_FRACTION = 0.25
VALIDATION_FRACTION = 0.1


class SplitKind(StrEnum):
    """What is drawn as a whole.

    ROWS is what the published code does: neighbours on one curve fall on both sides, so it asks
    for interpolation alone. CURVES asks for a curve not seen, PARAMETER_SETS for pulse settings
    not seen, SESSIONS for a device and a sitting not seen. Sessions are an inference (`sessions`),
    and curves may have one alone, so that this split is made only where it is asked for.
    """

    ROWS = "rows"
    CURVES = "curves"
    PARAMETER_SETS = "parameter_sets"
    SESSIONS = "sessions"


COMMON_KINDS = (SplitKind.ROWS, SplitKind.CURVES, SplitKind.PARAMETER_SETS)
"""Splits of any curves."""


class Split(NamedTuple):
    """Row numbers, ascending; every row is in exactly one part."""

    train: IntegerArray
    validation: IntegerArray
    test: IntegerArray


def split(
    curves: PulseCurves,
    kind: SplitKind,
    seed: int,
    test_fraction: float = TEST_FRACTION,
    validation_fraction: float = VALIDATION_FRACTION,
) -> Split:
    """Draw the test part, then the validation part from what remains.

    test_fraction: of all rows, or of all curves, 0..1 exclusive.
    validation_fraction: of what remains once the test part is taken, 0..1 exclusive.

    Parameter sets and sessions are drawn whole until they hold the wanted fraction of the curves.
    A set that holds more than half of all curves (148 of 266 in the measurements) always stays in
    training and is not counted: drawn, it alone would be the test, and counted, it would have more
    than half of all other settings held back. The test is then some 30 curves of 22 settings, so
    its error varies much from seed to seed.

    Raises:
        PulsewrightError: a fraction is out of range, the seed negative, or a part stays empty.
    """
    _check_arguments(seed, test_fraction, validation_fraction)
    generator = np.random.default_rng(seed)
    if kind is SplitKind.PARAMETER_SETS:
        group_of_row = curves.parameter_set_index
        test, validation = _draw_sets(
            curves.parameter_set, generator, test_fraction, validation_fraction
        )
    elif kind is SplitKind.SESSIONS:
        session = sessions(curves)
        group_of_row = session[curves.curve_index]
        test, validation = _draw_sets(session, generator, test_fraction, validation_fraction)
    else:
        group_of_row = curves.curve_index if kind is SplitKind.CURVES else np.arange(curves.rows)
        order = generator.permutation(int(group_of_row[-1]) + 1)
        tested = round(len(order) * test_fraction)
        validated = round((len(order) - tested) * validation_fraction)
        test, validation = order[:tested], order[tested : tested + validated]
    in_test = np.isin(group_of_row, test)
    in_validation = np.isin(group_of_row, validation)
    parts = Split(
        train=np.flatnonzero(~in_test & ~in_validation),
        validation=np.flatnonzero(in_validation),
        test=np.flatnonzero(in_test),
    )
    _check_parts(parts, curves, kind)
    return parts


def _check_parts(parts: Split, curves: PulseCurves, kind: SplitKind) -> None:
    if any(part.size == 0 for part in parts):
        raise PulsewrightError(
            f"split by {kind.value} of {curves.curves} curves in "
            f"{_number_of_groups(curves, kind)} gives {parts.train.size} "
            f"training, {parts.validation.size} validation and {parts.test.size} test rows; "
            "add curves or change the fractions"
        )


def _number_of_groups(curves: PulseCurves, kind: SplitKind) -> str:
    if kind is SplitKind.SESSIONS:
        return f"{int(sessions(curves).max()) + 1} sessions"
    return f"{int(curves.parameter_set.max()) + 1} parameter sets"


def _check_arguments(seed: int, test_fraction: float, validation_fraction: float) -> None:
    for name, fraction in (("test", test_fraction), ("validation", validation_fraction)):
        if not 0 < fraction < 1:
            raise PulsewrightError(
                f"{name} fraction is {fraction}; choose a number between 0 and 1, both excluded"
            )
    if seed < 0:
        raise PulsewrightError(f"seed is {seed}; choose 0 or more")


def _draw_sets(
    set_of_curve: IntegerArray,
    generator: np.random.Generator,
    test_fraction: float,
    validation_fraction: float,
) -> tuple[IntegerArray, IntegerArray]:
    """Numbers of the test and the validation sets."""
    sizes = np.bincount(set_of_curve)
    drawable = np.flatnonzero(sizes <= len(set_of_curve) / 2)
    order = generator.permutation(drawable)
    test = _whole_sets(order, sizes, test_fraction * sizes[order].sum())
    remaining = order[len(test) :]
    validation = _whole_sets(remaining, sizes, validation_fraction * sizes[remaining].sum())
    return test, validation


def _whole_sets(
    order: Iterable[int], sizes: npt.NDArray[np.intp], wanted_curves: float
) -> IntegerArray:
    """Take the shortest beginning of `order` that holds the wanted number of curves."""
    chosen: list[int] = []
    held = 0
    for number in order:
        if held >= wanted_curves:
            break
        chosen.append(number)
        held += int(sizes[number])
    return np.array(chosen, dtype=np.int64)
