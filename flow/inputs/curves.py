# SPDX-License-Identifier: Apache-2.0
"""Where the curves of a recipe, a study or a reproduction are."""

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.quant.curve_sources import CurveSource, load_curves
from pulsewright.quant.datasets import csv_table
from pulsewright.quant.datasets.pulse_curves import PulseCurves

DATA_VARIABLE = "PULSEWRIGHT_DATA"


@dataclass(frozen=True)
class CurveInput:
    """A source of curves and what may name its place.

    own_path: what the recipe says, taken from its folder. data: what the user says instead.
    download: fetch the measured files, into `data` or else into `download_folder`.
    """

    source: CurveSource
    own_path: Path | None
    data: Path | None
    download: bool
    download_folder: Path

    def check(self) -> None:
        """Refuse options that would be ignored.

        Raises:
            PulsewrightError: a path or a download for curves that have none.
        """
        if self.download and self.source is not CurveSource.MEASURED:
            raise PulsewrightError(
                f"--download fetches the measured curves, and these are {self.source.value} ones; "
                'leave it out, or set source = "measured" in [data]'
            )
        path = self.data or self.own_path
        if path is not None and self.source is CurveSource.SYNTHETIC:
            raise PulsewrightError(
                f"the curves are synthetic, so {path} would not be read; "
                'set source = "csv" or "measured" in [data], or leave the path out'
            )

    @property
    def path(self) -> Path | None:
        """The option, the recipe, then the environment for measured curves."""
        if self.data is not None:
            return self.data
        if self.own_path is not None:
            return self.own_path
        if self.source is CurveSource.MEASURED and os.environ.get(DATA_VARIABLE):
            return Path(os.environ[DATA_VARIABLE])
        if self.source is CurveSource.MEASURED and self.download:
            return self.download_folder
        return None

    @cached_property
    def table(self) -> bytes | None:
        """The CSV table, read once since it may come through a pipe; None if there is none.

        Raises:
            PulsewrightError: it cannot be read.
        """
        if self.source is not CurveSource.CSV or self.path is None:
            return None
        return csv_table.contents(self.path)

    def load(self, seed: int) -> PulseCurves:
        """Load, or make from `seed`, the curves.

        Raises:
            PulsewrightError: they cannot be found or read.
        """
        if self.path is not None and self.table is not None:
            return csv_table.parse(self.path, self.table)
        return load_curves(self.source, self.path, seed, self.download)
