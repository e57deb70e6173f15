# SPDX-License-Identifier: Apache-2.0
"""What moved in a window of a simulation: edges of nets, and events of cells by conditions."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from pulsewright.synth.cells.cell_library import EDGES, Edge
from pulsewright.synth.cells.netlist import Netlist, net_text
from pulsewright.synth.energy.events import Event, events_of
from pulsewright.synth.energy.models import GateModel
from pulsewright.synth.energy.waveform import BoolArray, Changes, Times, Waveform


class CountedEvent(NamedTuple):
    """counts: how often it happened in each of its cases. net: that moved."""

    instance: str
    event: Event
    net: int
    counts: list[int]


class Activity:
    """What moved in the gates of a model from `start` on and before `stop`, in ps.

    settled_every: glitches are left out of each interval of so many ps; none are if None. edges: of
    each net, by kind. events: of all cells.

    Raises:
        PulsewrightError: a signal has no value then.
    """

    def __init__(
        self,
        netlist: Netlist,
        gates: GateModel,
        waveform: Waveform,
        start: int,
        stop: int,
        settled_every: int | None = None,
    ) -> None:
        self._gates, self._waveform, self._window = gates, waveform, (start, stop)
        self._settled_every = settled_every
        self._seen: dict[str, Changes] = {}
        self.edges: dict[tuple[int, Edge], int] = {
            (net, edge): len(self._changes(net_text(net)).edges(edge))
            for net in netlist.sinks
            for edge in EDGES
        }
        self.events = list(self._events(netlist))

    def _events(self, netlist: Netlist) -> Iterator[CountedEvent]:
        known: dict[str, list[Event]] = {}
        for name, instance in netlist.instances.items():
            cell = instance.cell
            if cell.name not in known:
                known[cell.name] = list(events_of(cell))
            for event in known[cell.name]:
                net = instance.nets.get(event.pin)
                if isinstance(net, int):
                    yield CountedEvent(name, event, net, self._cases(name, event, net))

    def _cases(self, instance: str, event: Event, net: int) -> list[int]:
        """Of the conditions the first counts that holds just before the event.

        Of the pin that moves they see what it became.
        """
        if event.is_unconditional:
            return [self.edges[net, event.edge]]
        moments = self._changes(net_text(net)).edges(event.edge)
        pins = self._pins(instance, event, moments)
        is_left = np.ones(len(moments), dtype=bool)
        counts = []
        for condition, _ in event.cases:
            holds = is_left & condition.over(pins, len(moments))
            counts.append(int(np.count_nonzero(holds)))
            is_left &= ~holds
        return counts

    def _pins(self, instance: str, event: Event, moments: Times) -> Callable[[str], BoolArray]:
        """Values of the instance's pins and state at these moments."""
        found = {event.pin: np.full(len(moments), event.edge == "rise")}

        def values(pin: str) -> BoolArray:
            if pin not in found:
                signal = self._gates.signal(instance, pin)
                if signal.startswith("1'b"):
                    found[pin] = np.full(len(moments), signal == "1'b1")
                else:
                    found[pin] = self._changes(signal).just_before(moments)
            return found[pin]

        return values

    def _changes(self, signal: str) -> Changes:
        found = self._seen.get(signal)
        if found is None:
            found = self._waveform.bit(signal).window(*self._window)
            if self._settled_every is not None:
                found = found.settled(self._settled_every)
            self._seen[signal] = found
        return found
