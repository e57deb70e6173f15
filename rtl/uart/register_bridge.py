# SPDX-License-Identifier: Apache-2.0
"""Carries out what a host asks on a serial line: one access to the register bus for each frame."""

from collections.abc import Mapping
from enum import IntEnum

from amaranth import Cat, Module, Mux, Signal, Value
from amaranth.lib.wiring import In, Out

from pulsewright.hls_model.words import WHOLE_WORD, WORD_BITS
from pulsewright.rtl.attachments.held_request import is_misaligned
from pulsewright.rtl.module_component import ModuleComponent
from pulsewright.rtl.registers.register_bus import RegisterBus
from pulsewright.rtl.registers.register_map import ADDRESS_BITS
from pulsewright.rtl.uart.crc16 import Crc16
from pulsewright.rtl.uart.frames import (
    ADDRESS_BYTES,
    CRC_BYTES,
    DATA_BYTES,
    SEQUENCE_BYTES,
    Answer,
    Request,
)
from pulsewright.rtl.uart.receiver import BIT_CYCLES_WIDTH, DATA_BITS, UartReceiver
from pulsewright.rtl.uart.silence import SILENCE_CYCLES_WIDTH, SilenceTimer
from pulsewright.rtl.uart.transmitter import UartTransmitter

LONGEST_REQUEST = Request.WRITE.fields + CRC_BYTES
LONGEST_ANSWER = 1 + Answer.READ.fields + CRC_BYTES
# Bytes that are left when it is the sequence number's turn.
SEQUENCE_LEFT = SEQUENCE_BYTES + CRC_BYTES


class State(IntEnum):
    """What the bridge waits for."""

    REQUEST = 0
    FIELDS = 1
    CHECKED = 2
    ACCESS = 3
    ANSWER = 4
    SILENCE = 5


class RegisterBridge(ModuleComponent):
    """A manager of the register bus whose orders are frames of `rtl/uart/frames.py`.

    Attributes:
        rx, tx: the serial line from and to the host.
        bit_cycles: clock cycles of a bit, 4 or more; does not change.
        silence_cycles: clock cycles without a start bit after which it begins again; does not
            change.
        bus: the registers.
        refused_at_port: an access to an address outside the bus or misaligned is refused in this
            cycle, without being presented on it.
        listening: the last frame was whole and its CRC right.

    A frame with a wrong CRC, of an unknown kind, broken off or with a broken byte changes nothing
    and is not answered; then the bridge waits for silence, as it does if bytes come while it
    answers. A request with the sequence number of the one before is answered as that was, without
    another access, so that a host may repeat one whose answer was lost; to synchronise is carried
    out always, and makes its number the one before.

    Latency: an access is presented 2 cycles after the last byte of a frame, its answer begins 2
    cycles after its end. Throughput one access in the bits of its two frames.
    """

    def __init__(self, address_bits: int = ADDRESS_BITS) -> None:
        super().__init__(
            {
                "rx": In(1),
                "tx": Out(1),
                "bit_cycles": In(BIT_CYCLES_WIDTH),
                "silence_cycles": In(SILENCE_CYCLES_WIDTH),
                "bus": Out(RegisterBus(address_bits)),
                "refused_at_port": Out(1),
                "listening": Out(1),
            }
        )
        self._state = Signal(State, name="state")
        self._kind = Signal(DATA_BITS, name="kind")
        self._data = Signal(WORD_BITS, name="data")
        self._address = Signal(ADDRESS_BYTES * DATA_BITS, name="address")
        self._sequence = Signal(DATA_BITS, name="sequence")
        self._bytes_left = Signal(range(LONGEST_REQUEST + 1), name="bytes_left")
        self._answer = Signal(DATA_BITS, name="answer")
        self._answered = Signal(name="answered")
        self._answered_sequence = Signal(DATA_BITS, name="answered_sequence")
        self._answer_data = Signal(WORD_BITS, name="answer_data")

    @property
    def comment(self) -> str:
        """See `ModuleComponent`."""
        return (
            "Manager of the register bus whose orders are checked frames on a serial line.\n"
            "An access is presented 2 cycles after the last byte of its frame; its answer begins 2 "
            "cycles after its end."
        )

    def elaborate(self, platform: object) -> Module:
        """Build the logic."""
        m = self.module()
        m.submodules.receiver = receiver = UartReceiver()
        m.submodules.transmitter = transmitter = UartTransmitter()
        m.submodules.silence_timer = silence = SilenceTimer()
        m.submodules.check = check = Crc16()
        within = {state: Signal(name=f"in_{state.name.lower()}") for state in State}
        m.d.comb += [
            *(signal.eq(self._state == state) for state, signal in within.items()),
            receiver.rx.eq(self.rx),
            receiver.bit_cycles.eq(self.bit_cycles),
            transmitter.bit_cycles.eq(self.bit_cycles),
            self.tx.eq(transmitter.tx),
            silence.line.eq(receiver.line),
            silence.silence_cycles.eq(self.silence_cycles),
        ]
        self._check(m, within, receiver, transmitter, check)
        spoiled = self._spoiled(m, within, receiver)
        self._present(m, within[State.ACCESS])
        self._show_answer(m, within[State.ANSWER], transmitter, check)
        with m.If(within[State.REQUEST]):
            self._take_kind(m, receiver)
        with m.Elif(within[State.FIELDS]):
            self._take_fields(m, receiver, silence.silent)
        with m.Elif(within[State.CHECKED]):
            self._obey(m, check.crc == 0)
        with m.Elif(within[State.ACCESS]):
            self._end_access(m)
        with m.Elif(within[State.ANSWER]):
            self._send(m, transmitter.ready, spoiled)
        with m.Elif(silence.silent):
            m.d.sync += self._state.eq(State.REQUEST)
        return m

    def _check(
        self,
        m: Module,
        within: Mapping[State, Signal],
        receiver: UartReceiver,
        transmitter: UartTransmitter,
        check: Crc16,
    ) -> None:
        """Let the CRC follow the bytes that come, and those that go."""
        coming = Signal()
        going = Signal()
        answers = within[State.ANSWER]
        m.d.comb += [
            coming.eq(receiver.valid & (within[State.REQUEST] | within[State.FIELDS])),
            going.eq(transmitter.ready & answers & (self._bytes_left > CRC_BYTES)),
            check.restart.eq(within[State.REQUEST] | within[State.CHECKED]),
            check.valid.eq(coming | going),
            check.data.eq(Mux(answers, transmitter.data, receiver.data)),
        ]

    def _spoiled(self, m: Module, within: Mapping[State, Signal], receiver: UartReceiver) -> Signal:
        """High if bytes came that were not waited for, until there was silence."""
        spoiled = Signal()
        disturbed = Signal()
        m.d.comb += disturbed.eq(
            (receiver.valid | receiver.broken) & (within[State.ACCESS] | within[State.ANSWER])
        )
        with m.If(disturbed):
            m.d.sync += spoiled.eq(1)
        with m.Elif(within[State.SILENCE]):
            m.d.sync += spoiled.eq(0)
        return spoiled

    def _present(self, m: Module, accesses: Signal) -> None:
        m.d.comb += [
            self.bus.valid.eq(accesses),
            self.bus.address.eq(self._address),
            self.bus.write.eq(self._kind == Request.WRITE),
            self.bus.byte_enable.eq(WHOLE_WORD),
            self.bus.write_data.eq(self._data),
        ]

    def _show_answer(
        self, m: Module, answers: Signal, transmitter: UartTransmitter, check: Crc16
    ) -> None:
        """The byte of the answer by how many are left."""
        m.d.comb += transmitter.valid.eq(answers)
        data_bytes = (self._answer_data.word_select(i, DATA_BITS) for i in range(DATA_BYTES))
        in_order = (
            self._answer,
            *data_bytes,
            self._answered_sequence,
            check.crc[DATA_BITS:],
            check.crc[:DATA_BITS],
        )
        # A switch of these cases would be a function in Verilog, which Icarus 11 does not take.
        for left, byte in zip(range(LONGEST_ANSWER, 0, -1), in_order, strict=True):
            with m.If(self._bytes_left == left):
                m.d.comb += transmitter.data.eq(byte)

    def _begin_again(self, m: Module) -> None:
        m.d.sync += [self._state.eq(State.SILENCE), self.listening.eq(0)]

    def _take_kind(self, m: Module, receiver: UartReceiver) -> None:
        known = Signal()
        m.d.comb += known.eq(Cat(receiver.data == kind for kind in Request).any())
        with m.If(receiver.broken | (receiver.valid & ~known)):
            self._begin_again(m)
        with m.Elif(receiver.valid):
            m.d.sync += [self._kind.eq(receiver.data), self._state.eq(State.FIELDS)]
            for kind in Request:
                with m.If(receiver.data == kind):
                    m.d.sync += self._bytes_left.eq(kind.fields + CRC_BYTES)

    def _take_fields(self, m: Module, receiver: UartReceiver, silent: Value) -> None:
        with m.If(receiver.broken | silent):
            self._begin_again(m)
        with m.Elif(receiver.valid):
            m.d.sync += self._bytes_left.eq(self._bytes_left - 1)
            with m.If(self._bytes_left > CRC_BYTES):
                # They come in from above: the sequence number, always the last, stays there.
                fields = Cat(self._data, self._address, self._sequence)
                m.d.sync += fields.eq(Cat(fields[DATA_BITS:], receiver.data))
            with m.If(self._bytes_left == 1):
                m.d.sync += self._state.eq(State.CHECKED)

    def _obey(self, m: Module, right: Value) -> None:
        """Of a whole frame."""
        repeated = Signal()
        outside = Signal()
        misaligned = is_misaligned(m, self._address)
        m.d.comb += [
            repeated.eq(self._answered & (self._sequence == self._answered_sequence)),
            outside.eq(misaligned | self._address[len(self.bus.address) :].any()),
        ]
        with m.If(~right):
            self._begin_again(m)
        with m.Else():
            m.d.sync += self.listening.eq(1)
            with m.If(self._kind == Request.SYNCHRONISE):
                self._answer_with(m, Answer.SYNCHRONISED)
            with m.Elif(repeated):
                self._answer_with(m, self._answer)
            with m.Elif(outside):
                m.d.comb += self.refused_at_port.eq(1)
                self._answer_with(m, Answer.REFUSED)
            with m.Else():
                m.d.sync += self._state.eq(State.ACCESS)

    def _end_access(self, m: Module) -> None:
        with m.If(self.bus.ready):
            m.d.sync += self._answer_data.eq(self.bus.read_data)
            done = Mux(self.bus.write, Answer.WRITTEN, Answer.READ)
            self._answer_with(m, Mux(self.bus.error, Answer.REFUSED, done))

    def _answer_with(self, m: Module, kind: int | Value) -> None:
        m.d.sync += [
            self._answer.eq(kind),
            self._answered.eq(1),
            self._answered_sequence.eq(self._sequence),
            self._bytes_left.eq(LONGEST_ANSWER),
            self._state.eq(State.ANSWER),
        ]

    def _send(self, m: Module, taken: Value, spoiled: Value) -> None:
        """Count the bytes of the answer; only that of a word that was read has data."""
        without_data = (self._bytes_left == LONGEST_ANSWER) & (self._answer != Answer.READ)
        with m.If(taken):
            m.d.sync += self._bytes_left.eq(Mux(without_data, SEQUENCE_LEFT, self._bytes_left - 1))
            with m.If(self._bytes_left == 1):
                with m.If(spoiled):
                    self._begin_again(m)
                with m.Else():
                    m.d.sync += self._state.eq(State.REQUEST)
