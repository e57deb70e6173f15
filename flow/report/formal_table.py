# SPDX-License-Identifier: Apache-2.0
"""What was proven of a coprocessor, as a table."""

from pulsewright.flow.report.result_table import Column, ResultTable, decimals, words
from pulsewright.flow.steps.proofs_result import ProofsResult
from pulsewright.sim.formal.symbiyosys import Mode

WAYS = {
    Mode.PROVE: "for ever, by induction",
    Mode.BMC: "every sequence from reset",
    Mode.COVER: "is reached",
}
WITHOUT_PORT = (
    " Of this port nothing is proven: properties are there of APB4, AXI4-Lite, OBI "
    "and Wishbone; the rules of the others are checked in simulation."
)
SHOWN = {
    "port": "the port keeps the rules of its bus",
    "registers": "every access does what the SystemRDL says, to every register",
    "held_by_jobs": "only what depends on jobs waits for them or is refused because of them",
    "interrupts": "no event is lost, and irq_o tells of every one",
    "job_queue": "no job is lost, none runs over another, numbers follow",
    "result_fifo": "each word comes out once, in order, as it went in",
    "stream": "a result that is offered stays until it is taken",
    "progress": "no deadlock: with no stall a result comes within a bound, whatever was before",
    "requantiser": "rounding and saturation as they are defined, for every accumulator",
    "multiplier": "factor, addend, rounding and saturation as they are defined, for every product",
}


def formal_table(name: str, result: ProofsResult) -> ResultTable:
    """One row a proof. name: the recipe's."""
    has_port = any(one.properties == "port" for one in result.proofs)
    return ResultTable(
        "proofs",
        f"{name}: proofs of the coprocessor's Verilog",
        (
            words("part", "part"),
            words("shown", "what"),
            words("how", "how"),
            Column("depth", "cycles"),
            words("verdict", "verdict"),
            Column("seconds", "s", decimals(1)),
        ),
        [
            (
                one.part,
                SHOWN[one.properties],
                WAYS[one.mode],
                one.depth,
                "holds" if one.holds else "does not hold",
                one.seconds,
            )
            for one in result.proofs
        ],
        f"By SymbiYosys with {result.engine}. Where something is reached, what is assumed leaves "
        f"room for it.{'' if has_port else WITHOUT_PORT}",
    )
