# SPDX-License-Identifier: Apache-2.0
from pulsewright.flow.report.formal_table import SHOWN, WAYS, formal_table, netlist_table
from pulsewright.flow.steps.proofs_result import NetlistProven, ProofsResult, Proven
from pulsewright.sim.formal.symbiyosys import Mode

RESULT = ProofsResult(
    made_from={},
    engine="smtbmc z3 1.2",
    proofs=tuple(
        Proven(part="it", properties=name, mode=mode, depth=7, holds=name != "port", seconds=0.25)
        for name in SHOWN
        for mode in Mode
    ),
)


def test_every_proof_is_a_row_in_words() -> None:
    table = formal_table("tiny", RESULT)
    assert len(table.rows) == len(SHOWN) * len(Mode)
    assert table.rows[0] == (*("it", SHOWN["port"], WAYS[Mode.BMC], 7, "does not hold", 0.25),)
    assert {row[4] for row in table.rows[len(Mode) :]} == {"holds"}
    assert "smtbmc z3 1.2" in table.note
    assert "nothing is proven" not in table.note


def test_a_port_without_properties_is_told() -> None:
    behind = tuple(one for one in RESULT.proofs if one.properties != "port")
    table = formal_table("tiny", RESULT.model_copy(update={"proofs": behind}))
    assert "Of this port nothing is proven" in table.note


def test_a_netlist_that_is_not_proven_says_how_much_is_left() -> None:
    equal = NetlistProven(
        target="ecp5",
        registers=900,
        renamed=12,
        constant=3,
        lost=1,
        bits=1200,
        tried=40,
        seconds=3.25,
    )
    open_bits = equal.model_copy(
        update={"target": "generic", "undecided": ("a[0]",), "different": ("b[1]", "b[2]")}
    )
    table = netlist_table("tiny", RESULT.model_copy(update={"netlists": (equal, open_bits)}))
    assert table.rows[0] == ("ecp5", 900, 12, 3, 1, 1200, 40, "equal", 3.25)
    assert table.rows[1][7] == "3 bits not proven"
