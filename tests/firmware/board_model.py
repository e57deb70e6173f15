# SPDX-License-Identifier: Apache-2.0
"""A board at the end of a pseudo-terminal, so that the host's program opens a real serial port."""

import os
import threading
import tty
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from pulsewright.hls_model.reference.integer_mlp import IntegerMlp

CRC_POLYNOMIAL = 0x1021
LENGTHS = {ord("S"): 4, ord("R"): 7, ord("W"): 11}


def crc16(data: bytes) -> bytes:
    """Bit by bit, since the host's program takes it from a library."""
    crc = 0xFFFF
    for byte in data:
        for place in reversed(range(8)):
            top = crc >> 15 ^ byte >> place & 1
            crc = (crc << 1 & 0xFFFF) ^ (CRC_POLYNOMIAL if top else 0)
    return crc.to_bytes(2, "big")


class BoardModel:
    """Registers of `image` that compute `model`. wrong_rows: jobs whose first result is not right.

    lost_answers: numbers of the requests whose answer is lost, counted from 0.
    """

    def __init__(
        self,
        image: dict[str, Any],
        model: IntegerMlp,
        wrong_rows: int = 0,
        lost_answers: tuple[int, ...] = (),
    ) -> None:
        self.image, self.model = image, model
        self.wrong_rows = wrong_rows
        self.lost_answers = lost_answers
        self.registers = dict(image["constants"].values())
        self.requests = self.jobs = 0
        self._before = (-1, b"")

    def answer(self, frame: bytes) -> bytes:
        """To a whole request."""
        assert crc16(frame[:-2]) == frame[-2:], frame
        sequence = frame[-3]
        if frame[0] == ord("S"):
            self._before = sequence, b"s"
        elif sequence != self._before[0]:
            self._before = sequence, self._access(frame)
        self.requests += 1
        whole = self._before[1] + bytes([sequence])
        return b"" if self.requests - 1 in self.lost_answers else whole + crc16(whole)

    def _access(self, frame: bytes) -> bytes:
        address = int.from_bytes(frame[-6:-3], "little")
        if frame[0] == ord("R"):
            return b"r" + self.registers[address].to_bytes(4, "little")
        self.registers[address] = int.from_bytes(frame[1:5], "little")
        if address == self.image["input_addresses"][-1]:
            self._infer()
        return b"w"

    def _infer(self) -> None:
        bits = self.image["input_lane_bits"]
        words = [self.registers[address] for address in self.image["input_addresses"]]
        codes = []
        for lane in range(self.model.sizes[0]):
            code = words[lane * bits // 32] >> (lane * bits % 32) & (1 << bits) - 1
            signed = self.model.input_format.signed and code >> (bits - 1)
            codes.append(code - (1 << bits) if signed else code)
        (results,) = self.model.infer(np.array([codes])).tolist()
        self.jobs += 1
        for address, result in zip(self.image["result_addresses"], results, strict=True):
            self.registers[address] = result & 0xFFFF_FFFF
        if self.jobs <= self.wrong_rows:
            self.registers[self.image["result_addresses"][0]] ^= 1


@contextmanager
def connected(board: BoardModel | None) -> Iterator[str]:
    """The name of the serial port; without a board nothing answers there."""
    ours, theirs = os.openpty()
    tty.setraw(theirs)

    def serve() -> None:
        frame = b""
        while True:
            try:
                frame += os.read(ours, 1)
            except OSError:
                return
            if board is not None and len(frame) == LENGTHS[frame[0]]:
                os.write(ours, board.answer(frame))
                frame = b""

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield os.ttyname(theirs)
    finally:
        os.close(theirs)
        os.close(ours)
