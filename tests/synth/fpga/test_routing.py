# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.synth.fpga.mapping import map_design
from pulsewright.synth.fpga.routing import RoutedDesign, route_design
from pulsewright.synth.fpga.targets import ECP5, ICE40, XC7, FpgaTarget
from tests.synth.designs import COUNTER, DELAY_LINE


def routed(
    text: str, top: str, target: FpgaTarget, seeds: tuple[int, ...], folder: Path
) -> RoutedDesign:
    device = target.devices[0]
    map_design(text, top, "design", target, device, folder)
    return route_design(top, "design", target, device, seeds, folder)


@pytest.mark.regression
@pytest.mark.parametrize("target", [ECP5, ICE40])
def test_a_counter_is_placed_from_every_seed(target: FpgaTarget, tmp_path: Path) -> None:
    found = routed(COUNTER, "counter", target, (1, 2), tmp_path)
    assert list(found.megahertz) == [1, 2]
    assert all(100 < one < 1000 for one in found.megahertz.values())
    assert found.median_megahertz == sum(found.megahertz.values()) / 2
    assert found.remark == ""


@pytest.mark.regression
def test_what_does_not_fit_is_marked(tmp_path: Path) -> None:
    found = routed(DELAY_LINE, "delay_line", ICE40, (1,), tmp_path)
    assert found.megahertz == {}
    assert found.median_megahertz is None
    assert "ERROR" in found.remark


def test_no_open_tool_routes_a_7_series(tmp_path: Path) -> None:
    with pytest.raises(PulsewrightError, match="no open tool routes AMD 7 series"):
        route_design("counter", "design", XC7, XC7.devices[0], (1,), tmp_path)
