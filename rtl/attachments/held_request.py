# SPDX-License-Identifier: Apache-2.0
"""The request of a protocol that grants an access before its register is ready."""

from amaranth import Module, Signal, Value
from amaranth.lib import wiring


class HeldRequest:
    """The fields of a request: those on the port, or those that were granted and have to wait.

    fields: names of members of `port`; each is an attribute here. granted: a request is taken in
    this cycle. waiting: one was taken and is not done. done: it ends in this cycle. going: there is
    one, on the port or kept.
    """

    def __init__(self, m: Module, port: wiring.PureInterface, fields: tuple[str, ...]) -> None:
        self.granted = Signal(name="granted")
        self.waiting = Signal(name="waiting")
        self.done = Signal(name="done")
        self.going = Signal(name="going")
        holds = Signal(name="holds")
        m.d.comb += [
            self.granted.eq(port.req & port.gnt),
            self.going.eq(self.waiting | self.granted),
            holds.eq(self.granted & ~self.done),
        ]
        m.d.sync += self.waiting.eq(self.going & ~self.done)
        self._fields: dict[str, Signal] = {}
        for field in fields:
            arriving = getattr(port, field)
            kept = Signal.like(arriving, name=f"kept_{field}", reset_less=True)
            self._fields[field] = Signal.like(arriving, name=f"request_{field}")
            with m.If(self.waiting):
                m.d.comb += self._fields[field].eq(kept)
            with m.Else():
                m.d.comb += self._fields[field].eq(arriving)
            with m.If(holds):
                m.d.sync += kept.eq(arriving)

    def __getitem__(self, field: str) -> Signal:
        return self._fields[field]


def is_misaligned(m: Module, address: Value) -> Signal:
    """True if a byte address is not that of a word."""
    misaligned = Signal(name="misaligned")
    m.d.comb += misaligned.eq(address[:2].any())
    return misaligned
