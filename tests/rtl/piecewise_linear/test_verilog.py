# SPDX-License-Identifier: Apache-2.0
"""The Verilog of the engine for piecewise-linear curves, as tools that only read it see it."""

from pathlib import Path

from pulsewright.rtl.top import BusTop
from pulsewright.rtl.verilog.writer import to_verilog
from tests.models import piecewise_linear_case
from tests.rtl.lint import check_lint

NAME = "pulse"


def test_both_simulators_read_it_without_a_warning(tmp_path: Path) -> None:
    text = to_verilog(BusTop(*piecewise_linear_case((6, 16, 1), 100)), NAME)
    check_lint(text, NAME, tmp_path)
