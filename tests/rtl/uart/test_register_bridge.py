# SPDX-License-Identifier: Apache-2.0
"""Frames written out by hand, and what the register bus sees of them."""

from binascii import crc_hqx
from typing import Any, NamedTuple

import pytest

from pulsewright.rtl.uart.register_bridge import RegisterBridge
from tests.rtl.simulation import simulator_of
from tests.rtl.uart.serial_bits import receive, send

CYCLES = 4
SILENCE = 100
ADDRESS_BITS = 13
WORD = 0x8765_4321


class Seen(NamedTuple):
    """write: the word, or None of a read."""

    address: int
    write: int | None


def checked(frame: bytes) -> bytes:
    return frame + crc_hqx(frame, 0xFFFF).to_bytes(2, "big")


def read(address: int, sequence: int) -> bytes:
    return checked(b"R" + address.to_bytes(3, "little") + bytes([sequence]))


def write(address: int, word: int, sequence: int) -> bytes:
    data = word.to_bytes(4, "little") + address.to_bytes(3, "little")
    return checked(b"W" + data + bytes([sequence]))


def synchronise(sequence: int) -> bytes:
    return checked(b"S" + bytes([sequence]))


def read_answer(sequence: int) -> bytes:
    return checked(b"r" + WORD.to_bytes(4, "little") + bytes([sequence]))


class Board:
    """A bridge and registers that answer after `waits` cycles, refusing if `error`.

    sent: bytes that came back. seen: accesses. refused: that never reached the bus.
    """

    def __init__(self, waits: int = 3, error: bool = False) -> None:
        self.bridge = RegisterBridge(ADDRESS_BITS)
        self.waits, self.error = waits, error
        self.sent = b""
        self.seen: list[Seen] = []
        self.refused = 0
        self.listening = False

    def run(self, *requests: bytes, gap: int = 100 * CYCLES + SILENCE, stop: int = 1) -> "Board":
        """Send them, `gap` cycles after each other."""

        async def host(ctx: Any) -> None:
            ctx.set(self.bridge.bit_cycles, CYCLES)
            ctx.set(self.bridge.silence_cycles, SILENCE)
            ctx.set(self.bridge.rx, 1)
            await ctx.tick().repeat(3)
            for request in requests:
                await send(ctx, self.bridge.rx, request, CYCLES, stop)
                await ctx.tick().repeat(gap)
            await ctx.tick().repeat(100 * CYCLES + SILENCE + self.waits)
            self.listening = bool(ctx.get(self.bridge.listening))

        simulator = simulator_of(self.bridge)
        simulator.add_testbench(host)
        simulator.add_testbench(self._answers, background=True)
        simulator.add_testbench(self._registers, background=True)
        simulator.run()
        return self

    async def _answers(self, ctx: Any) -> None:
        while True:
            self.sent += bytes([await receive(ctx, self.bridge.tx, CYCLES)])

    async def _registers(self, ctx: Any) -> None:
        bus, waited = self.bridge.bus, 0
        ctx.set(bus.read_data, WORD)
        ctx.set(bus.error, self.error)
        while True:
            self.refused += ctx.get(self.bridge.refused_at_port)
            presented = ctx.get(bus.valid)
            answers = presented and waited == self.waits
            ctx.set(bus.ready, answers)
            waited = waited + 1 if presented and not answers else 0
            if answers:
                assert ctx.get(bus.byte_enable) == 0xF
                word = ctx.get(bus.write_data) if ctx.get(bus.write) else None
                self.seen.append(Seen(ctx.get(bus.address), word))
            await ctx.tick()


@pytest.mark.parametrize("waits", [0, 1, 40])
def test_an_access_is_carried_out_and_answered(waits: int) -> None:
    board = Board(waits).run(read(0x10, 5), write(0x1FFC, 0xDEAD_BEEF, 6), synchronise(7))
    assert board.seen == [Seen(0x10, None), Seen(0x1FFC, 0xDEAD_BEEF)]
    assert board.sent == read_answer(5) + checked(b"w\x06") + checked(b"s\x07")
    assert board.listening
    assert board.refused == 0


def test_a_refused_access_is_answered_as_such() -> None:
    board = Board(error=True).run(read(0x10, 5), write(0x14, 1, 6))
    assert board.sent == checked(b"e\x05") + checked(b"e\x06")


@pytest.mark.parametrize("address", [0x11, 0x12, 0x13, 0x2000, 0x80_0000])
def test_addresses_that_are_no_words_of_the_bus_never_reach_it(address: int) -> None:
    board = Board().run(read(address, 5), write(address, 1, 6))
    assert board.sent == checked(b"e\x05") + checked(b"e\x06")
    assert board.seen == []
    assert board.refused == 2


def test_a_repeated_request_is_answered_again_without_an_access() -> None:
    board = Board().run(read(0x10, 5), read(0x10, 5), write(0x14, 9, 6), write(0x14, 9, 6))
    assert board.seen == [Seen(0x10, None), Seen(0x14, 9)]
    assert board.sent == 2 * read_answer(5) + 2 * checked(b"w\x06")


def test_an_answer_outlives_frames_that_were_wrong() -> None:
    """What is kept for a repetition is not where the fields of a frame come in."""
    wrong = bytearray(write(0x14, 0x1234_5678, 6))
    wrong[-1] ^= 1
    board = Board().run(read(0x10, 5), bytes(wrong), b"W1234567", read(0x10, 5))
    assert board.seen == [Seen(0x10, None)]
    assert board.sent == 2 * read_answer(5)


def test_the_same_number_is_a_new_request_once_it_was_synchronised() -> None:
    board = Board().run(read(0x10, 5), synchronise(4), read(0x14, 5))
    assert board.seen == [Seen(0x10, None), Seen(0x14, None)]
    assert board.sent == read_answer(5) + checked(b"s\x04") + read_answer(5)


@pytest.mark.parametrize("place", range(7))
def test_a_frame_with_a_wrong_byte_changes_nothing(place: int) -> None:
    frame = bytearray(read(0x10, 5))
    frame[place] ^= 0x40
    board = Board().run(bytes(frame))
    assert (board.seen, board.sent, board.listening) == ([], b"", False)


def test_after_a_fault_nothing_is_heard_until_there_was_silence() -> None:
    for fault in (b"x", read(0x10, 5)[:-1] + b"x", read(0x10, 5)[:4]):
        early = Board().run(fault + read(0x14, 6))
        assert (early.seen, early.sent) == ([], b""), fault
        late = Board().run(fault, read(0x14, 6), gap=SILENCE + 20)
        assert late.seen == [Seen(0x14, None)], fault
        assert late.sent == read_answer(6)


def test_a_byte_without_a_stop_bit_spoils_its_frame() -> None:
    assert Board().run(read(0x10, 5), stop=0).seen == []


def test_bytes_that_come_while_it_answers_are_no_frame() -> None:
    """The second frame begins in the answer, the third where the second ends."""
    board = Board(waits=30).run(read(0x10, 5) + b"W" + read(0x14, 6) + read(0x18, 7))
    assert board.seen == [Seen(0x10, None)]
    assert board.sent == read_answer(5)
    assert not board.listening
