# SPDX-License-Identifier: Apache-2.0
import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.synth.boards.serial_timing import serial_timing


@pytest.mark.parametrize(
    ("baud", "hertz", "cycles"),
    [
        (115_200, 25_000_000, 217),
        (115_200, 12_000_000, 104),
        (1_000_000, 12_000_000, 12),
        (3_000_000, 12_000_000, 4),
        (9600, 25_000_000, 2604),
    ],
)
def test_bits_are_the_nearest_whole_number_of_cycles(baud: int, hertz: int, cycles: int) -> None:
    timing = serial_timing(baud, hertz, "board")
    assert timing.bit_cycles == cycles
    assert abs(timing.error) < 0.005
    assert timing.silence_cycles == 1024 * cycles < 1 << 24


@pytest.mark.parametrize(
    ("baud", "hertz"),
    # 8 cycles of 25 MHz are 4 % too short; 3 cycles are too few; 120 000 are too many.
    [(3_000_000, 25_000_000), (4_000_000, 12_000_000), (100, 12_000_000), (0, 1), (-9600, 1)],
)
def test_what_the_clock_cannot_make_is_refused_with_what_it_can(baud: int, hertz: int) -> None:
    with pytest.raises(PulsewrightError, match=rf"--baud {baud}: the clock of board, .* choose"):
        serial_timing(baud, hertz, "board")
    with pytest.raises(PulsewrightError, match=r"choose one of 9600, 115200, .*, 3000000$"):
        serial_timing(4_000_000, 12_000_000, "board")


def test_a_host_waits_longer_than_the_silence_and_the_frames() -> None:
    timing = serial_timing(9600, 12_000_000, "board")
    line = timing.silence_cycles / 12e6 + 19 * 10 / 9600
    assert timing.timeout_seconds(0) > line + 0.1
    assert timing.timeout_seconds(12_000_000) == pytest.approx(timing.timeout_seconds(0) + 1)
