# SPDX-License-Identifier: Apache-2.0
"""Amaranth's own simulator: a design elaborated once for several runs, inputs set together."""

import random
from collections.abc import Callable, Iterable
from typing import Any

from amaranth import Cat, Elaboratable, Module, Signal, Value
from amaranth.sim import Simulator

Testbench = Callable[[Any], Any]


def simulator_of(design: Elaboratable, clocked: bool = True) -> Simulator:
    m = Module()
    m.submodules.design = design
    if clocked:
        # A design without a register would have no clock to count cycles by.
        beat = Signal()
        m.d.sync += beat.eq(~beat)
    simulator = Simulator(m)
    if clocked:
        simulator.add_clock(1e-6)
    return simulator


def run(design: Elaboratable, *testbenches: Testbench, clocked: bool = True) -> None:
    simulator = simulator_of(design, clocked=clocked)
    for testbench in testbenches:
        simulator.add_testbench(testbench)
    simulator.run()


class Simulation:
    """A design that is elaborated for its first run alone; every run starts from reset."""

    def __init__(self, design: Elaboratable) -> None:
        self._design = design
        self._simulator: Simulator | None = None
        self._testbench: Testbench | None = None

    def run(self, testbench: Testbench) -> None:
        self._testbench = testbench
        simulator = self._simulator
        # What a failed testbench still waits for would wake the next.
        self._simulator = None
        if simulator is None:
            simulator = simulator_of(self._design)
            simulator.add_testbench(self._current)
        else:
            simulator.reset()
        simulator.run()
        self._simulator = simulator

    async def _current(self, ctx: Any) -> None:
        assert self._testbench is not None
        await self._testbench(ctx)


def set_together(ctx: Any, values: Iterable[tuple[Any, int]]) -> None:
    """Set each signal to its value, where `ctx.set` for one after another settles after each."""
    targets: list[Value] = []
    word = place = 0
    for signal, value in values:
        target = Value.cast(signal)
        targets.append(target)
        word |= (int(value) & ((1 << len(target)) - 1)) << place
        place += len(target)
    ctx.set(Cat(*targets), word)


def set_noise(ctx: Any, draw: random.Random, signals: Iterable[Any]) -> None:
    """Set every signal to random bits."""
    set_together(ctx, [(signal, draw.getrandbits(len(signal))) for signal in signals])


def set_members(ctx: Any, port: Any, values: dict[str, int]) -> None:
    """Set members of a port together, by name."""
    set_together(ctx, ((getattr(port, name), value) for name, value in values.items()))
