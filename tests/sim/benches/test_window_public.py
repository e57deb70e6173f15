# SPDX-License-Identifier: Apache-2.0
"""Public networks of hundreds of inputs through windows, on rows of a public executor."""

from pathlib import Path

import pytest

from pulsewright.hls_model.importer import ImportChoices, import_model
from pulsewright.sim.simulators import Simulator
from tests.hls_model.public_models import needs_public_models, public_file
from tests.sim.benches.test_axi_stream_public import NETWORKS, ROWS, stimulus
from tests.sim.designs import run_design


@pytest.mark.regression
@needs_public_models
@pytest.mark.parametrize("simulator", Simulator)
@pytest.mark.parametrize("name", NETWORKS)
def test_a_public_network_through_its_windows(
    simulator: Simulator, name: str, tmp_path: Path
) -> None:
    network = NETWORKS[name]
    imported = import_model(public_file(network.file), ImportChoices(output=network.output))
    codes = stimulus(network, imported)[: ROWS[simulator]]
    run = run_design(
        simulator,
        ["bus_bench", "window_bench"],
        tmp_path,
        imported.model,
        network.foldings,
        len(codes),
        codes=codes,
    )
    assert run.failures == 0, run.log.read_text()[-3000:]
    every_row = run.outcomes["every_row"]
    assert (every_row.rows, every_row.mismatches) == (ROWS[simulator], 0)
    overlapped = run.outcomes["loaded_while_computing"]
    assert overlapped.mismatches == 0
    # Storing and loading beside the jobs saves what they take.
    assert overlapped.clock_cycles / overlapped.rows < every_row.clock_cycles / every_row.rows
