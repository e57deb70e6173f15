# SPDX-License-Identifier: Apache-2.0
from pathlib import Path
from typing import Any

import pytest

from pulsewright.rtl.buses.options import AttachmentOptions
from pulsewright.rtl.buses.registry import BUSES
from pulsewright.sim.simulators import Simulator
from tests.models import random_model
from tests.sim.designs import Foldings, run_design

A1, A2, A3, ODD = (6, 64, 1), (6, 64, 64, 1), (6, 64, 64, 64, 1), (5, 7, 6, 3)
TESTS = 8
INCREMENTAL_A1 = [(8, 1), (1, 8)]

CASES = {
    "A1 constant, full": (A1, [(8, 6), (1, 8)], {}),
    "A1 constant, incremental": (A1, INCREMENTAL_A1, {"incremental": True}),
    "A1 reloadable, full": (A1, [(16, 3), (1, 16)], {"reloadable": True}),
    "odd reloadable, incremental": (
        ODD,
        [(3, 2), (4, 3), (2, 4)],
        {"incremental": True, "reloadable": True},
    ),
    "odd shallow, incremental": (
        ODD,
        [(3, 2), (4, 3), (2, 4)],
        {"incremental": True, "shallow": True},
    ),
    "small reloadable, incremental": (
        (3, 4, 2),
        [(2, 2), (1, 2)],
        {"incremental": True, "reloadable": True},
    ),
}
MORE_CASES = {
    f"{name} {weights}, {kind}, {foldings}": (
        sizes,
        foldings,
        {"reloadable": weights == "reloadable", "incremental": kind == "incremental"},
    )
    for name, sizes, all_foldings in (
        ("A1", A1, [[(1, 1), (1, 1)], [(8, 3), (1, 8)], [(5, 4), (1, 7)], [(64, 5), (1, 64)]]),
        (
            "A2",
            A2,
            [
                [(2, 5), (8, 2), (1, 2)],
                [(8, 1), (8, 8), (1, 8)],
                [(16, 2), (4, 16), (1, 4)],
                [(7, 4), (5, 9), (1, 5)],
            ],
        ),
        (
            "A3",
            A3,
            [
                [(4, 1), (8, 4), (8, 8), (1, 8)],
                [(8, 3), (8, 8), (8, 8), (1, 8)],
                [(4, 1), (16, 4), (16, 16), (1, 16)],
                [(9, 5), (7, 5), (3, 8), (1, 3)],
            ],
        ),
        (
            "odd",
            ODD,
            [
                [(1, 1), (1, 1), (1, 1)],
                [(2, 3), (3, 7), (3, 6)],
                [(7, 2), (1, 7), (3, 1)],
                [(4, 4), (5, 2), (2, 5)],
            ],
        ),
    )
    for foldings in all_foldings
    for weights in ("constant", "reloadable")
    for kind in ("full", "incremental")
}


def check(
    simulator: Simulator,
    folder: Path,
    sizes: tuple[int, ...],
    foldings: Foldings,
    options: dict[str, Any],
    attachment: str = "obi",
    pulses: int = 100,
) -> dict[str, Any]:
    model = random_model(sizes, pulses=pulses, pulse_input=len(sizes) % 3)
    run = run_design(
        simulator, "job_bench", folder, model, foldings, 20, attachment=attachment, **options
    )
    assert (run.tests, run.failures) == (TESTS, 0), run.log.read_text()[-3000:]
    curves = run.outcomes["curve_jobs"]
    assert (curves.rows, curves.mismatches) == (3 * pulses, 0)
    return {"cycles": curves.clock_cycles}


# What the others show the full matrix shows as well; this has the most kinds of jobs at once.
QUICK = ("small reloadable, incremental", 12)


@pytest.mark.parametrize(
    ("case", "pulses"),
    [QUICK, *(pytest.param(case, 100, marks=pytest.mark.regression) for case in CASES)],
)
def test_jobs_on_icarus(case: str, pulses: int, tmp_path: Path) -> None:
    sizes, foldings, options = CASES[case]
    measured = check(Simulator.ICARUS, tmp_path, sizes, foldings, options, pulses=pulses)
    if foldings == INCREMENTAL_A1:
        # 16 multipliers: a fresh vector and 99 further pulses of 8 cycles.
        assert 47 + 4 + 4 + 2 + 99 * 8 <= measured["cycles"] <= 900


@pytest.mark.regression
def test_jobs_on_verilator(tmp_path: Path) -> None:
    options = {"incremental": True, "shallow": True}
    check(Simulator.VERILATOR, tmp_path, (3, 4, 2), [(2, 2), (1, 2)], options, pulses=12)


@pytest.mark.regression
@pytest.mark.parametrize("attachment", [name for name in BUSES if name != "obi"])
@pytest.mark.parametrize("incremental", [False, True])
def test_jobs_through_every_attachment(attachment: str, incremental: bool, tmp_path: Path) -> None:
    options = {"incremental": incremental, "reloadable": True}
    foldings = [(3, 2), (2, 3)]
    check(Simulator.ICARUS, tmp_path, (5, 6, 2), foldings, options, attachment, pulses=20)


@pytest.mark.regression
@pytest.mark.parametrize("case", [*CASES, *MORE_CASES])
@pytest.mark.parametrize("simulator", Simulator)
def test_jobs_of_the_full_matrix(simulator: Simulator, case: str, tmp_path: Path) -> None:
    sizes, foldings, options = {**CASES, **MORE_CASES}[case]
    check(simulator, tmp_path, sizes, foldings, options, pulses=12)


@pytest.mark.regression
@pytest.mark.parametrize("attachment", BUSES)
@pytest.mark.parametrize("incremental", [False, True])
def test_jobs_through_every_attachment_on_verilator(
    attachment: str, incremental: bool, tmp_path: Path
) -> None:
    options = {"incremental": incremental, "reloadable": True}
    foldings = [(3, 2), (2, 3)]
    check(Simulator.VERILATOR, tmp_path, (5, 6, 2), foldings, options, attachment, pulses=20)


@pytest.mark.parametrize(
    ("simulator", "depth"),
    [
        (Simulator.ICARUS, 2),
        pytest.param(Simulator.VERILATOR, 2, marks=pytest.mark.regression),
        pytest.param(Simulator.ICARUS, 5, marks=pytest.mark.regression),
        pytest.param(Simulator.VERILATOR, 128, marks=pytest.mark.regression),
    ],
)
def test_curves_pass_through_a_fifo_of_any_depth(
    simulator: Simulator, depth: int, tmp_path: Path
) -> None:
    run = run_design(
        simulator,
        "job_bench",
        tmp_path,
        random_model((3, 4, 2), pulses=12),
        [(2, 3), (1, 2)],
        4,
        attachment_options=AttachmentOptions(fifo_depth=depth),
    )
    assert (run.tests - run.skipped, run.failures) == (7, 0), run.log.read_text()[-2000:]
    assert run.outcomes["curve_jobs"].mismatches == 0
