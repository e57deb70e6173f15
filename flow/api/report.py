# SPDX-License-Identifier: Apache-2.0
"""The report of a finished build."""

from os import PathLike
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from pulsewright.flow.results_file import load_result
from pulsewright.hls_model.errors import PulsewrightError

REPORT = "report.json"


class Comparison(BaseModel):
    """Rows compared with the integer model, and those that differ."""

    rows: int
    mismatches: int


class Report(BaseModel):
    """`report.json` of a build folder; keys that are not named here are kept in `model_extra`.

    accuracy: test MSE by split and kind. mismatches: comparisons by implementation. cycles:
    measured and by formula. energy: figures of tiers 1 and 2, each with its node, in picojoule.
    synthesis: what `pulsewright synth` measured of this Verilog, by target and design.
    """

    model_config = ConfigDict(extra="allow", frozen=True)

    report_version: int
    recipe: dict[str, Any]
    model: dict[str, Any]
    accuracy: dict[str, dict[str, float]]
    mismatches: dict[str, Comparison]
    cycles: dict[str, Any]
    energy: list[dict[str, Any]]
    synthesis: list[dict[str, Any]] = []
    versions: dict[str, Any]
    command: str

    @property
    def is_exact(self) -> bool:
        """True if something was compared, and no row of any comparison differs."""
        found = self.mismatches.values()
        return bool(found) and all(one.rows > 0 and one.mismatches == 0 for one in found)


def read_report(build: str | PathLike[str]) -> Report:
    """Read the report of a build folder, such as build/a1_int8, or of a report.json.

    Raises:
        PulsewrightError: there is none, or the file is no report.
    """
    path = Path(build)
    if path.is_dir():
        path = path / REPORT
    if not path.exists():
        raise PulsewrightError(f"there is no report {path}; make it with pulsewright report")
    return load_result(path, Report)
