# SPDX-License-Identifier: Apache-2.0
"""The request of a protocol that grants an access before its register is ready."""

from collections.abc import Mapping

from amaranth import Module, Mux, Signal, Value, ValueLike
from amaranth.lib import wiring


class HeldRequest:
    """The fields of a request: those on the port, or those that were granted and have to wait.

    fields: by name, as they are on the port; each is an attribute here. room: there is, for the
    answer; a request is kept until then. granted: a request is taken in this cycle. waiting: one
    was taken and is not done. done: it ends in this cycle. going: there is one, on the port or
    kept, and room for its answer.
    """

    def __init__(
        self,
        m: Module,
        port: wiring.PureInterface,
        fields: Mapping[str, Value],
        room: ValueLike = 1,
    ) -> None:
        self.granted = Signal(name="granted")
        self.waiting = Signal(name="waiting")
        self.done = Signal(name="done")
        self.going = Signal(name="going")
        m.d.comb += [
            self.granted.eq(port.req & port.gnt),
            self.going.eq((self.waiting | self.granted) & room),
        ]
        m.d.sync += self.waiting.eq((self.waiting | self.granted) & ~self.done)
        self._fields: dict[str, Signal] = {}
        for field, arriving in fields.items():
            kept = Signal(arriving.shape(), name=f"kept_{field}", reset_less=True)
            self._fields[field] = Signal(arriving.shape(), name=f"request_{field}")
            m.d.comb += self._fields[field].eq(Mux(self.waiting, kept, arriving))
            # Whether it has to wait is known too late to choose by.
            with m.If(self.granted):
                m.d.sync += kept.eq(arriving)

    def __getitem__(self, field: str) -> Signal:
        return self._fields[field]


def is_misaligned(m: Module, address: Value) -> Signal:
    """True if a byte address is not that of a word."""
    misaligned = Signal(name="misaligned")
    m.d.comb += misaligned.eq(address[:2].any())
    return misaligned


def answer_register(m: Module, read: Value, done: ValueLike, empty: ValueLike) -> Signal:
    """A register that takes what was `read`, or 0 if `empty`, in a cycle with `done`.

    empty: from the end of a long path; so it clears the register, and is not ahead of its data.
    """
    answer = Signal(read.shape(), name="answer", reset_less=True)
    with m.If(done & empty):
        m.d.sync += answer.eq(0)
    with m.Elif(done):
        m.d.sync += answer.eq(read)
    return answer
