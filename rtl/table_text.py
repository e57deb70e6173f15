# SPDX-License-Identifier: Apache-2.0
"""Verilog-2005 of tables of constants: combinational, with a register, and from a file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil

from pulsewright.rtl.table_options import WeightMemory

HEX_FOLDER = "HEX_FOLDER"
DEFAULT_HEX_FOLDER = "hex/"

# `rom_style` is Vivado's word, `romstyle` Quartus', `syn_romstyle` Synplify's; Yosys knows all.
# There is no word for logic in Vivado's: what it calls distributed is RAM to Yosys.
_ATTRIBUTES: dict[WeightMemory, str] = {
    "auto": "",
    "logic": '(* romstyle = "logic", syn_romstyle = "logic" *) ',
    "block_ram": '(* rom_style = "block" *) ',
}


@dataclass(frozen=True)
class Table:
    """words: unsigned, of `width` bits; at least two. Indices past the last do not occur."""

    index_bits: int
    width: int
    words: Sequence[int]

    @property
    def hex_text(self) -> str:
        """The words as $readmemh reads them, one a line."""
        return "".join(f"{self._digits(word)}\n" for word in self.words)

    def _digits(self, word: int) -> str:
        return f"{word:0{ceil(self.width / 4)}x}"

    def cases(self, target: str) -> Iterator[str]:
        """Branches of a case that give `target` the words; of an unknown index an unknown one."""
        for number, word in enumerate(self.words):
            yield f"{self.index_bits}'d{number}: {target}{self.width}'h{self._digits(word)};"
        yield f"default: {target}{self.width}'h{'x' * ceil(self.width / 4)};"


def combinational_text(table: Table, module: str) -> str:
    """The table as `module` with ports index and word, latency 0.

    A function, because a continuous assignment is evaluated at time zero everywhere, and a case,
    which synthesis takes for a table and people can read. Indices past the last word are left to
    synthesis.
    """
    lines = [
        f"// A table of {len(table.words)} constants. Latency 0 cycles.",
        f"module {module} (",
        f"  input wire {_range(table.index_bits)}index,",
        f"  output wire {_range(table.width)}word",
        ");",
        f"  function {_range(table.width)}word_at;",
        f"    input {_range(table.index_bits)}step;",
        "    case (step)",
        *(f"      {line}" for line in table.cases("word_at = ")),
        "    endcase",
        "  endfunction",
        "  assign word = word_at(index);",
        "endmodule",
    ]
    return "\n".join(lines) + "\n"


def registered_text(table: Table, module: str, memory: WeightMemory) -> str:
    """The table as `module` with a register that loads a word, latency 1.

    Without an initial block, so that an ASIC has the same contents as an FPGA.
    """
    return _registered(
        table,
        module,
        head=[f"module {module} ("],
        register=f"{_ATTRIBUTES[memory]}output reg",
        body=[
            "  always @(posedge clk)",
            "    if (load)",
            "      case (index)",
            *(f"        {line}" for line in table.cases("word <= ")),
            "      endcase",
        ],
    )


def file_text(table: Table, module: str, memory: WeightMemory) -> str:
    """The table as `module` that reads `<module>.hex` from the folder HEX_FOLDER, latency 1.

    The parameter ends with a slash; what is relative, a simulator takes from where it runs.
    """
    return _registered(
        table,
        module,
        head=[
            f"module {module} #(",
            f'  parameter {HEX_FOLDER} = "{DEFAULT_HEX_FOLDER}"',
            ") (",
        ],
        register="output reg",
        body=[
            f"  {_ATTRIBUTES[memory]}reg {_range(table.width)}words [0:{len(table.words) - 1}];",
            f'  initial $readmemh({{{HEX_FOLDER}, "{module}.hex"}}, words);',
            "  always @(posedge clk)",
            "    if (load) word <= words[index];",
        ],
    )


def _registered(table: Table, module: str, head: list[str], register: str, body: list[str]) -> str:
    lines = [
        f"// A table of {len(table.words)} constants and a register. Latency 1 cycle.",
        *head,
        "  input wire clk,",
        "  input wire load,",
        f"  input wire {_range(table.index_bits)}index,",
        f"  {register} {_range(table.width)}word",
        ");",
        *body,
        "endmodule",
    ]
    return "\n".join(lines) + "\n"


def _range(width: int) -> str:
    return f"[{width - 1}:0] " if width > 1 else ""
