# SPDX-License-Identifier: Apache-2.0
"""Tables as CSV files, each line by the names of its columns."""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from pulsewright.hls_model.files.atomic_write import write_text

Line = Mapping[str, object]


def write_csv_tables(tables: Mapping[str, Sequence[Line]], folder: Path) -> list[Path]:
    """Write a file for each table, by its name, each whole or not at all; their paths.

    Raises:
        PulsewrightError: the folder cannot be written.
    """
    for name, lines in tables.items():
        write_text(folder / name, csv_text(lines))
    return [folder / name for name in tables]


def csv_text(lines: Sequence[Line]) -> str:
    """A header of the first line's names, then the lines; fractions have six significant digits."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(lines[0]) if lines else [], lineterminator="\n")
    writer.writeheader()
    for line in lines:
        writer.writerow({name: _shown(value) for name, value in line.items()})
    return text.getvalue()


def _shown(value: object) -> object:
    """Six significant digits of a fraction, everything else as it is."""
    return f"{value:.6g}" if isinstance(value, float | np.floating) else value
