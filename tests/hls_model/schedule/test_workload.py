# SPDX-License-Identifier: Apache-2.0
import numpy as np

from pulsewright.hls_model.schedule.sequence import sequence_steps
from pulsewright.hls_model.schedule.workload import (
    Workload,
    curve,
    full_inference,
    incremental_step,
)
from tests.models import fold_model, random_codes, random_model

A1 = (6, 64, 1)


def test_a1_on_16_multipliers() -> None:
    """48 and 8 steps fresh, 8 and 8 a further pulse; latencies 47 + 4 + 4 and 7 + 4 + 4."""
    model = random_model(A1, pulses=100)
    engine = fold_model(model, [(8, 1), (1, 8)], incremental=True)
    assert full_inference(engine) == Workload("inference", 1, (48, 8), 55)
    assert incremental_step(engine) == Workload("incremental step", 1, (8, 8), 15)
    assert incremental_step(engine, 3) == Workload("incremental step", 1, (24, 8), 31)
    steps = (48 + 99 * 8, 100 * 8)
    assert curve(engine, 100) == Workload("curve of 100 pulses", 100, steps, 57 + 99 * 8)


def test_a_curve_of_another_engine_is_so_many_inferences() -> None:
    engine = fold_model(random_model(A1), [(8, 6), (1, 8)])
    assert curve(engine, 10).steps == (80, 80)
    assert curve(engine, 10).cycles == 16 + 2 + 9 * 8


def test_a_curve_takes_the_steps_of_its_codes() -> None:
    model = random_model((5, 7, 3), pulses=20)
    engine = fold_model(model, [(3, 2), (2, 3)], incremental=True)
    codes = np.repeat(random_codes(model, 1), 20, axis=0)
    codes[:, 0] = np.arange(20)
    assert curve(engine, 20).steps == tuple(sequence_steps(engine, codes))
