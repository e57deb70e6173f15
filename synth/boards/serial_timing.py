# SPDX-License-Identifier: Apache-2.0
"""Clock cycles of the bits of a serial line."""

from dataclasses import dataclass

from pulsewright.hls_model.errors import PulsewrightError

FEWEST_CYCLES, MOST_CYCLES = 4, (1 << 14) - 1
# Of both sides together, half a bit in ten bits would be 5 %.
LARGEST_ERROR = 0.02
# Longer than the gaps that USB leaves between the bytes of one frame, 9 ms at 115200 baud.
SILENCE_BITS = 1024
DEFAULT_BAUD = 115_200
BITS_A_BYTE = 10
LONGEST_FRAMES = 11 + 8
# What a computer's USB and its system may take, beyond the line itself.
HOST_SECONDS = 0.2


@dataclass(frozen=True)
class SerialTiming:
    """baud: what the host is set to. bit_cycles: clock cycles of a bit at `hertz`."""

    baud: int
    hertz: int
    bit_cycles: int

    @property
    def error(self) -> float:
        """By how much a bit differs from the host's, as a part of it."""
        return self.bit_cycles * self.baud / self.hertz - 1

    @property
    def silence_cycles(self) -> int:
        """Clock cycles after which a frame begins."""
        return self.bit_cycles * SILENCE_BITS

    def timeout_seconds(self, job_cycles: int) -> float:
        """What a host waits for an answer: silence, both frames, the longest job, and its USB."""
        bits = SILENCE_BITS + LONGEST_FRAMES * BITS_A_BYTE
        return bits / self.baud + job_cycles / self.hertz + HOST_SECONDS


def serial_timing(baud: int, hertz: int, board: str) -> SerialTiming:
    """The bits of `baud` by a clock of `hertz`.

    Raises:
        PulsewrightError: that clock cannot make them within 2 %.
    """
    cycles = round(hertz / baud) if baud > 0 else 0
    timing = SerialTiming(baud, hertz, cycles)
    if not FEWEST_CYCLES <= cycles <= MOST_CYCLES or abs(timing.error) > LARGEST_ERROR:
        raise PulsewrightError(
            f"--baud {baud}: the clock of {board}, {hertz / 1e6:g} MHz, makes "
            f"{hertz / MOST_CYCLES:.0f} to {hertz // FEWEST_CYCLES} baud within "
            f"{LARGEST_ERROR:.0%}, of whole cycles a bit; choose {_nearest(hertz)}"
        )
    return timing


def _nearest(hertz: int) -> str:
    usual = (9600, 115_200, 230_400, 460_800, 921_600, 1_000_000, 2_000_000, 3_000_000)
    made = [
        str(baud)
        for baud in usual
        if hertz / baud >= FEWEST_CYCLES
        and abs(round(hertz / baud) * baud / hertz - 1) <= LARGEST_ERROR
    ]
    return f"one of {', '.join(made)}"
