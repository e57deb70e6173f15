# SPDX-License-Identifier: Apache-2.0
"""Networks with multipliers in their requantisers, codes and indices, through every bench."""

import itertools
import random
from pathlib import Path

import pytest

from pulsewright.hls_model.reference.fixed_point import Rounding
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.pulse_sweep import pulse_sweep
from pulsewright.sim.simulators import Simulator
from tests.models import random_model, slowly_changing_codes
from tests.sim.designs import Foldings, run_design

SIZES: tuple[int, ...] = (5, 7, 6, 3)
FOLDINGS: Foldings = [(3, 2), (4, 3), (2, 4)]
CASES = {
    "codes": ({"multipliers": 21, "output": "code"}, {}),
    "index": ({"multipliers": 8, "output": "argmax", "activation_width": 3}, {}),
    "codes, shallow": (
        {"multipliers": 9, "output": "code", "rounding": Rounding.HALF_UP},
        {"shallow": True},
    ),
    "index, reloadable, incremental": (
        {"multipliers": 5, "output": "argmax", "rounding": Rounding.FLOOR},
        {"reloadable": True, "incremental": True},
    ),
}
PULSES = 12


def check(
    simulator: Simulator,
    bench: str,
    folder: Path,
    model: IntegerMlp,
    foldings: Foldings,
    options: dict[str, bool],
    rows: int = 60,
) -> None:
    # A reloadable engine needs its bus; the bare engine has constants.
    codes = slowly_changing_codes(model, rows)
    run = run_design(simulator, bench, folder, model, foldings, rows, codes=codes, **options)
    assert run.tests > 0
    assert run.failures == 0, run.log.read_text()[-3000:]
    assert all(outcome.mismatches == 0 for outcome in run.outcomes.values())


def model_of(case: str, pulses: int | None = PULSES) -> IntegerMlp:
    return random_model(SIZES, seed=4, pulses=pulses, pulse_input=1, **CASES[case][0])


@pytest.mark.parametrize(
    ("bench", "case"),
    [
        ("stream_bench", "codes"),
        *(
            pytest.param(*case, marks=pytest.mark.regression)
            for case in (
                ("bus_bench", "index, reloadable, incremental"),
                ("activity_bench", "index"),
            )
        ),
    ],
)
def test_on_icarus(bench: str, case: str, tmp_path: Path) -> None:
    model = model_of(case)
    assert pulse_sweep(model) is not None
    check(Simulator.ICARUS, bench, tmp_path, model, FOLDINGS, CASES[case][1], rows=20)


@pytest.mark.regression
@pytest.mark.parametrize(
    ("bench", "case"),
    [
        (bench, case)
        for bench in ("stream_bench", "bus_bench", "job_bench", "activity_bench")
        for case in CASES
        # The counters look at registers that a shallow engine does not have.
        if not (bench == "activity_bench" and "shallow" in case)
    ],
)
@pytest.mark.parametrize("simulator", Simulator)
def test_every_case_through_every_bench(
    simulator: Simulator, case: str, bench: str, tmp_path: Path
) -> None:
    check(simulator, bench, tmp_path, model_of(case), FOLDINGS, CASES[case][1])


@pytest.mark.regression
@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("simulator", Simulator)
def test_random_networks_through_the_bare_engine(
    simulator: Simulator, seed: int, tmp_path: Path
) -> None:
    draw = random.Random(seed)
    sizes = [draw.randint(1, 12) for _ in range(draw.randint(2, 4))]
    sizes[-1] += 1
    foldings = [
        (draw.randint(1, neurons), draw.randint(1, inputs))
        for inputs, neurons in itertools.pairwise(sizes)
    ]
    model = random_model(
        sizes,
        seed=seed,
        weight_width=draw.randint(2, 8),
        activation_width=draw.randint(1, 8),
        input_width=draw.randint(2, 12),
        rounding=draw.choice(list(Rounding)),
        multipliers=draw.choice([1, 4, 12, 21]),
        output=draw.choice(["accumulator", "code", "argmax"]),
    )
    check(simulator, "stream_bench", tmp_path, model, foldings, {"shallow": draw.random() < 0.3})
