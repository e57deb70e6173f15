# SPDX-License-Identifier: Apache-2.0
"""The bare engine on both simulators, at cycles worked out by hand.

A layer's groups of results follow one another every ceil(K / simd) cycles, the first of them
`depth` = operand + multiply + adder registers + accumulate (+ requantise) cycles after the group's
last step. Adder registers: one after every three levels of two-input adders.
"""

from pathlib import Path

import pytest

from pulsewright.sim.simulators import Simulator
from tests.models import random_model
from tests.sim.designs import Foldings, run_design

A1, A2, A3 = (6, 64, 1), (6, 64, 64, 1), (6, 64, 64, 64, 1)
SMALL = (4, 6, 3)

CASES = {
    # Layer 1 (depth 1 + 1 + 1 + 1 + 1 = 5): 64 groups, valid in cycles 5 to 68. Layer 2 takes one
    # a cycle (depth 3, no adder): 68 + 3. II 64 * 1 = 1 * 64.
    "A1 on 7 multipliers": (A1, [(1, 6), (1, 1)], 64, 71),
    # 8 groups, 5 to 12; 8 operands a step, 3 levels in one register: 12 + 4.
    "A1 on 56 multipliers": (A1, [(8, 6), (1, 8)], 8, 16),
    # 1 group, 5; 64 operands, 6 levels in two registers: 5 + 5.
    "A1 unrolled": (A1, [(64, 6), (1, 64)], 1, 10),
    # Layer 1: 8 groups, 5 to 12. Layer 2 (depth 5) is double-buffered: beat i is an operand in
    # cycle 5 + i + 1, so the eighth step of the first group is in 13; its groups come every 8
    # cycles from 13 + 5 = 18 to 18 + 7 * 8 = 74. Layer 3 takes them as they come (depth 4): 78.
    # II 8 * 8.
    "A2 with double buffers": (A2, [(8, 6), (8, 8), (1, 8)], 64, 78),
    # As A2 up to layer 2, 18 to 74. Layer 3: beat i is an operand in 18 + 8 i + 1, the eighth in
    # 75; groups from 75 + 5 = 80 to 136. Layer 4: 136 + 4.
    "A3 with double buffers": (A3, [(8, 6), (8, 8), (8, 8), (1, 8)], 64, 140),
    # Layer 1: 2 groups of 2 steps, last steps in 1 and 3, depth 5: 6 and 8. Layer 2, 3 of 6 at a
    # time, 3 groups of 2 steps, double-buffered: steps in 7 and 9, depth 1 + 1 + 1 + 1 = 4:
    # 13, 15, 17, and one cycle to gather. II 3 * 2.
    "three outputs, gathered": (SMALL, [(3, 2), (1, 3)], 6, 18),
}
# Verilator takes longer to build a model than to run it: by default this is its one model.
QUICK = {
    Simulator.ICARUS: {"A1 on 56 multipliers"},
    Simulator.VERILATOR: {"three outputs, gathered"},
}
PARAMETERS = [
    pytest.param(
        simulator,
        *case,
        id=f"{name} on {simulator.value}",
        marks=() if name in QUICK[simulator] else pytest.mark.regression,
    )
    for name, case in CASES.items()
    for simulator in Simulator
]


@pytest.mark.parametrize(("simulator", "sizes", "foldings", "ii", "latency"), PARAMETERS)
def test_the_engine_is_exact_at_the_cycles_worked_out_by_hand(
    simulator: Simulator,
    sizes: tuple[int, ...],
    foldings: Foldings,
    ii: int,
    latency: int,
    tmp_path: Path,
) -> None:
    run = run_design(simulator, "stream_bench", tmp_path, random_model(sizes), foldings, 200)
    assert (run.tests, run.failures) == (3, 0), run.log.read_text()[-2000:]
    assert set(run.outcomes) == {"back_to_back", "idle_cycles", "backpressure"}
    assert all(outcome.mismatches == 0 for outcome in run.outcomes.values())
    assert all(outcome.rows >= 64 for outcome in run.outcomes.values())
    assert {outcome.latency for outcome in run.outcomes.values()} == {latency}
    assert run.outcomes["back_to_back"].ii == ii
    assert run.outcomes["backpressure"].ii == ii


@pytest.mark.regression
def test_a_deep_unrolled_chain_passes(tmp_path: Path) -> None:
    """It holds nearly as many vectors as the bench offers: 11 layers of depth 5 and one of 4."""
    sizes = (*[2] * 12, 1)
    run = run_design(
        Simulator.ICARUS,
        "stream_bench",
        tmp_path,
        random_model(sizes),
        [(2, 2)] * 11 + [(1, 2)],
        64,
    )
    assert (run.tests, run.failures) == (3, 0), run.log.read_text()[-2000:]
    assert run.outcomes["back_to_back"].latency == 11 * 5 + 4
    assert run.outcomes["backpressure"].ii == 1


@pytest.mark.regression
@pytest.mark.parametrize("simulator", Simulator)
@pytest.mark.parametrize(
    ("parts", "foldings"),
    [
        ({"requantised": False}, [(4, 3), (1, 4)]),
        ({"extreme": True, "input_width": 16}, [(3, 6), (1, 5)]),
        ({"weight_width": 2, "activation_width": 3, "input_width": 5}, [(64, 6), (1, 1)]),
    ],
)
def test_other_formats_and_foldings_of_a1_are_exact(
    simulator: Simulator, parts: dict[str, object], foldings: Foldings, tmp_path: Path
) -> None:
    model = random_model(A1, **parts)
    run = run_design(simulator, "stream_bench", tmp_path, model, foldings, 200)
    assert (run.tests, run.failures) == (3, 0), run.log.read_text()[-2000:]


def test_few_rows_are_repeated(tmp_path: Path) -> None:
    model = random_model(SMALL)
    run = run_design(Simulator.ICARUS, "stream_bench", tmp_path, model, [(3, 2), (1, 3)], 2)
    assert run.failures == 0
    assert run.outcomes["back_to_back"].rows == 64
    # What was recorded is what was worked out by hand, for the first vector and those behind it.
    busy = run.outcomes["back_to_back"].busy
    assert list(busy) == [
        "layer 1: beats in",
        *(f"layer 1: {stage}" for stage in ("operands", "multiply", "adder tree 0")),
        *(f"layer 1: {stage}" for stage in ("accumulate", "activate", "results out")),
        "layer 2: beats in",
        *(f"layer 2: {stage}" for stage in ("operands", "multiply", "adder tree 0")),
        *(f"layer 2: {stage}" for stage in ("accumulate", "results out")),
        "gather: results in",
    ]
    assert busy["layer 1: results out"][:2] == [6, 8]
    assert busy["layer 2: results out"] == busy["gather: results in"]
    assert busy["gather: results in"][:6] == [13, 15, 17, 19, 21, 23]
    assert max(cycle for cycles in busy.values() for cycle in cycles) <= 18 + 2 * 6


@pytest.mark.parametrize(
    "simulator",
    [Simulator.ICARUS, pytest.param(Simulator.VERILATOR, marks=pytest.mark.regression)],
)
def test_scales_per_output_channel_are_exact(simulator: Simulator, tmp_path: Path) -> None:
    """Neither pe divides its layer, and the neurons of one lane have different shifts."""
    model = random_model((6, 7, 5, 3), per_channel=True, requantised=False, weight_width=4)
    foldings = [(2, 4), (3, 2), (2, 3)]
    run = run_design(simulator, "stream_bench", tmp_path, model, foldings, 200)
    assert (run.tests, run.failures) == (3, 0), run.log.read_text()[-2000:]
    assert all(outcome.mismatches == 0 for outcome in run.outcomes.values())
