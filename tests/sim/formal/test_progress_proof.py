# SPDX-License-Identifier: Apache-2.0
"""What is proven of engines that never stand still; the proof fails where one may."""

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.rtl.top import BusTop
from pulsewright.rtl.verilog.writer import to_verilog
from pulsewright.sim.formal.progress_proof import progress_bound, prove_progress
from pulsewright.sim.formal.symbiyosys import Mode
from tests.models import fold_model, random_model
from tests.sim.formal.test_port_proof import needs_programs

ENGINE = "dut_coprocessor_engine"
SHAPES: dict[str, tuple[tuple[int, ...], list[tuple[int, int]], dict[str, Any], Mode]] = {
    "two groups": ((3, 4, 1), [(2, 3), (1, 2)], {}, Mode.PROVE),
    "three layers": ((3, 4, 3, 2), [(4, 3), (3, 2), (1, 3)], {}, Mode.PROVE),
    "shallow": ((3, 4, 1), [(2, 3), (1, 2)], {"shallow": True}, Mode.PROVE),
    "reloadable": ((3, 4, 1), [(2, 3), (1, 2)], {"reloadable": True}, Mode.PROVE),
    # Induction finds states that no engine comes to.
    "groups of several steps": ((3, 4, 2), [(2, 2), (1, 1)], {}, Mode.BMC),
    "several steps": ((3, 4, 1), [(4, 2), (1, 4)], {}, Mode.PROVE),
}


@cache
def design(shape: str) -> tuple[str, FoldedEngine]:
    sizes, foldings, options, _ = SHAPES[shape]
    model = random_model(sizes)
    folded = fold_model(model, foldings, **options)
    return to_verilog(BusTop(model, folded, "obi"), "dut"), folded


def bound_of(shape: str) -> int:
    verilog, folded = design(shape)
    bound = progress_bound(verilog, ENGINE, folded)
    assert bound == 2 * (folded.latency + folded.initiation_interval)
    return bound


def test_long_engines_and_beats_are_left_out() -> None:
    model = random_model((6, 64, 1))
    verilog, _ = design("two groups")
    assert progress_bound(verilog, ENGINE, fold_model(model, [(1, 1), (1, 1)])) is None
    assert progress_bound("", ENGINE, design("two groups")[1]) is None


@needs_programs
@pytest.mark.parametrize(
    "shape",
    [
        "two groups",
        *(pytest.param(one, marks=pytest.mark.regression) for one in SHAPES if one[:2] != "tw"),
    ],
)
def test_a_result_comes_whatever_was_before(shape: str, tmp_path: Path) -> None:
    verdict = prove_progress(design(shape)[0], ENGINE, bound_of(shape), tmp_path)
    assert verdict.holds, verdict.log[-2000:]
    assert verdict.mode is SHAPES[shape][-1]


# What is planted, and what it does.
FAULTS = [
    ("activate_ready = ~results__valid | results__ready", "activate_ready = ~results__valid", 0),
    ("accumulate_load = adder_tree0_valid & accumulate_ready", "accumulate_load = 1'h0", 1),
    ("multiply_ready = ~multiply_valid | adder_tree0_ready", "multiply_ready = multiply_valid", 1),
]


@needs_programs
@pytest.mark.regression
@pytest.mark.parametrize(("right", "wrong", "stands_still"), FAULTS)
def test_an_engine_that_stops_is_found(
    right: str, wrong: str, stands_still: int, tmp_path: Path
) -> None:
    verilog, _ = design("two groups")
    assert right in verilog
    faulty = verilog.replace(right, wrong)
    assert prove_progress(faulty, ENGINE, bound_of("two groups"), tmp_path).holds == (
        not stands_still
    )
