# SPDX-License-Identifier: Apache-2.0
"""Windows of inputs and results are blocks of memory, and not flip-flops."""

from pathlib import Path

import pytest

from pulsewright.rtl.tops import coprocessor_top
from pulsewright.rtl.verilog.writer import to_verilog
from pulsewright.synth.fpga.mapping import map_design
from pulsewright.synth.fpga.targets import ECP5, ICE40, XC7, FpgaTarget
from tests.models import fold_model, random_model

INPUTS, RESULTS = 4096, 600


@pytest.mark.regression
@pytest.mark.parametrize("target", [ECP5, ICE40, XC7], ids=lambda target: target.name)
@pytest.mark.parametrize("simd", [8, 7])
def test_windows_are_block_ram(target: FpgaTarget, simd: int, tmp_path: Path) -> None:
    model = random_model((INPUTS, 2, RESULTS))
    verilog = to_verilog(
        coprocessor_top("obi", model, fold_model(model, [(1, simd), (4, 2)])), "wide"
    )
    for window, most_luts in (("input", 620), ("result", 250)):
        top = f"wide_coprocessor_{window}_window"
        mapped = map_design(verilog, top, window, target, target.device(None), tmp_path)
        assert mapped.block_rams > 0
        assert mapped.flip_flops < 130
        assert mapped.luts_with_carries < most_luts
