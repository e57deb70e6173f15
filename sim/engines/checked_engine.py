# SPDX-License-Identifier: Apache-2.0
"""One engine of a simulation of many: its Verilog, its vectors, and the results expected."""

from dataclasses import dataclass, field
from functools import cached_property

from pulsewright.hls_model.reference.fixed_point import FixedPoint, IntegerArray
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.rtl.table_options import TableOptions
from pulsewright.rtl.top import StreamTop
from pulsewright.rtl.verilog.writer import VerilogFiles, verilog_files


@dataclass(frozen=True)
class CheckedEngine:
    """The engine of a network with constant weights, and rows (rows, inputs) of its codes.

    stalled_rows: of these, how many come again with idle cycles and backpressure. tables: how its
    constants are written.
    """

    model: IntegerMlp
    folded: FoldedEngine
    codes: IntegerArray
    stalled_rows: int = 0
    tables: TableOptions = field(default_factory=TableOptions)

    def verilog(self, name: str) -> VerilogFiles:
        """The engine as module `name`."""
        return verilog_files(StreamTop(self.model, self.folded), name, tables=self.tables)

    @property
    def vector_bits(self) -> int:
        """Width of the input vectors."""
        return self.model.input_format.width * self.model.sizes[0]

    @property
    def result_bits(self) -> int:
        """Width of the result vectors."""
        return self.model.output_format.width * self.model.outputs

    @property
    def vector_words(self) -> str:
        """The vectors for $readmemh."""
        return _hexadecimal(self.codes, self.model.input_format)

    @cached_property
    def result_words(self) -> str:
        """What the integer model makes of them."""
        return _hexadecimal(self.model.infer(self.codes), self.model.output_format)

    @property
    def patience(self) -> int:
        """Cycles within which it must be done: a stalled row takes less than twice its interval."""
        rows, interval = len(self.codes), self.folded.initiation_interval
        return 2000 + 4 * self.folded.latency + (interval + 2) * (rows + 4 * self.stalled_rows)


def _hexadecimal(rows: IntegerArray, number_format: FixedPoint) -> str:
    """One word a row, the first value in its lowest bits."""
    width = number_format.width
    mask = (1 << width) - 1
    words = [
        sum((value & mask) << (width * place) for place, value in enumerate(row))
        for row in rows.tolist()
    ]
    return "".join(f"{word:x}\n" for word in words)


def top_level(engines: list[CheckedEngine]) -> str:
    """Verilog of module `checked_engines`, which is done when all of `engines` are."""
    lines = [
        "module checked_engines (input wire clk_i, input wire rst_ni, output wire done_o);",
        f"    wire [{len(engines) - 1}:0] done;",
        "    assign done_o = &done;",
    ]
    for number, engine in enumerate(engines):
        lines += _instances(number, engine)
    return "\n".join([*lines, "endmodule", ""])


def _instances(number: int, engine: CheckedEngine) -> list[str]:
    vector, result = engine.vector_bits - 1, engine.result_bits - 1
    return [
        f"    wire vector_valid_{number}, vector_ready_{number};",
        f"    wire result_valid_{number}, result_ready_{number};",
        f"    wire [{vector}:0] vector_{number};",
        f"    wire [{result}:0] result_{number};",
        f"    engine_{number} engine_{number} (.clk_i(clk_i), .rst_ni(rst_ni),",
        f"        .vector_valid_i(vector_valid_{number}), .vector_ready_o(vector_ready_{number}),",
        f"        .vector_data_i(vector_{number}),",
        f"        .result_valid_o(result_valid_{number}), .result_ready_i(result_ready_{number}),",
        f"        .result_data_o(result_{number}));",
        f"    engine_check #(.NUMBER({number}), .VECTOR_BITS({vector + 1}),",
        f"        .RESULT_BITS({result + 1}), .ROWS({len(engine.codes)}),",
        f"        .STALLED_ROWS({engine.stalled_rows}),",
        f"        .INTERVAL({engine.folded.initiation_interval}),",
        f'        .VECTORS("vectors_{number}.hex"), .RESULTS("results_{number}.hex"))',
        f"    check_{number} (.clk_i(clk_i), .rst_ni(rst_ni),",
        f"        .vector_valid_o(vector_valid_{number}), .vector_ready_i(vector_ready_{number}),",
        f"        .vector_data_o(vector_{number}),",
        f"        .result_valid_i(result_valid_{number}), .result_ready_o(result_ready_{number}),",
        f"        .result_data_i(result_{number}), .done_o(done[{number}]));",
    ]
