# SPDX-License-Identifier: Apache-2.0
"""A test bench that asks a coprocessor for inferences through any bus, then lets it idle."""

from collections.abc import Iterator, Sequence

from pulsewright.rtl.package.bench_access import access_lines
from pulsewright.rtl.package.design import PackagedDesign
from pulsewright.synth.energy.gate_run import BUSY, IDLE, PERIOD_PS, RESULTS, WAVES

WARM_ROWS = 2
# Of one word of reloadable weights, at most.
LOAD_CYCLES = 20
SETTLING_CYCLES, IDLE_CYCLES = 16, 64


Stores = Sequence[tuple[int, int]]


def bus_bench(design: PackagedDesign, rows: Sequence[Stores]) -> str:
    """Verilog of the module `bench` around a coprocessor, whose weights are loaded first.

    rows: of each inference the words that are stored, (address, word); the last one starts it.
    """
    return "\n".join((*_head(design, len(rows)), *_story(design, rows), "endmodule", ""))


def _head(design: PackagedDesign, rows: int) -> Iterator[str]:
    """Ports, clock, and tasks of the bus."""
    yield "`timescale 1ps/1ps"
    yield "module bench;"
    for port in design.ports:
        idle = design.protocol.idle.get(port.name, 0)
        kind = f"reg {port.vector}{port.name} = {idle};"
        yield f"  {kind}" if port.is_input else f"  wire {port.vector}{port.name};"
    yield "  integer cycles = 0, start, results, file; time since;"
    yield "  reg refused = 0; reg [31:0] read_data;"
    yield "  reg [3:0] byte_enable = 4'hf; reg identifier = 0;"
    joined = ", ".join(f".{port.name}({port.name})" for port in design.ports)
    yield f"  {design.coprocessor} dut ({joined});"
    yield f"  always #{PERIOD_PS // 2} clk_i = ~clk_i;"
    yield "  always @(posedge clk_i) cycles = cycles + 1;"
    read, write = design.protocol.read, design.protocol.write
    for task, given, access in (
        ("bus_read", "input [31:0] address", read),
        ("bus_write", "input [31:0] address, input [31:0] data", write),
    ):
        yield f"  task {task}({given}); begin"
        yield from (f"    {line}" for line in access_lines(access))
        yield "  end endtask"
    patience = 1000 + rows * (100 + 20 * design.folded.latency)
    patience += LOAD_CYCLES * len(design.weight_image)
    yield f"  initial begin repeat ({patience}) @(posedge clk_i); $finish; end"


def _story(design: PackagedDesign, rows: Sequence[Stores]) -> Iterator[str]:
    """Reset, weights, inferences, idle cycles."""
    registers = design.register_map
    yield "  initial begin"
    yield f'    results = $fopen("{RESULTS}", "w");'
    yield "    repeat (4) @(posedge clk_i); #1 rst_ni = 1; repeat (2) @(posedge clk_i); #1;"
    for address, word in design.weight_image:
        yield f"    bus_write({address}, 32'h{word:x});"
    yield f'    $dumpfile("{WAVES}"); $dumpvars(1, dut);'
    if not registers.infer_only:
        yield f"    bus_write({registers['AUTOTRIGGER'].address}, 1);"
    for number, stores in enumerate(rows):
        if number == WARM_ROWS:
            yield "    start = cycles; since = $time;"
        for address, word in stores:
            yield f"    bus_write({address}, 32'h{word:x});"
        for address in registers.result_addresses:
            yield f'    bus_read({address}); $fdisplay(results, "%h", read_data);'
    yield from _told(BUSY, "cycles - start")
    yield f"    repeat ({SETTLING_CYCLES}) @(posedge clk_i); since = $time;"
    yield f"    repeat ({IDLE_CYCLES}) @(posedge clk_i);"
    yield from _told(IDLE, str(IDLE_CYCLES))
    yield "    $finish;"
    yield "  end"


def _told(file: str, cycles: str) -> Iterator[str]:
    yield f'    file = $fopen("{file}", "w");'
    yield f'    $fdisplay(file, "%0d %0d %0d", {cycles}, since, $time);'
    yield "    $fclose(file);"
