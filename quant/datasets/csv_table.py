# SPDX-License-Identifier: Apache-2.0
"""A user's own pulse curves as a CSV table in SI units."""

import csv
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.quant.datasets.pulse_curves import PARAMETERS, PULSE_NUMBER, PulseCurves

if TYPE_CHECKING:
    import _csv

COLUMNS = (PULSE_NUMBER.name, *(quantity.name for quantity in PARAMETERS), "current")

Row = tuple[int, tuple[float, ...]]
"""Line number in the file, values in the order of COLUMNS."""


def load(path: Path) -> PulseCurves:
    """Read a table with a header and the columns of COLUMNS, in any order, others ignored.

    Volt, second and ampere. Each curve has its pulses 0, 1, ... in order, with constant
    parameters; the next curve begins at the next pulse 0. All curves have the same length.

    Raises:
        PulsewrightError: the file cannot be read, or a line (which is named) breaks a rule.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = _rows(path, csv.reader(file, strict=True))
    except OSError as error:
        raise PulsewrightError(
            f"cannot read table {path}: {error.strerror}; give the path of a CSV file"
        ) from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise PulsewrightError(f"{path} is not a CSV table in UTF-8: {error}") from error
    pulses = _pulses(path, rows)
    return _curves(path, rows, pulses)


def _rows(path: Path, reader: "_csv.Reader") -> list[Row]:
    header = [name.strip() for name in next(reader, [])]
    missing = [name for name in COLUMNS if header.count(name) != 1]
    if missing:
        raise PulsewrightError(
            f"{path} has columns {', '.join(header) or 'none'}; its header must name "
            f"{', '.join(missing)} exactly once"
        )
    places = [header.index(name) for name in COLUMNS]
    rows: list[Row] = []
    for fields in reader:
        line = reader.line_num
        if not fields:
            continue
        if len(fields) != len(header):
            raise PulsewrightError(
                f"{path}, line {line} has {len(fields)} fields, the header {len(header)}; "
                "give every column a value"
            )
        values = tuple(
            _number(path, line, name, fields[place])
            for name, place in zip(COLUMNS, places, strict=True)
        )
        rows.append((line, values))
    if not rows:
        raise PulsewrightError(f"{path} has a header and no rows; add at least one curve")
    return rows


def _number(path: Path, line: int, name: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not np.isfinite(value):
        raise PulsewrightError(
            f"{path}, line {line} has {name} = {text!r}; give a finite number with a decimal point"
        )
    return value


def _pulses(path: Path, rows: list[Row]) -> int:
    """Length of the first curve, which every other curve must have."""
    later = (index for index, (_, values) in enumerate(rows) if index and values[0] == 0)
    return next(later, len(rows))


def _curves(path: Path, rows: list[Row], pulses: int) -> PulseCurves:
    for index, (line, values) in enumerate(rows):
        first_line, first = rows[index - index % pulses]
        if values[0] != index % pulses:
            raise PulsewrightError(
                f"{path}, line {line} has pulse_number = {values[0]:g}, expected "
                f"{index % pulses}; each curve counts its pulses from 0 to {pulses - 1}"
            )
        if values[1:-1] != first[1:-1]:
            raise PulsewrightError(
                f"{path}, line {line} changes a pulse parameter within the curve that begins at "
                f"line {first_line}; start a new curve at pulse 0"
            )
    if len(rows) % pulses:
        line, _ = rows[len(rows) // pulses * pulses]
        raise PulsewrightError(
            f"{path} has {len(rows)} rows, not a multiple of the {pulses} pulses of its first "
            f"curve: the curve at line {line} is incomplete; give all curves the same length"
        )
    table: npt.NDArray[np.float64] = np.array([values for _, values in rows], dtype=np.float64)
    return PulseCurves(parameters=table[::pulses, 1:-1], currents=table[:, -1].reshape(-1, pulses))
