# SPDX-License-Identifier: Apache-2.0
import pytest

from pulsewright.sim.axi_stream.rules import AxiStreamRules

Cycle = tuple[int | None, ...]


def watched(*cycles: Cycle) -> AxiStreamRules:
    """Cycles of valid, ready, last, data."""
    rules = AxiStreamRules("m_axis")
    for cycle in cycles:
        rules.cycle(*cycle)
    return rules


def test_transfers_and_packets_are_counted() -> None:
    rules = watched((1, 0, 0, 5), (1, 1, 0, 5), (0, 1, None, None), (1, 1, 1, 7), (1, 1, 1, 8))
    assert (rules.transfers, rules.packets) == (3, 2)


@pytest.mark.parametrize(
    ("cycles", "message"),
    [
        (((1, 0, 0, 5), (0, 1, 0, 5)), "TVALID was retracted"),
        (((1, 0, 0, 5), (1, 1, 0, 6)), "the payload changed"),
        (((1, 0, 0, 5), (1, 1, 1, 5)), "the payload changed"),
        (((None, 0, 0, 5),), "TVALID is unknown"),
        (((1, 1, None, 5),), "unknown bits are offered"),
        (((1, 1, 0, None),), "unknown bits are offered"),
        (((1, None, 0, 5),), "TREADY is unknown"),
    ],
)
def test_a_broken_rule_is_told(cycles: tuple[Cycle, ...], message: str) -> None:
    with pytest.raises(AssertionError, match=f"m_axis: {message}"):
        watched(*cycles)


def test_nothing_is_offered_in_reset_and_a_reset_takes_an_offer_back() -> None:
    rules = watched((1, 0, 0, 5))
    rules.reset(0)
    rules.cycle(0, 0, None, None)
    with pytest.raises(AssertionError, match="TVALID is 1 in reset"):
        rules.reset(1)
