# SPDX-License-Identifier: Apache-2.0
"""A test bench that asks a coprocessor for jobs through any bus, then lets it idle."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pulsewright.rtl.package.bench_access import access_lines
from pulsewright.rtl.package.design import PackagedDesign
from pulsewright.synth.energy.gate_run import BUSY, IDLE, PERIOD_PS, RESULTS, WAVES

# Of a store that waits for nothing, at most.
LOAD_CYCLES = 20
SETTLING_CYCLES, IDLE_CYCLES = 16, 64


Stores = Sequence[tuple[int, int]]


class Job(NamedTuple):
    """stores: (address, word) of each; the last one starts it. loads: addresses of its results."""

    stores: Stores
    loads: Sequence[int]


def bus_bench(
    design: PackagedDesign, jobs: Sequence[Job], warm: int, described: Stores = ()
) -> str:
    """Verilog of the module `bench` around a coprocessor, whose weights are loaded first.

    warm: jobs at the beginning that are not counted. described: stores before all of them.
    """
    patience = (
        1000
        + LOAD_CYCLES * (len(design.weight_image) + len(described))
        + sum(
            100 + 20 * design.folded.latency + len(job.loads) * (20 + 2 * design.folded.latency)
            for job in jobs
        )
    )
    story = _story(design, jobs, warm, described)
    return "\n".join((*_head(design, patience), *story, "endmodule", ""))


def _head(design: PackagedDesign, patience: int) -> Iterator[str]:
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
    yield f"  initial begin repeat ({patience}) @(posedge clk_i); $finish; end"


def _story(
    design: PackagedDesign, jobs: Sequence[Job], warm: int, described: Stores
) -> Iterator[str]:
    """Reset, weights, jobs, idle cycles."""
    registers = design.register_map
    yield "  initial begin"
    yield f'    results = $fopen("{RESULTS}", "w");'
    yield "    repeat (4) @(posedge clk_i); #1 rst_ni = 1; repeat (2) @(posedge clk_i); #1;"
    for address, word in (*design.weight_image, *described):
        yield f"    bus_write({address}, 32'h{word:x});"
    yield f'    $dumpfile("{WAVES}"); $dumpvars(1, dut);'
    if not registers.infer_only:
        yield f"    bus_write({registers['AUTOTRIGGER'].address}, 1);"
    for number, job in enumerate(jobs):
        if number == warm:
            yield "    start = cycles; since = $time;"
        for address, word in job.stores:
            yield f"    bus_write({address}, 32'h{word:x});"
        if design.options.max_wait is not None:
            # A load that waits for the inference may be refused.
            yield f"    repeat ({design.inference_cycles + 1}) @(posedge clk_i); #1;"
        for address in job.loads:
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
