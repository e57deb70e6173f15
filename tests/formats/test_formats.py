# SPDX-License-Identifier: Apache-2.0
"""Every format that a model file admits: right everywhere, or refused before any work."""

import ctypes
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from pulsewright.sim.simulators import Simulator
from tests.firmware.compiled_driver import compile_driver
from tests.formats import ways
from tests.formats.drawn import DrawnNetwork, drawn_codes, networks, wider_networks
from tests.hls_model.exact_reference import model_output
from tests.models import changed, fold_model, random_model
from tests.sim.soc.systems import need_core

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


@settings(max_examples=5, **DRAWN)
@given(network=networks(widest_input=17))
def test_the_driver_and_the_law_agree_on_every_format(
    network: DrawnNetwork, compiled: ctypes.CDLL
) -> None:
    agrees_without_simulation(network, compiled)


def agrees_without_simulation(network: DrawnNetwork, compiled: ctypes.CDLL) -> None:
    counts = ways.Counts()
    codes = drawn_codes(network.model, 4)
    assert network.model.infer(codes).tolist() == model_output(network.model, codes)
    for attachment in ways.BENCHES:
        ways.reaches(network, attachment, counts)
    ways.through_driver(network, compiled, counts)


@settings(max_examples=5, **DRAWN)
@given(network=wider_networks())
def test_the_driver_and_the_wider_law_agree_on_every_format(
    network: DrawnNetwork, compiled: ctypes.CDLL
) -> None:
    agrees_without_simulation(network, compiled)


@pytest.mark.regression
@settings(max_examples=200, **DRAWN)
@given(network=networks(widest_input=17) | wider_networks())
def test_the_driver_and_both_laws_agree_on_many_formats(
    network: DrawnNetwork, compiled: ctypes.CDLL
) -> None:
    agrees_without_simulation(network, compiled)


def corner(**options: Any) -> DrawnNetwork:
    """Unsigned inputs, a neuron without weights, and an output that is constant."""
    model = random_model((4, 3, 2), signed_inputs=False, pulses=9, pulse_input=1, **options)
    hidden, output = model.layers
    weights = hidden.weights.copy(), output.weights.copy()
    weights[0][1], weights[1][0] = 0, 0
    layers = changed(hidden, weights=weights[0]), changed(output, weights=weights[1])
    reloadable = options.get("input_width", 8) > 8
    model = changed(model, layers=layers)
    return DrawnNetwork(model, fold_model(model, [(2, 3), (1, 2)], reloadable=reloadable))


@pytest.mark.parametrize(
    ("attachment", "simulator", "options"),
    [
        ("pcpi", Simulator.ICARUS, {}),
        *(
            pytest.param(*case, marks=pytest.mark.regression)
            for case in (
                ("obi", Simulator.ICARUS, {"input_width": 12}),
                ("cv_x_if", Simulator.VERILATOR, {"weight_width": 11}),
            )
        ),
    ],
)
def test_corners_in_simulation(
    attachment: str, simulator: Simulator, options: dict[str, Any], tmp_path: Path
) -> None:
    counts = ways.Counts()
    ways.through_rtl(corner(**options), attachment, simulator, tmp_path, counts)
    assert sum(counts.right.values()) == 1, counts


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


@pytest.mark.regression
@settings(max_examples=40, **DRAWN)
@given(network=wider_networks())
def test_every_format_of_the_wider_law_on_icarus(
    network: DrawnNetwork, compiled: ctypes.CDLL, counts: ways.Counts
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        check_everything(network, Simulator.ICARUS, Path(folder), compiled, counts)


@pytest.mark.regression
@settings(max_examples=12, **DRAWN)
@given(network=wider_networks())
def test_every_format_of_the_wider_law_on_verilator(
    network: DrawnNetwork, compiled: ctypes.CDLL, counts: ways.Counts
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        check_everything(network, Simulator.VERILATOR, Path(folder), compiled, counts)


@pytest.mark.regression
@settings(max_examples=12, **DRAWN)
@given(network=networks())
def test_every_format_on_verilator(
    network: DrawnNetwork, compiled: ctypes.CDLL, counts: ways.Counts
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        check_everything(network, Simulator.VERILATOR, Path(folder), compiled, counts)


@pytest.mark.regression
@pytest.mark.parametrize("attachment", ["obi", "pcpi"])
@settings(max_examples=20, **DRAWN)
@given(network=networks())
def test_every_format_in_firmware(
    network: DrawnNetwork, attachment: str, counts: ways.Counts
) -> None:
    need_core("picorv32")
    with tempfile.TemporaryDirectory() as folder:
        ways.through_firmware(network, attachment, Simulator.ICARUS, Path(folder), counts)
