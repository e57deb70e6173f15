# SPDX-License-Identifier: Apache-2.0
"""How devices of a population rise with the pulses, as a table: what a device's gain scales."""

from typing import Annotated, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from pulsewright.hls_model.closed_loop.logarithm import OCTAVE, log2
from pulsewright.hls_model.reference.fixed_point import IntegerArray

# The table has eight entries an octave of 1 + N.
STEP_BITS = 9
STEP = 1 << STEP_BITS
# Values are in units of 2**-15 of the rise over all pulses.
UNIT_BITS = 15
LARGEST_VALUE = 2**16 - 1
# 65536 pulses.
MOST_ENTRIES = 16 * OCTAVE // STEP + 2


class Population(BaseModel):
    """The rise of the usual device, 0 before the first pulse, in units of 2**-15.

    rise: at every eighth of an octave of 1 + N, from 0, strictly rising, 0 to 65535.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    rise: Annotated[tuple[int, ...], Field(min_length=2, max_length=MOST_ENTRIES)]

    @model_validator(mode="after")
    def _rises(self) -> Self:
        steps = np.diff(self.rise)
        if self.rise[0] != 0 or (steps < 1).any() or self.rise[-1] > LARGEST_VALUE:
            raise ValueError(
                f"a table of rises that goes from {self.rise[0]} to {self.rise[-1]} with a least "
                f"step of {steps.min()}; it has to rise from 0 to {LARGEST_VALUE} at the most"
            )
        return self

    def rise_at(self, place: IntegerArray) -> IntegerArray:
        """The rise after `place` pulses, any shape; beyond the table its last value."""
        table = np.array(self.rise)
        octaves = np.minimum(log2(1 + place), STEP * (len(table) - 1))
        entry = np.minimum(octaves >> STEP_BITS, len(table) - 2)
        between = octaves - (entry << STEP_BITS)
        risen: IntegerArray = table[entry] + (
            (table[entry + 1] - table[entry]) * between >> STEP_BITS
        )
        return risen

    def octaves_to(self, rise: IntegerArray) -> IntegerArray:
        """log2(1 + N) at which the rise is reached, rounded down, at least 1; any shape."""
        table = np.array(self.rise)
        inside = np.clip(rise, 0, table[-1])
        entry = np.minimum(np.searchsorted(table, inside, side="right") - 1, len(table) - 2)
        step = table[entry + 1] - table[entry]
        octaves = (entry << STEP_BITS) + ((inside - table[entry]) << STEP_BITS) // step
        found: IntegerArray = np.maximum(octaves, 1)
        return found
