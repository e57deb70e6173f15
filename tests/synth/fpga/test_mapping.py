# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest

from pulsewright.synth.fpga.mapping import MappedDesign, map_design
from pulsewright.synth.fpga.targets import ECP5, ICE40, XC7, FpgaTarget
from pulsewright.synth.tools.logged_run import ToolError
from tests.synth.designs import COUNTER, PRODUCT


def mapped(
    text: str, top: str, target: FpgaTarget, folder: Path, device: str | None = None
) -> MappedDesign:
    return map_design(text, top, "design", target, target.device(device), folder)


def test_a_counter_takes_a_flip_flop_a_bit(tmp_path: Path) -> None:
    found = mapped(COUNTER, "counter", ICE40, tmp_path)
    assert (found.flip_flops, found.dsps, found.block_rams) == (8, 0, 0)
    # The lowest bit is an inverter, the carry of the highest goes nowhere.
    assert 8 <= found.luts == found.luts_with_carries <= 9
    assert 6 <= found.carries <= 8
    assert {"counter.v", "counter.ys", "counter.log", "counter.json"} <= {
        path.name for path in tmp_path.iterdir()
    }


def test_a_product_takes_a_multiplier(tmp_path: Path) -> None:
    found = mapped(PRODUCT, "product", ECP5, tmp_path)
    assert (found.dsps, found.block_rams) == (1, 0)
    assert found.luts_with_carries == found.luts + 2 * found.carries


@pytest.mark.regression
@pytest.mark.parametrize(("target", "device", "dsps"), [(ICE40, "up5k", 1), (XC7, None, 1)])
def test_other_families_have_multipliers_too(
    target: FpgaTarget, device: str | None, dsps: int, tmp_path: Path
) -> None:
    assert mapped(PRODUCT, "product", target, tmp_path, device).dsps == dsps


@pytest.mark.regression
def test_an_ice40_without_multipliers_makes_them_of_logic(tmp_path: Path) -> None:
    found = mapped(PRODUCT, "product", ICE40, tmp_path, "hx8k")
    assert found.dsps == 0
    assert found.luts > 200


def test_a_design_that_yosys_refuses_is_told_in_its_words(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match=r"Yosys ended with 1: .*absent.*broken\.log"):
        mapped("module broken; absent part (); endmodule\n", "broken", ECP5, tmp_path)
