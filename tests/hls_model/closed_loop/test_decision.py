# SPDX-License-Identifier: Apache-2.0
import numpy as np

from pulsewright.hls_model.closed_loop.decision import decision_workload
from pulsewright.hls_model.closed_loop.history import (
    LEVEL_INPUTS,
    History,
    PulseSetting,
    prepare,
)
from pulsewright.hls_model.schedule.sequence import sequence_steps
from tests.history_models import random_history_model
from tests.models import fold_model

MODEL = random_history_model(0)


def test_two_inferences_of_a_plain_engine() -> None:
    engine = fold_model(MODEL, [(2, 1), (1, 2)])
    found = decision_workload(engine)
    assert (found.vectors, found.steps) == (2, (2 * 26, 2 * 4))
    assert found.cycles == 2 * engine.latency


def test_an_incremental_engine_takes_the_inputs_of_the_level_alone() -> None:
    """Steps are those of two vectors of codes that differ there; one step if simd joins both."""
    for simd, changed in ((1, 2), (2, 1), (3, 2), (4, 1)):
        engine = fold_model(MODEL, [(2, simd), (1, 2)], incremental=True)
        codes = np.zeros((2, 13), dtype=np.int64)
        codes[1, list(LEVEL_INPUTS)] = 1
        found = decision_workload(engine)
        assert found.steps == tuple(sequence_steps(engine, codes))
        assert found.steps[0] == 2 * (engine.layers[0].input_steps + changed)
        assert engine.latency < found.cycles < 2 * engine.latency


def test_the_level_changes_no_other_input() -> None:
    random = np.random.default_rng(0)
    rows = 200
    place = np.sort(random.integers(0, 100, (2, rows)), axis=0)
    reads = random.integers(1, 2**31, (3, rows))
    history = History(place[0], place[1], *reads, np.ones(rows, dtype=np.int64))
    setting = PulseSetting(
        *(np.full(rows, value) for value in (2000, 0, 100_000, 100_000, 100_000))
    )
    one, other = (
        prepare(history, setting, random.integers(0, 2**31, rows)).inputs for _ in range(2)
    )
    same = np.delete(np.arange(13), LEVEL_INPUTS)
    assert (one[:, same] == other[:, same]).all()
    assert (one != other).any(axis=0)[list(LEVEL_INPUTS)].all()
