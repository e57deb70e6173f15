# SPDX-License-Identifier: Apache-2.0
"""Sends rows to a Pulsewright coprocessor on a board, and compares its results.

    python pulsewright_board.py --port /dev/ttyUSB0

needs Python 3.10 or later and pyserial, and the files image.json and rows.csv beside this one.
Exit code 0: all results are the expected ones; 1: some are not; 2: it could not be tried.
"""

import argparse
import binascii
import csv
import json
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol

READ, WRITE, SYNCHRONISE = b"R", b"W", b"S"
READ_DONE, WRITTEN, SYNCHRONISED, REFUSED = b"r", b"w", b"s", b"e"
ANSWERS = {READ: READ_DONE, WRITE: WRITTEN, SYNCHRONISE: SYNCHRONISED}
DATA_BYTES, ADDRESS_BYTES, CRC_BYTES = 4, 3, 2
SEQUENCES = 256
ATTEMPTS = 5
MOST_NOISE_BYTES = 4096
CRC_START = 0xFFFF


class BoardError(Exception):
    """One sentence for the user."""


class Line(Protocol):
    """A serial port as pyserial has it, whose reads end after a time-out."""

    def write(self, data: bytes, /) -> Any:
        """Send bytes."""

    def read(self, size: int = 1, /) -> bytes:
        """Up to `size` bytes; fewer if no more came in time."""


def with_crc(frame: bytes) -> bytes:
    """The frame with its CRC-16/IBM-3740, high byte first."""
    return frame + binascii.crc_hqx(frame, CRC_START).to_bytes(CRC_BYTES, "big")


def is_right(frame: bytes) -> bool:
    """True of a frame that ends with its CRC."""
    return binascii.crc_hqx(frame, CRC_START) == 0


class Bridge:
    """Reads and writes registers, each carried out once, whatever the line does to the frames.

    line: its timeout has to be longer than the bridge's silence, both frames and the longest wait
    of a register together: then whatever was not answered has come to its end on the board.
    repeats: requests that were sent again.
    """

    def __init__(self, line: Line) -> None:
        self._line = line
        self._sequence = 0
        self.repeats = 0

    def synchronise(self) -> None:
        """Begin, whatever went over the line before.

        Raises:
            BoardError: nothing answers, or the line is never silent.
        """
        self._silence()
        self._exchange(SYNCHRONISE, b"")

    def read(self, address: int) -> int:
        """The word at a byte address.

        Raises:
            BoardError: the access is refused, or nothing answers.
        """
        return int.from_bytes(self._exchange(READ, _address(address)), "little")

    def write(self, address: int, word: int) -> None:
        """Write a word at a byte address.

        Raises:
            BoardError: the access is refused, or nothing answers.
        """
        self._exchange(WRITE, word.to_bytes(DATA_BYTES, "little") + _address(address))

    def _exchange(self, kind: bytes, fields: bytes) -> bytes:
        """Data of the answer."""
        self._sequence = (self._sequence + 1) % SEQUENCES
        request = with_crc(kind + fields + bytes([self._sequence]))
        for attempt in range(ATTEMPTS):
            self.repeats += attempt > 0
            self._line.write(request)
            answer = self._answer(kind)
            if answer is not None:
                return answer
            # The bridge begins a frame only behind silence.
            self._silence()
        raise BoardError(
            f"the board does not answer, after {ATTEMPTS} attempts; look at port and baud, load "
            "the bitstream, or press its reset button"
        )

    def _answer(self, kind: bytes) -> bytes | None:
        """Data of a right answer to this request; None of anything else."""
        head = self._line.read(1)
        if head not in (ANSWERS[kind], REFUSED):
            return None
        data_bytes = DATA_BYTES if head == READ_DONE else 0
        rest = self._line.read(data_bytes + 1 + CRC_BYTES)
        if len(rest) != data_bytes + 1 + CRC_BYTES or not is_right(head + rest):
            return None
        if rest[data_bytes] != self._sequence:
            return None
        if head == REFUSED:
            raise BoardError("the coprocessor refuses an access; this image is of another model")
        return rest[:data_bytes]

    def _silence(self) -> None:
        """Drop what comes until nothing came for a whole timeout."""
        for _ in range(MOST_NOISE_BYTES):
            if not self._line.read(1):
                return
        raise BoardError("the line is never silent; look at port and baud, or what else sends")


def _address(address: int) -> bytes:
    return address.to_bytes(ADDRESS_BYTES, "little")


class Row(NamedTuple):
    """Input codes, and the results that the integer model has for them."""

    codes: list[int]
    expected: list[int]


class Comparison(NamedTuple):
    """rows: that were sent. mismatches: those with other results; first: number of the first.

    repeats: requests that were sent again. seconds: for all rows.
    """

    rows: int
    mismatches: int
    first: int | None
    repeats: int
    seconds: float

    @property
    def sentence(self) -> str:
        """For the user."""
        first = "" if self.first is None else f", the first is row {self.first}"
        return (
            f"{self.rows} inferences in {self.seconds:.1f} s, {self.mismatches} mismatches{first}, "
            f"{self.repeats} requests repeated"
        )


class Coprocessor:
    """A model on a board.

    image: what image.json says: addresses, and what is to be written before the first row.
    """

    def __init__(self, bridge: Bridge, image: dict[str, Any]) -> None:
        self._bridge = bridge
        self._image = image

    def start(self) -> None:
        """Look whether the board holds this model, and prepare it for rows.

        Raises:
            BoardError: it holds another one, or nothing answers.
        """
        self._bridge.synchronise()
        for name, (address, word) in self._image["constants"].items():
            found = self._bridge.read(address)
            if found != word:
                raise BoardError(
                    f"the board has {name} = {found:#010x}, this image {word:#010x}; load the "
                    "bitstream of this folder"
                )
        for address, word in self._image["start"]:
            self._bridge.write(address, word)

    def infer(self, codes: Sequence[int]) -> list[int]:
        """Results of one row, which `check_rows` found right.

        Raises:
            BoardError: nothing answers.
        """
        words = pack(codes, self._image["input_lane_bits"])
        for address, word in zip(self._image["input_addresses"], words, strict=True):
            self._bridge.write(address, word)
        return [to_signed(self._bridge.read(a)) for a in self._image["result_addresses"]]

    def compare(self, rows: Iterable[Row]) -> Comparison:
        """Infer every row, and compare.

        Raises:
            BoardError: nothing answers.
        """
        count, mismatches = 0, 0
        first = None
        begun, repeats = time.monotonic(), self._bridge.repeats
        for number, row in enumerate(rows):
            count += 1
            if self.infer(row.codes) != row.expected:
                mismatches += 1
                first = number if first is None else first
        seconds = time.monotonic() - begun
        return Comparison(count, mismatches, first, self._bridge.repeats - repeats, seconds)


def pack(codes: Sequence[int], lane_bits: int) -> list[int]:
    """32-bit words of input codes, the first code in the lowest lane."""
    lanes, mask = 32 // lane_bits, (1 << lane_bits) - 1
    return [
        sum((code & mask) << (lane_bits * lane) for lane, code in enumerate(codes[i : i + lanes]))
        for i in range(0, len(codes), lanes)
    ]


def to_signed(word: int) -> int:
    """A 32-bit word as a two's complement integer."""
    return word - (1 << 32) if word >> 31 else word


def read_rows(path: Path, *, expected_needed: bool = True) -> list[Row]:
    """Rows of a CSV file with the columns input_0, input_1, … and expected_0, … in its head.

    Raises:
        BoardError: there is no such file, or it is not of this form.
    """
    try:
        with path.open(newline="", encoding="utf-8") as file:
            rows = list(_rows(csv.reader(file), path, expected_needed))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BoardError(
            f"cannot read --rows {path}: {error}; take the image's rows.csv"
        ) from error
    if not rows:
        raise BoardError(f"--rows {path} has no rows; take the image's rows.csv")
    return rows


def _rows(lines: Iterator[list[str]], path: Path, expected_needed: bool) -> Iterator[Row]:
    head = next(lines, [])
    inputs = [i for i, name in enumerate(head) if name.startswith("input_")]
    expected = [i for i, name in enumerate(head) if name.startswith("expected_")]
    if not inputs or (expected_needed and not expected):
        needed = "input_0, ... and expected_0, ..." if expected_needed else "input_0, ..."
        raise BoardError(f"--rows {path} has no columns {needed}; see the image's rows.csv")
    for number, line in enumerate(lines, start=2):
        try:
            yield Row([int(line[i]) for i in inputs], [int(line[i]) for i in expected])
        except (ValueError, IndexError) as error:
            raise BoardError(
                f"--rows {path}, line {number}, is not {len(head)} integers; mend it"
            ) from error


def check_rows(image: dict[str, Any], rows: Iterable[Row]) -> None:
    """Refuse rows that are none of this model.

    Raises:
        BoardError: one has another number of codes, or one that is out of their range.
    """
    inputs, (low, high) = image["inputs"], image["code_range"]
    for number, row in enumerate(rows):
        if len(row.codes) != inputs or not all(low <= code <= high for code in row.codes):
            raise BoardError(
                f"row {number} of --rows, {row.codes[:8]}, is not {inputs} codes of {low} to "
                f"{high}; take rows of this model"
            )


def open_port(port: str, image: dict[str, Any]) -> Line:
    """The serial port at the image's baud rate.

    Raises:
        BoardError: pyserial is missing, or the port cannot be opened.
    """
    try:
        import serial
    except ImportError as error:
        raise BoardError("pyserial is not installed; pip install pyserial") from error
    try:
        line: Line = serial.Serial(port, image["baud"], timeout=image["timeout_seconds"])
    except (serial.SerialException, ValueError, OSError) as error:
        raise BoardError(
            f"cannot open --port {port}: {error}; plug in the board, name its port, and see that "
            "you may use it"
        ) from error
    return line


def compare_on_board(line: Line, image: dict[str, Any], rows: Iterable[Row]) -> Comparison:
    """Infer every row on the board at the end of the line.

    Raises:
        BoardError: it holds another model, or nothing answers.
    """
    coprocessor = Coprocessor(Bridge(line), image)
    coprocessor.start()
    return coprocessor.compare(rows)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    here = Path(__file__).resolve().parent
    parser = argparse.ArgumentParser(description="Send rows to the board, and compare results.")
    parser.add_argument("--port", required=True, help="serial port, such as /dev/ttyUSB0 or COM3")
    parser.add_argument("--rows", type=Path, default=here / "rows.csv", help="CSV file of rows")
    given = parser.parse_args(arguments)
    image = json.loads((here / "image.json").read_text(encoding="utf-8"))
    try:
        rows = read_rows(given.rows)
        check_rows(image, rows)
        found = compare_on_board(open_port(given.port, image), image, rows)
    except BoardError as error:
        print(f"pulsewright_board: {error}", file=sys.stderr)
        return 2
    print(found.sentence)
    return 1 if found.mismatches else 0


if __name__ == "__main__":
    sys.exit(main())
