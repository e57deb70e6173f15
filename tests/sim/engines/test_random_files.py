# SPDX-License-Identifier: Apache-2.0
"""Random files through both simulators: what exact arithmetic says is what the engines compute."""

import itertools
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from pulsewright.sim.engines.checked_engine import CheckedEngine
from pulsewright.sim.engines.run import write_engines
from pulsewright.sim.simulators import Simulator
from tests.hls_model.quantised_onnx.random_files import random_file
from tests.models import fold_model

ROWS = 24
# Verilator takes as long for twenty small engines as for two.
TOGETHER = 20
PROGRAMS = 10


def engines(first_seed: int) -> Iterator[CheckedEngine]:
    """Of every file from that seed on, folded at random."""
    for seed in itertools.count(first_seed):
        found = random_file(seed, ROWS)
        if found is None:
            continue
        model, draw = found.imported.model, random.Random(seed)
        foldings = [
            (draw.randint(1, neurons), draw.randint(1, inputs))
            for inputs, neurons in itertools.pairwise(model.sizes)
        ]
        folded = fold_model(model, foldings, shallow=draw.random() < 0.3)
        yield CheckedEngine(model, folded, found.codes, stalled_rows=ROWS)


def check(first_seed: int, count: int, simulators: list[Simulator], folder: Path) -> None:
    written = write_engines(list(itertools.islice(engines(first_seed), count)), folder)
    for simulator in simulators:
        outcomes = written.run(simulator)
        for engine, outcome in zip(written.engines, outcomes, strict=True):
            assert outcome.is_right, (outcome, engine.model)
            assert outcome.results == 2 * ROWS
            interval = engine.folded.initiation_interval
            assert (outcome.shortest, outcome.longest) == (interval, interval)
            assert outcome.latency == engine.folded.latency


def test_a_few_files_on_icarus(tmp_path: Path) -> None:
    check(0, 6, [Simulator.ICARUS], tmp_path)


# Seeds are 1000 apart, so that no network comes twice.
@pytest.mark.regression
@pytest.mark.parametrize("program", range(PROGRAMS))
def test_twenty_files_in_one_program(program: int, tmp_path: Path) -> None:
    check(2000 + 1000 * program, TOGETHER, list(Simulator), tmp_path)
