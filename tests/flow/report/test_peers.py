# SPDX-License-Identifier: Apache-2.0
from pulsewright.flow.report.peers import known_peers, peer_table
from pulsewright.synth.cells.technology import TECHNOLOGIES
from pulsewright.synth.fpga.targets import FPGA_TARGETS

A1 = (6, 64, 1)
TARGETS = (*FPGA_TARGETS, *TECHNOLOGIES)


def test_peers_are_those_of_the_target_and_the_sizes() -> None:
    assert known_peers("ecp5_85k", [(6, 5, 1)]) == []
    assert known_peers("liberty_0123", [A1]) == []
    found = known_peers("ecp5_25k", [(6, 5, 1), A1])
    assert {one.sizes for one in found} == {A1}
    assert all(one.luts_with_carries for one in found)
    gates = known_peers("sg13g2_ungated", [A1])
    assert all(one.kilo_gate_equivalents and one.picojoule for one in gates)


def test_every_peer_says_where_it_comes_from_and_has_an_area() -> None:
    every = [(target, one) for target in TARGETS for one in known_peers(target, [A1])]
    assert {target for target, _ in every} == {"ecp5", "xc7", "sg13g2"}
    for target, one in every:
        assert one.source
        is_cells = target in TECHNOLOGIES
        assert (one.kilo_gate_equivalents is not None) == is_cells
        assert (one.luts_with_carries is not None) != is_cells
        # Without a placement there is no clock.
        assert one.kind != "estimated" or one.megahertz is None


def test_the_table_has_the_sources() -> None:
    assert peer_table([]) is None
    table = peer_table(known_peers("sg13g2", [A1]))
    assert table is not None
    rows = table.document["rows"]
    assert isinstance(rows, list)
    assert all(row["source"] and row["kind"] == "measured" for row in rows)
