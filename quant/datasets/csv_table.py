# SPDX-License-Identifier: Apache-2.0
"""A user's own pulse curves as a CSV table in SI units."""

import csv
import io
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.files.plain_file import read_plain_bytes
from pulsewright.hls_model.shortened import shortened
from pulsewright.quant.datasets.pulse_curves import PARAMETERS, PULSE_NUMBER, PulseCurves

if TYPE_CHECKING:
    import _csv

COLUMNS = (PULSE_NUMBER.name, *(quantity.name for quantity in PARAMETERS), "current")

MOST_BYTES = 64 << 20
LONGEST_LINE = 100_000


@dataclass(frozen=True)
class _Rows:
    """lines: (rows,) where each is in the file. values: (rows, 7) in the order of COLUMNS."""

    lines: npt.NDArray[np.int64]
    values: npt.NDArray[np.float64]


def load(path: Path) -> PulseCurves:
    """Read a table with a header and the columns of COLUMNS, in any order, others ignored.

    Volt, second and ampere. Each curve has its pulses 0, 1, ... in order, with constant
    parameters; the next curve begins at the next pulse 0. All curves have the same length.

    Raises:
        PulsewrightError: the file cannot be read, is larger than 64 MiB, or a line (which is named)
            is longer than 100 000 characters or breaks a rule.
    """
    return parse(path, contents(path))


def contents(path: Path) -> bytes:
    """The bytes of a table. `path` may be a pipe, which can be read only once.

    Raises:
        PulsewrightError: it cannot be read, is larger than 64 MiB, or is a device.
    """
    try:
        return read_plain_bytes(path, MOST_BYTES, from_pipe=True)
    except OSError as error:
        raise PulsewrightError(
            f"cannot read table {path}: {error.strerror}; give the path of a CSV file"
        ) from error


def parse(path: Path, data: bytes) -> PulseCurves:
    """What `load` does with the contents of `path`."""
    try:
        with io.TextIOWrapper(io.BytesIO(data), encoding="utf-8-sig", newline="") as file:
            rows = _rows(path, csv.reader(_lines(path, file), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise PulsewrightError(
            f"{path} is not a CSV table in UTF-8: {error}; save it as one"
        ) from error
    pulses = _pulses(rows)
    _check_curves(path, rows, pulses)
    return PulseCurves(
        parameters=rows.values[::pulses, 1:-1], currents=rows.values[:, -1].reshape(-1, pulses)
    )


def _lines(path: Path, file: io.TextIOWrapper) -> Iterator[str]:
    number = 0
    while line := file.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) > LONGEST_LINE:
            raise PulsewrightError(
                f"{path}, line {number} begins with {shortened(line[:20])} and has more than "
                f"{LONGEST_LINE} characters; save it as a CSV table with the columns "
                f"{', '.join(COLUMNS)}"
            )
        yield line


def _rows(path: Path, reader: "_csv.Reader") -> _Rows:
    header = [name.strip() for name in next(reader, [])]
    missing = [name for name in COLUMNS if header.count(name) != 1]
    if missing:
        raise PulsewrightError(
            f"{path} has columns {shortened(header) if header else 'none'}; its header must name "
            f"{', '.join(missing)} exactly once"
        )
    places = [header.index(name) for name in COLUMNS]
    lines, values = array("q"), array("d")
    for fields in reader:
        line = reader.line_num
        if not fields:
            continue
        if len(fields) != len(header):
            raise PulsewrightError(
                f"{path}, line {line} has {len(fields)} fields, the header {len(header)}; "
                "give every column a value"
            )
        lines.append(line)
        try:
            values.extend([float(fields[place]) for place in places])
        except ValueError:
            name, text = next(
                (name, fields[place])
                for name, place in zip(COLUMNS, places, strict=True)
                if not _is_number(fields[place])
            )
            raise _no_number(path, line, name, text) from None
    if not lines:
        raise PulsewrightError(f"{path} has a header and no rows; add at least one curve")
    table = _Rows(np.asarray(lines), np.asarray(values).reshape(-1, len(COLUMNS)))
    endless = np.argwhere(~np.isfinite(table.values))
    if endless.size:
        row, column = endless[0]
        text = str(table.values[row, column])
        raise _no_number(path, table.lines[row], COLUMNS[column], text)
    return table


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _no_number(path: Path, line: int, name: str, text: str) -> PulsewrightError:
    return PulsewrightError(
        f"{path}, line {line} has {name} = {shortened(text)}; "
        "give a finite number with a decimal point"
    )


def _pulses(rows: _Rows) -> int:
    """Length of the first curve, which every other curve must have."""
    later = np.flatnonzero(rows.values[1:, 0] == 0)
    return int(later[0]) + 1 if later.size else len(rows.lines)


def _check_curves(path: Path, rows: _Rows, pulses: int) -> None:
    place = np.arange(len(rows.lines))
    miscounted = rows.values[:, 0] != place % pulses
    first = place - place % pulses
    changed = (rows.values[:, 1:-1] != rows.values[first, 1:-1]).any(axis=1)
    faulty = np.flatnonzero(miscounted | changed)
    if faulty.size:
        row = int(faulty[0])
        if miscounted[row]:
            raise PulsewrightError(
                f"{path}, line {rows.lines[row]} has pulse_number = {rows.values[row, 0]:g}, "
                f"expected {row % pulses}; each curve counts its pulses from 0 to {pulses - 1}"
            )
        raise PulsewrightError(
            f"{path}, line {rows.lines[row]} changes a pulse parameter within the curve that "
            f"begins at line {rows.lines[first[row]]}; start a new curve at pulse 0"
        )
    if len(rows.lines) % pulses:
        line = rows.lines[len(rows.lines) // pulses * pulses]
        raise PulsewrightError(
            f"{path} has {len(rows.lines)} rows, not a multiple of the {pulses} pulses of its "
            f"first curve: the curve at line {line} is incomplete; give all curves the same length"
        )
