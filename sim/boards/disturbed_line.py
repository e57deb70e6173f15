# SPDX-License-Identifier: Apache-2.0
"""A serial line on which bytes come that nobody sent, get lost, and change."""

from collections.abc import Callable
from random import Random

from pulsewright.sim.boards.serial_line import SimulatedLine

MOST_NOISE_BYTES = 12


def noise_in_front(draw: Random, data: bytes) -> bytes:
    """Bytes that nobody sent, then these."""
    return draw.randbytes(draw.randint(1, MOST_NOISE_BYTES)) + data


def noise_behind(draw: Random, data: bytes) -> bytes:
    """These bytes, then some that nobody sent."""
    return data + draw.randbytes(draw.randint(1, MOST_NOISE_BYTES))


def cut_off(draw: Random, data: bytes) -> bytes:
    """The first of these bytes, or none."""
    return data[: draw.randrange(len(data))]


def byte_lost(draw: Random, data: bytes) -> bytes:
    """All of these bytes but one."""
    lost = draw.randrange(len(data))
    return data[:lost] + data[lost + 1 :]


def byte_changed(draw: Random, data: bytes) -> bytes:
    """These bytes with one of them wrong."""
    place = draw.randrange(len(data))
    wrong = data[place] ^ draw.randint(1, 0xFF)
    return data[:place] + bytes([wrong]) + data[place + 1 :]


def check_changed(draw: Random, data: bytes) -> bytes:
    """These bytes with a wrong bit in their check."""
    return data[:-1] + bytes([data[-1] ^ 1 << draw.randrange(8)])


FAULTS: tuple[Callable[[Random, bytes], bytes], ...] = (
    noise_in_front,
    noise_behind,
    cut_off,
    byte_lost,
    byte_changed,
    check_changed,
)


class DisturbedLine:
    """A line with a fault in every so many requests and in every so many reads of answers.

    faults: how many there were, by name.
    """

    def __init__(self, line: SimulatedLine, probability: float, seed: int) -> None:
        self._line = line
        self._probability = probability
        self._draw = Random(seed)
        self.faults: dict[str, int] = {}

    def write(self, data: bytes) -> None:
        """Send bytes, or what becomes of them."""
        self._line.write(self._disturbed("request", data))

    def read(self, size: int = 1) -> bytes:
        """Up to `size` bytes, or what becomes of them."""
        data = self._line.read(size)
        return self._disturbed("answer", data)[:size] if data else data

    def _disturbed(self, what: str, data: bytes) -> bytes:
        if self._draw.random() >= self._probability:
            return data
        fault = self._draw.choice(FAULTS)
        name = f"{what} {fault.__name__}"
        self.faults[name] = self.faults.get(name, 0) + 1
        return fault(self._draw, data)
