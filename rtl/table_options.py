# SPDX-License-Identifier: Apache-2.0
"""How the large tables of constants are written, those of weights above all."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

# From this size on, a table has its register in its own module, as block RAM has. It is one block
# of iCE40, the smallest, and where Yosys takes one of ECP5 and iCE40 for a table by itself.
LARGE_TABLE_BITS = 4096
# Below this size a block is wasted even on those who ask for it.
SMALLEST_BLOCK_BITS = 1024

WeightMemory = Literal["auto", "logic", "block_ram"]


class TableOptions(BaseModel):
    """Of constants that are read row by row with a register behind them.

    memory: what large ones become in an FPGA: the synthesis' own choice, logic, or block RAM.
    Without block RAM, as in an ASIC, all of them are logic, unless they are files.
    files: all of them are `.hex` files that $readmemh reads. An ASIC flow drops such contents.

    The bits and the cycles are the same in any case.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    memory: WeightMemory = "auto"
    files: bool = False

    def has_register(self, words: int, width: int) -> bool:
        """True if a table of `words` words of `width` bits has its register in its own module."""
        least = SMALLEST_BLOCK_BITS if self.memory == "block_ram" else LARGE_TABLE_BITS
        return words > 1 and (self.files or words * width >= least)

    def memory_of(self, words: int, width: int) -> WeightMemory:
        """What synthesis is told of such a table."""
        return self.memory if words * width >= SMALLEST_BLOCK_BITS else "auto"
