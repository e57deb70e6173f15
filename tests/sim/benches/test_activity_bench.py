# SPDX-License-Identifier: Apache-2.0
from pathlib import Path
from typing import Any

import pytest

from pulsewright.hls_model.reference.fixed_point import Rounding
from pulsewright.sim.simulators import Simulator
from tests.models import random_model
from tests.sim.designs import Foldings, run_design

A1, A2, ODD, LINEAR = (6, 64, 1), (6, 64, 64, 1), (5, 7, 6, 3), (7, 4)
WIDE = (5, 72, 66, 70, 3)
Case = tuple[tuple[int, ...], Foldings, dict[str, Any], dict[str, Any]]

# Sizes, foldings, options of the engine, options of the model.
CASES: dict[str, Case] = {
    "odd, incremental": (ODD, [(3, 2), (4, 3), (2, 4)], {"incremental": True}, {}),
    "odd, reloadable, incremental": (
        ODD,
        [(3, 2), (4, 3), (2, 4)],
        {"incremental": True, "reloadable": True},
        {"per_channel": True},
    ),
    "odd, adder graphs": (ODD, [(7, 5), (6, 7), (1, 2)], {}, {}),
}
MORE_CASES: dict[str, Case] = {
    f"{name} {foldings}, {weights}, {kind}": (
        sizes,
        foldings,
        {"reloadable": weights == "reloadable", "incremental": kind == "incremental"},
        options,
    )
    for name, sizes, all_foldings, options in (
        ("A1", A1, [[(8, 1), (1, 8)], [(8, 3), (1, 8)], [(5, 4), (1, 7)], [(16, 5), (1, 16)]], {}),
        (
            "odd",
            ODD,
            [
                [(1, 1), (1, 1), (1, 1)],
                [(2, 3), (3, 7), (3, 6)],
                [(7, 2), (1, 7), (3, 1)],
                [(4, 4), (5, 2), (2, 5)],
            ],
            {"weight_width": 5, "activation_width": 6, "input_width": 9},
        ),
        ("linear", LINEAR, [[(3, 2)], [(4, 3)]], {}),
    )
    for weights in ("constant", "reloadable")
    for kind in ("full", "incremental")
    for foldings in all_foldings
} | {
    "A1 unrolled": (A1, [(64, 6), (1, 64)], {}, {}),
    "A1 of the recipe": (A1, [(8, 6), (1, 8)], {}, {}),
    "A1 of the recipe, reloadable": (A1, [(8, 6), (1, 8)], {"reloadable": True}, {}),
    "A1, hidden layer not requantised": (
        A1,
        [(8, 1), (1, 8)],
        {"incremental": True},
        {"requantised": False},
    ),
    "A1, rounded down": (A1, [(4, 3), (1, 4)], {}, {"rounding": Rounding.FLOOR}),
    "buffers in memories": (WIDE, [(3, 5), (2, 9), (8, 2), (1, 4)], {}, {}),
    "A2": (A2, [(16, 2), (4, 16), (1, 4)], {"incremental": True}, {}),
}


def check(simulator: Simulator, case: Case, folder: Path, pulses: int) -> None:
    sizes, foldings, engine, options = case
    model = random_model(sizes, pulses=pulses, pulse_input=1, **options)
    run = run_design(simulator, "activity_bench", folder, model, foldings, 3, **engine)
    assert run.failures == 0, run.log.read_text()[-3000:]
    counted = {"counted_inferences": 3, "counted_curve": pulses}
    if engine.get("incremental"):
        steps = -(-sizes[0] // foldings[0][1])
        counted["counted_incremental_steps"] = steps
    assert {name: one.rows for name, one in run.outcomes.items()} == counted


def test_there_are_twenty_configurations_of_the_issue_at_least() -> None:
    assert len(CASES | MORE_CASES) >= 20


@pytest.mark.quick_cases(1)
# The full run has them all, and the first on both simulators.
@pytest.mark.parametrize("case", list(CASES)[1:])
def test_counters_equal_the_model_on_icarus(case: str, tmp_path: Path) -> None:
    check(Simulator.ICARUS, CASES[case], tmp_path, 12)


@pytest.mark.regression
@pytest.mark.parametrize("case", [*CASES, *MORE_CASES])
@pytest.mark.parametrize("simulator", Simulator)
def test_counters_equal_the_model(simulator: Simulator, case: str, tmp_path: Path) -> None:
    check(simulator, (CASES | MORE_CASES)[case], tmp_path, 20)
