# SPDX-License-Identifier: Apache-2.0
"""How the words of an input vector stand in the rows that layer 1 reads."""

from dataclasses import dataclass
from math import ceil, gcd

from pulsewright.hls_model.schedule.weight_window import power_of_two
from pulsewright.hls_model.words import WORD_BITS


@dataclass(frozen=True)
class RowLayout:
    """Rows of a memory that hold `words` words, and the steps in them.

    A step takes `step_bits`, and begins at any multiple of `unit_bits` of a row of `row_bits`, the
    least power of two of words that holds a step. Steps of a power of two of bits never cross the
    end of a row; others do (`crosses`), and find the rows with an even and an odd number in two
    memories.
    """

    step_bits: int
    words: int

    @property
    def row_bits(self) -> int:
        """Bits of a row, a power of two of words."""
        return max(WORD_BITS, power_of_two(self.step_bits))

    @property
    def row_words(self) -> int:
        """Words of a row."""
        return self.row_bits // WORD_BITS

    @property
    def rows(self) -> int:
        """Rows of one vector."""
        return ceil(self.words / self.row_words)

    @property
    def unit_bits(self) -> int:
        """What the places of all steps are multiples of: gcd(step_bits, row_bits)."""
        return gcd(self.step_bits, self.row_bits)

    @property
    def units(self) -> int:
        """Places of a row at which a step may begin, a power of two."""
        return self.row_bits // self.unit_bits

    @property
    def crosses(self) -> bool:
        """True if a step may stand in two rows."""
        return self.rows > 1 and self.row_bits % self.step_bits != 0
