# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest

from pulsewright.flow.build_folder import BuildFolder
from pulsewright.flow.steps.cells import chosen_cells
from pulsewright.flow.steps.foreign_verilog import ForeignVerilog, measure_foreign
from pulsewright.flow.steps.fpga import chosen_fpga
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.synth.fpga.mapping import map_design
from pulsewright.synth.fpga.targets import ICE40
from tests.synth.designs import COUNTER
from tests.synth.mini_library import MINI_LIBRARY


def counter(folder: Path) -> ForeignVerilog:
    """Ours, in two files and with other names."""
    inner = COUNTER.replace("module counter", "module part")
    (folder / "part.v").write_text(inner.replace("rst_ni", "resetn").replace("clk_i", "clk"))
    (folder / "top.v").write_text(
        "module top (input clk, input resetn, input enable_i, output [7:0] count_o);"
        "part one (.clk(clk), .resetn(resetn), .enable_i(enable_i), .count_o(count_o)); endmodule"
    )
    return ForeignVerilog((folder / "part.v", folder / "top.v"), "top")


def test_the_same_design_takes_what_ours_takes_and_is_mapped_once(tmp_path: Path) -> None:
    build = BuildFolder(tmp_path / "build", "top")
    chosen = chosen_fpga("ice40", None, 0)
    (shown,) = measure_foreign(counter(tmp_path), chosen, build).fpgas
    (found,) = shown.mapping.designs
    own = map_design(COUNTER, "counter", "top", ICE40, ICE40.device(None), tmp_path)
    assert found == own
    assert shown.routing is None
    result = build.path / "ice40_hx8k" / "mapping.json"
    before = result.stat().st_mtime_ns
    measure_foreign(counter(tmp_path), chosen, build)
    assert result.stat().st_mtime_ns == before


def test_standard_cells_are_timed_with_their_clock(tmp_path: Path) -> None:
    liberty = tmp_path / "mini.lib"
    liberty.write_text(MINI_LIBRARY)
    chosen = chosen_cells(None, liberty, None, 4.0, clock_gates=False)
    build = BuildFolder(tmp_path / "build", "top")
    (shown,) = measure_foreign(counter(tmp_path), chosen, build).cells
    (found,) = shown.cells.designs
    assert (found.design, found.flip_flops, found.clock_gates) == ("top", 8, 0)
    assert shown.energy is None
    # From flip-flop to flip-flop there is some logic, if OpenSTA is there to tell.
    assert all(time > 0.1 for time in found.nanoseconds.values())


@pytest.mark.regression
def test_another_text_is_mapped_again(tmp_path: Path) -> None:
    build = BuildFolder(tmp_path / "build", "top")
    chosen = chosen_fpga("ice40", None, 0)
    design = counter(tmp_path)
    measure_foreign(design, chosen, build)
    result = build.path / "ice40_hx8k" / "mapping.json"
    before = result.stat().st_mtime_ns
    (tmp_path / "part.v").write_text((tmp_path / "part.v").read_text().replace("8'd1", "8'd3"))
    measure_foreign(design, chosen, build)
    assert result.stat().st_mtime_ns != before


@pytest.mark.regression
def test_it_is_placed_and_routed_in_the_harness(tmp_path: Path) -> None:
    build = BuildFolder(tmp_path / "build", "top")
    (shown,) = measure_foreign(counter(tmp_path), chosen_fpga("ice40", None, 1), build).fpgas
    assert shown.routing is not None
    (routed,) = shown.routing.designs
    assert routed.design == "top"
    assert routed.megahertz[1] > 50


def test_files_that_are_none_and_names_that_are_commands_are_refused(tmp_path: Path) -> None:
    with pytest.raises(PulsewrightError, match=r"cannot read --verilog .*none\.v': No such file"):
        ForeignVerilog((tmp_path / "none.v",), "top").text()
    with pytest.raises(PulsewrightError, match="'top; shell ls' is no module of letters, digits"):
        ForeignVerilog((tmp_path / "none.v",), "top; shell ls")
