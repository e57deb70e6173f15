# SPDX-License-Identifier: Apache-2.0
import re
from pathlib import Path

import pytest

from pulsewright.hls_model.reference.drawn_mlp import drawn_mlp
from pulsewright.hls_model.schedule.folding import LayerFolding, fold
from pulsewright.hls_model.schedule.requantiser_stages import with_requantisers
from pulsewright.rtl.top import StreamTop
from pulsewright.rtl.verilog.writer import to_verilog
from pulsewright.synth.fpga.mapping import MappedDesign, map_design
from pulsewright.synth.fpga.targets import ECP5, ICE40, XC7, FpgaTarget
from pulsewright.synth.tools.logged_run import ToolError
from pulsewright.synth.tools.yosys import cell_counts, read_netlist, run_script
from tests.synth.designs import COUNTER, GATED_COUNTER, PRODUCT


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


def test_a_gate_of_the_clock_stays_open_in_an_fpga(tmp_path: Path) -> None:
    found = mapped(GATED_COUNTER, "gated_counter", ECP5, tmp_path)
    assert found.flip_flops == 8
    # Beside the sum no more than inverters of the lowest bit and the reset: no latch.
    assert found.luts <= 2


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


def carry_save_adders(text: str, folder: Path) -> int:
    """Cells of several additions each that Yosys makes of Verilog, as all its scripts do."""
    (folder / "engine.v").write_text(text, encoding="utf-8")
    commands = ("proc", "flatten", "opt", "wreduce", "opt", "alumacc", "write_json engine.json")
    run_script(("read_verilog engine.v", "hierarchy -top engine", *commands), folder, "engine")
    cells = cell_counts(read_netlist(folder / "engine.json", "engine"))
    products = len(
        re.findall(r"creating \$macc model for \S+ \(\$mul\)", (folder / "engine.log").read_text())
    )
    return sum(count for kind, count in cells.items() if kind.startswith("$macc")) - products


def test_yosys_makes_a_carry_save_adder_of_plain_sums(tmp_path: Path) -> None:
    """The measure of the next test sees what it looks for."""
    ports = "input [7:0] a, b, c, d, output [9:0] y"
    text = f"module engine({ports});\nassign y = a + b + c + d;\nendmodule\n"
    assert carry_save_adders(text, tmp_path) == 1


@pytest.mark.parametrize(
    ("folding", "shallow"),
    [
        (((8, 6), (1, 4)), True),
        pytest.param(((2, 6), (1, 4)), False, marks=pytest.mark.regression),
        pytest.param(((8, 6), (1, 8)), True, marks=pytest.mark.regression),
        pytest.param(((8, 6), (1, 8)), False, marks=pytest.mark.regression),
    ],
)
def test_yosys_leaves_the_additions_of_an_engine_apart(
    folding: tuple[tuple[int, int], ...], shallow: bool, tmp_path: Path
) -> None:
    """Of adder graphs where all weights stand side by side, of products and their sums else."""
    model = drawn_mlp("drawn", (6, 8, 1), (6, 6), 6, (6,))
    layers = [LayerFolding(pe=pe, simd=simd) for pe, simd in folding]
    folded = with_requantisers(fold(model.sizes, layers, shallow=shallow), model)
    assert carry_save_adders(to_verilog(StreamTop(model, folded), "engine"), tmp_path) == 0
