# SPDX-License-Identifier: Apache-2.0
"""The platform that a design is elaborated for when it becomes Verilog."""

from collections.abc import Sequence
from math import ceil

from amaranth import Instance, Signal


class VerilogPlatform:
    """Keeps the constants of the design out of the netlist and writes them itself.

    Amaranth's netlist holds every bit of a constant as an object, which took most of the time of
    writing a network of 9000 weights; and what Yosys makes of a table is no table to read.
    """

    ROM_PREFIX = "pulsewright_rom_"

    def __init__(self) -> None:
        self._roms: dict[str, tuple[int, int, Sequence[int]]] = {}

    def rom(self, index: Signal, word: Signal, words: Sequence[int]) -> Instance:
        """An instance of a module whose text `rom_text` gives; `word` = words[index]."""
        name = f"{self.ROM_PREFIX}{len(self._roms)}"
        self._roms[name] = (len(index), len(word), words)
        return Instance(name, i_index=index, o_word=word)

    def rom_text(self, name: str, module: str) -> str:
        """Verilog-2005 of the table with the provisional name `name` as module `module`.

        A function, because a continuous assignment is evaluated at time zero everywhere, and a
        case, which synthesis takes for a table and people can read. Indices past the last word
        do not occur; they are left to synthesis.
        """
        index_bits, width, words = self._roms[name]
        digits = ceil(width / 4)
        lines = [
            f"// A table of {len(words)} constants. Latency 0 cycles.",
            f"module {module} (",
            f"  input wire {_range(index_bits)}index,",
            f"  output wire {_range(width)}word",
            ");",
            f"  function {_range(width)}word_at;",
            f"    input {_range(index_bits)}step;",
            "    case (step)",
            *(
                f"      {index_bits}'d{step}: word_at = {width}'h{word:0{digits}x};"
                for step, word in enumerate(words)
            ),
            f"      default: word_at = {width}'h{'x' * digits};",
            "    endcase",
            "  endfunction",
            "  assign word = word_at(index);",
            "endmodule",
        ]
        return "\n".join(lines) + "\n"


def _range(width: int) -> str:
    return f"[{width - 1}:0] " if width > 1 else ""
