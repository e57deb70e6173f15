# SPDX-License-Identifier: Apache-2.0
import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.synth.fpga.targets import ECP5, FPGA_TARGETS, ICE40, XC7, Resource


def test_cells_are_counted_by_what_they_are() -> None:
    taken = XC7.resources(
        {"LUT6": 3, "LUT2": 4, "CARRY4": 2, "FDCE": 5, "RAM32M": 1, "RAMB36E1": 1, "BUFG": 1}
    )
    assert taken == {
        Resource.LUT: 7,
        Resource.CARRY: 2,
        Resource.MEMORY_LUT: 4,
        Resource.FLIP_FLOP: 5,
        Resource.DSP: 0,
        Resource.BLOCK_RAM: 2,
    }


def test_every_kind_of_flip_flop_counts() -> None:
    assert ICE40.resources({"SB_DFF": 1, "SB_DFFER": 2})[Resource.FLIP_FLOP] == 3
    assert ECP5.resources({"TRELLIS_FF": 4})[Resource.FLIP_FLOP] == 4


@pytest.mark.parametrize("target", FPGA_TARGETS.values(), ids=FPGA_TARGETS)
def test_no_cell_counts_twice(target: object) -> None:
    assert target in (ECP5, ICE40, XC7)
    for kind in ("LUT4", "SB_LUT4", "LUT6", "FDRE", "SB_DFFSR", "DP16KD", "RAM64X1D"):
        assert sum(map(bool, target.resources({kind: 1}).values())) <= 1  # type: ignore[attr-defined]


def test_devices_are_found_by_name() -> None:
    assert ECP5.device(None).name == "85k"
    assert ICE40.device("up5k").mapping == ("-dsp",)
    with pytest.raises(PulsewrightError, match="'u9' is no device of ice40; choose one of hx8k, "):
        ICE40.device("u9")
