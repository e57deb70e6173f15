# SPDX-License-Identifier: Apache-2.0
"""Plays traces written by hand to the rules of a bus."""

from types import SimpleNamespace

from pulsewright.sim.buses.rules.bus_rules import BusRules

Cycle = dict[str, int | None]


def play(rules: BusRules, signals: tuple[str, ...], *trace: Cycle) -> BusRules:
    """Each cycle names the signals that are not zero; `reset=1` is a cycle in reset."""
    for cycle in trace:
        assert cycle.keys() <= {*signals, "reset"}
        port = SimpleNamespace(**(dict.fromkeys(signals, 0) | cycle))
        if cycle.get("reset"):
            rules.reset(port)
        else:
            rules.cycle(port)
    return rules
