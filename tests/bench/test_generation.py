# SPDX-License-Identifier: Apache-2.0
"""A network of 260 000 weights becomes Verilog in seconds, and computes what it says."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench.generation import KEYWORD_SPOTTER, keyword_spotter
from pulsewright.hls_model.schedule.folding_search import cheapest_folding
from pulsewright.hls_model.schedule.requantiser_stages import with_requantisers
from pulsewright.rtl.table_options import TableOptions
from pulsewright.sim.engines.checked_engine import CheckedEngine
from pulsewright.sim.engines.run import write_engines
from pulsewright.sim.simulators import Simulator
from tests.models import random_codes

CPU_SECONDS = 20
MEBIBYTES = 2048


# In a process of its own, since the tests before may have taken any memory.
PROGRAM = """
from bench.generation import KEYWORD_SPOTTER, generation, keyword_spotter
from pulsewright.hls_model.schedule.folding_search import cheapest_folding
model = keyword_spotter()
found = generation(model, cheapest_folding(KEYWORD_SPOTTER, 2048))
print(sum(layer.weights.size for layer in model.layers), found.seconds, found.megabytes)
"""


@pytest.mark.regression
def test_a_large_network_is_generated_in_seconds() -> None:
    path = os.pathsep.join(filter(None, sys.path))
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": path},
    )
    weights, seconds, megabytes = map(float, run.stdout.split())
    assert weights > 250_000
    assert 0 < seconds < CPU_SECONDS
    assert 0 < megabytes < MEBIBYTES


@pytest.mark.regression
@pytest.mark.parametrize("simulator", list(Simulator))
def test_it_computes_what_the_integer_model_says(simulator: Simulator, tmp_path: Path) -> None:
    model = keyword_spotter()
    folded = with_requantisers(cheapest_folding(KEYWORD_SPOTTER, 2048), model)
    tables = TableOptions(memory="block_ram", files=True)
    engine = CheckedEngine(model, folded, random_codes(model, 4), stalled_rows=1, tables=tables)
    (outcome,) = write_engines([engine], tmp_path).run(simulator)
    assert outcome.is_right, outcome
    assert (outcome.shortest, outcome.latency) == (2048, folded.latency)
