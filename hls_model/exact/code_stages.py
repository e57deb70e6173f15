# SPDX-License-Identifier: Apache-2.0
"""Quantisers one after the other, with no sums between them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.exact.affine import Affine
from pulsewright.hls_model.exact.requantised import ExactLayer
from pulsewright.hls_model.exact.staircase import Staircase
from pulsewright.hls_model.exact.surd import Surd


@dataclass(frozen=True)
class _Stage:
    """A quantiser of gain * code + shift, where the codes are those of the stage before."""

    gain: Surd
    shift: Surd
    staircase: Staircase


class CodeStages:
    """whole: all of them as one quantiser of what the first one takes."""

    def __init__(self, first: Staircase) -> None:
        self.whole = first
        self._stages = [_Stage(Surd.of(1), Surd.of(0), first)]

    @property
    def are_several(self) -> bool:
        """True if there is more than one quantiser."""
        return len(self._stages) > 1

    @property
    def first(self) -> Staircase:
        """The first quantiser alone."""
        return self._stages[0].staircase

    @property
    def last(self) -> Staircase:
        """The last quantiser alone."""
        return self._stages[-1].staircase

    def then(self, gain: Surd, shift: Surd, second: Staircase) -> None:
        """Quantise gain * code + shift again; gain: positive."""
        self.whole, last = self.whole.then(gain, shift, second)
        self._stages.append(_Stage(gain, shift, last))

    def clip(
        self, where: str, meaning: tuple[Surd, Surd], low: Fraction | None, high: Fraction | None
    ) -> None:
        """Clip what codes stand for to low..high. meaning: their gain and shift at present.

        Raises:
            PulsewrightError: gain or shift is a root, or an end lies between two codes.
        """
        gain, shift = meaning
        if not (gain.is_rational and shift.is_rational):
            raise PulsewrightError(
                f"{where} follows a factor that is a root after {self.whole.where}; "
                "put it before the factor"
            )
        last = self._stages[-1]
        whole, alone = (
            replace(one, gain=gain.rational, shift=shift.rational).clipped(low, high, where)
            for one in (self.whole, last.staircase)
        )
        self.whole = whole
        self._stages[-1] = replace(last, staircase=alone)

    def unit_layers(self, channels: int) -> Iterator[tuple[ExactLayer, Staircase, Staircase]]:
        """Layers that hand on codes, for the second quantiser and those behind it.

        Yields each with the quantiser before it and its own.
        """
        for before, stage in zip(self._stages, self._stages[1:], strict=False):
            layer = unit_layer(
                stage.staircase.where,
                Affine.uniform(channels, stage.gain, stage.shift),
                0,
                before.staircase.top,
            )
            yield layer, before.staircase, stage.staircase


def unit_layer(where: str, affine: Affine, low: int, high: int) -> ExactLayer:
    """A layer whose sums are its inputs, integers from low to high."""
    return ExactLayer(
        where,
        np.eye(affine.channels, dtype=np.int64),
        affine,
        low,
        high,
        (Surd.of(0),) * affine.channels,
    )
