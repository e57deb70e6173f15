# SPDX-License-Identifier: Apache-2.0
"""What was proven of a coprocessor, as a table."""

from pulsewright.flow.report.result_table import Column, ResultTable, decimals, words
from pulsewright.flow.steps.proofs_result import NetlistProven, ProofsResult
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


def netlist_table(name: str, result: ProofsResult) -> ResultTable:
    """One row a netlist. name: the recipe's."""
    return ResultTable(
        "netlists",
        f"{name}: netlists against the coprocessor's Verilog",
        (
            words("target", "mapped to"),
            Column("registers", "register bits"),
            Column("renamed", "found without their names"),
            Column("constant", "constant"),
            Column("lost", "left out"),
            Column("bits", "bits compared"),
            Column("tried", "of them with all values"),
            words("verdict", "verdict"),
            Column("seconds", "s", decimals(1)),
        ),
        [
            (
                one.target,
                *(one.registers, one.renamed, one.constant, one.lost, one.bits, one.tried),
                netlist_verdict(one),
                one.seconds,
            )
            for one in result.netlists
        ],
        "What registers take, their resets and all outputs are compared for every state and every "
        "input, by SAT, and with all values where that is quicker. Where the Verilog says x, the "
        "netlist may have any value.",
    )


def netlist_verdict(one: NetlistProven) -> str:
    """In words."""
    open_bits = len(one.undecided) + len(one.different)
    return "equal" if one.holds else f"{open_bits} bits not proven"
