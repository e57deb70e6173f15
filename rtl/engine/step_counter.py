# SPDX-License-Identifier: Apache-2.0
"""A counter of the steps of a fold, and constants selected by it."""

from collections.abc import Sequence

from amaranth import Const, Module, Mux, Signal, Value


class StepCounter:
    """Counts 0..steps-1 and wraps; a count of one step costs nothing."""

    def __init__(self, name: str, steps: int) -> None:
        self.steps = steps
        self.index: Value = Signal(range(steps), name=name) if steps > 1 else Const(0, 1)
        self.first: Value = Const(1, 1)
        self.last: Value = Const(1, 1)
        self.advances: Value = Const(0, 1)
        self.next: Value = Const(0, 1)
        if steps > 1:
            self.first = self.index == 0
            self.last = Signal(name=f"{name}_is_last")
            self.next = Mux(self.last, 0, (self.index + 1)[: len(self.index)])

    def advance(self, m: Module, enable: Value) -> None:
        """Count one step in every cycle in which `enable` is high."""
        self.advances = enable
        if self.steps > 1:
            m.d.comb += self.last.eq(self.index == self.steps - 1)
            with m.If(enable):
                m.d.sync += self.index.eq(self.next)


def select(index: Value, choices: Sequence[Value]) -> Value:
    """The choice numbered `index`, as a tree of multiplexers; one choice alone needs no logic.

    The lowest index bit, which a counter flips most often, is at the root: a step changes one
    multiplexer near the output and leaves the rest of the tree still.
    """
    if len(choices) == 1:
        return choices[0]
    even, odd = choices[::2], choices[1::2]
    return Mux(index[0], select(index[1:], odd), select(index[1:], even))
