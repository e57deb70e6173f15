# SPDX-License-Identifier: Apache-2.0
"""Where curves come from, and the input map that fits them; free of Torch."""

from enum import StrEnum
from pathlib import Path
from typing import Literal

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.fixed_point import FixedPoint
from pulsewright.hls_model.reference.input_map import InputMap, fit_affine, fit_log_table
from pulsewright.quant.datasets import csv_table, measured
from pulsewright.quant.datasets.pulse_curves import PULSE_NUMBER, PulseCurves
from pulsewright.quant.datasets.synthetic import synthetic_curves


class CurveSource(StrEnum):
    """The kinds of data set."""

    SYNTHETIC = "synthetic"
    MEASURED = "measured"
    CSV = "csv"


PulseNumberMap = Literal["affine", "log"]

# Float networks are trained with the map of this width, whatever width the integers will have.
FLOAT_CODE_FORMAT = FixedPoint(width=8, frac=7, signed=True)


def load_curves(
    source: CurveSource, path: Path | None = None, seed: int = 0, download: bool = False
) -> PulseCurves:
    """Load or make the curves of a recipe.

    path: the folder with x.pck and y.pck for `measured`, the table for `csv`; not used for
    `synthetic`. seed: of `synthetic` alone. download: fetch the measured files into `path` first.

    Raises:
        PulsewrightError: the path is not given, or the source refuses what it finds.
    """
    if source is CurveSource.SYNTHETIC:
        return synthetic_curves(seed)
    if path is None:
        remedy = (
            "set PULSEWRIGHT_DATA or --data to the folder with x.pck and y.pck"
            if source is CurveSource.MEASURED
            else "give the path of the table"
        )
        raise PulsewrightError(f"the {source.value} data set has no path; {remedy}")
    if source is CurveSource.CSV:
        return csv_table.load(path)
    if download:
        measured.download(path)
    return measured.load(path)


def fit_input_map(
    curves: PulseCurves, code_format: FixedPoint, pulse_number: PulseNumberMap = "affine"
) -> InputMap:
    """Min-max maps of the six inputs to codes, or a table of log(1 + N) for the pulse number.

    With "log" a network needs fewer neurons, since the curves are nearly linear in log N; with
    "affine" N moves by a constant step.

    Raises:
        PulsewrightError: an input is the same on all rows, or the choice is unknown.
    """
    if pulse_number not in ("affine", "log"):
        raise PulsewrightError(f"pulse_number map is {pulse_number!r}; choose 'affine' or 'log'")
    return InputMap(
        features=tuple(
            fit_log_table(feature, code_format)
            if feature.name == PULSE_NUMBER.name and pulse_number == "log"
            else fit_affine(feature, code_format)
            for feature in curves.features()
        ),
        code_format=code_format,
    )
