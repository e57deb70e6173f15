# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from pulsewright.hls_model.schedule.sequence import (
    changed_steps,
    curve_cycles,
    curve_interval,
    latencies,
    sequence_steps,
    step_latency,
)
from tests.models import fold_model, random_codes, random_model, slowly_changing_codes

A1 = (6, 64, 1)


def test_a_curve_of_a1_on_16_multipliers() -> None:
    """docs/hardware.md: a fresh vector costs 48 cycles, each further pulse 8."""
    model = random_model(A1, pulses=100)
    engine = fold_model(model, [(8, 1), (1, 8)], incremental=True)
    codes = random_codes(model, 1)[[0] * 100]
    codes[:, 0] = 2 * np.arange(100) - 99
    assert sequence_steps(engine, codes) == [48 + 99 * 8, 100 * 8]
    assert curve_interval(engine) == 8
    assert curve_cycles(engine, 100) == 47 + 4 + 4 + 2 + 99 * 8 <= 900
    # 8 groups of one step, depths 4 and 4.
    assert step_latency(engine) == 7 + 4 + 4
    shallow = fold_model(model, [(8, 1), (1, 8)], incremental=True, shallow=True)
    # Depths 3 and 2: hidden, and neither products nor sums in registers.
    assert step_latency(shallow) == 7 + 3 + 2
    assert step_latency(shallow, 6) == shallow.latency
    full = fold_model(model, [(8, 1), (1, 8)])
    assert step_latency(full) == full.latency
    assert sequence_steps(full, codes) == [100 * 48, 100 * 8]
    assert curve_interval(full) == 48


def test_steps_are_counted_by_looking_at_every_input() -> None:
    model = random_model((7, 6, 1))
    engine = fold_model(model, [(4, 3), (1, 2)], incremental=True)
    codes = slowly_changing_codes(model, 60)
    expected = [3]
    for before, row in zip(codes.tolist(), codes[1:].tolist(), strict=False):
        chunks = [before[i : i + 3] != row[i : i + 3] for i in (0, 3, 6)]
        expected.append(max(sum(chunks), 1))
    assert changed_steps(engine.layers[0], codes).tolist() == expected
    assert len(set(expected)) > 2
    assert sequence_steps(engine, codes) == [2 * sum(expected), 60 * 3]


@pytest.mark.parametrize("rows", [0, 1])
def test_short_sequences(rows: int) -> None:
    model = random_model((4, 6, 1))
    engine = fold_model(model, [(3, 2), (1, 6)], incremental=True)
    assert sequence_steps(engine, random_codes(model, 1)[:rows]) == [rows * 4, rows]


def test_latencies_follow_the_steps_that_changed() -> None:
    """Two groups of up to 3 steps, depths 5 and 4 by hand: last step 2 * steps - 1, then 9."""
    model = random_model((7, 6, 1))
    engine = fold_model(model, [(3, 3), (1, 3)], incremental=True)
    codes = slowly_changing_codes(model, 40)
    steps = changed_steps(engine.layers[0], codes).tolist()
    depths = [layer.pipeline_depth for layer in engine.layers]
    assert depths == [5, 4]
    assert latencies(engine, codes) == [2 * n - 1 + 9 for n in steps]
    assert latencies(engine, codes)[0] == engine.latency
    full = fold_model(model, [(3, 3), (1, 3)])
    assert latencies(full, codes) == [full.latency] * 40
