# SPDX-License-Identifier: Apache-2.0
"""The Verilog of networks with any range of pulse numbers, as Verilator reads it."""

from pathlib import Path

import pytest

from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.rtl.tops import coprocessor_top
from pulsewright.rtl.verilog.writer import to_verilog
from tests.models import fold_model, piecewise_linear_case, random_model
from tests.rtl.lint import check_lint

NAME = "pulse"


# Ends of so many bits, and their neighbours; of 65536 pulses codes are no constant step apart.
PULSES = (2, 3, 4, 31, 32, 33, 256)
CASES = [
    ("chain", 65536),
    *(
        (engine, pulses)
        for engine in ("chain", "incremental", "piecewise_linear")
        for pulses in PULSES
    ),
]


@pytest.mark.parametrize(("engine", "pulses"), CASES)
@pytest.mark.quick_cases(6)
def test_no_comparison_of_it_always_holds(engine: str, pulses: int, tmp_path: Path) -> None:
    folded: FoldedEngine
    if engine == "piecewise_linear":
        model, folded = piecewise_linear_case((2, 3, 1), pulses, input_width=12)
    else:
        model = random_model((2, 3, 1), pulses=pulses, input_width=12)
        folded = fold_model(model, [(1, 1), (1, 1)], incremental=engine == "incremental")
    text = to_verilog(coprocessor_top("obi", model, folded, None), NAME)
    check_lint(text, NAME, tmp_path)
