# SPDX-License-Identifier: Apache-2.0
"""Every format that a model file admits: right everywhere, or refused before any work."""

import ctypes
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from pulsewright.sim.simulators import Simulator
from tests.firmware.compiled_driver import compile_driver
from tests.formats import ways
from tests.formats.drawn import DrawnNetwork, drawn_codes, networks
from tests.hls_model.exact_reference import model_output

# The same networks every time: a number that is reported can be had again.
DRAWN = {
    "derandomize": True,
    "database": None,
    "deadline": None,
    "phases": [Phase.generate],
    "suppress_health_check": list(HealthCheck),
}


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> ctypes.CDLL:
    return compile_driver("gcc", tmp_path_factory.mktemp("driver"))


@pytest.fixture(scope="module")
def counts(request: pytest.FixtureRequest) -> Iterator[ways.Counts]:
    kept = ways.Counts()
    yield kept
    reporter = request.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None and request.config.option.verbose > 0:
        reporter.write_line(f"\n{kept}")


@settings(max_examples=40, **DRAWN)
@given(network=networks(widest_input=17))
def test_the_driver_and_the_law_agree_on_every_format(
    network: DrawnNetwork, compiled: ctypes.CDLL
) -> None:
    counts = ways.Counts()
    codes = drawn_codes(network.model, 4)
    assert network.model.infer(codes).tolist() == model_output(network.model, codes)
    for attachment in ways.BENCHES:
        ways.reaches(network, attachment, counts)
    ways.through_driver(network, compiled, counts)


def check_everything(
    network: DrawnNetwork,
    simulator: Simulator,
    folder: Path,
    compiled: ctypes.CDLL,
    counts: ways.Counts,
) -> None:
    counts.draw(network)
    codes = drawn_codes(network.model, 4)
    assert network.model.infer(codes).tolist() == model_output(network.model, codes)
    ways.through_driver(network, compiled, counts)
    ways.through_software(network, folder, counts)
    ways.through_hls(network, folder / "hls", counts)
    for attachment in ways.BENCHES:
        ways.through_rtl(network, attachment, simulator, folder / attachment, counts)


@pytest.mark.regression
@settings(max_examples=40, **DRAWN)
@given(network=networks())
def test_every_format_on_icarus(
    network: DrawnNetwork, compiled: ctypes.CDLL, counts: ways.Counts
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        check_everything(network, Simulator.ICARUS, Path(folder), compiled, counts)
