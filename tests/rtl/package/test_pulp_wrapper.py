# SPDX-License-Identifier: Apache-2.0
import os
import subprocess
from pathlib import Path

import pytest

from pulsewright.sim.simulators import Simulator, simulator_environment
from tests.rtl.package.packages import NAME, design, files, write

# The interfaces of PULP as far as the slot uses them.
INTERFACES = """
interface XBAR_TCDM_BUS;
  logic req, wen, gnt, r_opc, r_valid;
  logic [31:0] add, wdata, r_rdata;
  logic [3:0] be;
  modport Master(output req, add, wen, wdata, be, input gnt, r_rdata, r_opc, r_valid);
endinterface
interface XBAR_PERIPH_BUS #(parameter int unsigned ID_WIDTH = 8);
  logic req, wen, gnt, r_opc, r_valid;
  logic [31:0] add, wdata, r_rdata;
  logic [3:0] be;
  logic [ID_WIDTH-1:0] id, r_id;
  modport Slave(
    input req, add, wen, wdata, be, id, output gnt, r_rdata, r_opc, r_id, r_valid);
endinterface
"""

# Drives the slot: identifiers come back, reads read, errors are words, masters are idle.
SLOT = f"""
module slot;
  logic clk = 0, rst_n = 0, busy;
  logic [1:0] evt;
  XBAR_TCDM_BUS masters[2:0]();
  XBAR_PERIPH_BUS #(.ID_WIDTH(5)) periph();
  {NAME}_fc_hwpe #(.N_MASTER_PORT(3), .ID_WIDTH(5)) dut (
    .clk_i(clk), .rst_ni(rst_n), .test_mode_i(1'b0),
    .hwacc_xbar_master(masters), .hwacc_cfg_slave(periph), .evt_o(evt), .busy_o(busy));
  always #5 clk = ~clk;
  task automatic access(input logic wen, input [31:0] address, data, input [4:0] id);
    @(negedge clk);
    periph.req = 1; periph.wen = wen; periph.add = address; periph.wdata = data;
    periph.be = 4'hF; periph.id = id;
    #4 while (!periph.gnt) #10;
    @(negedge clk);
    periph.req = 0; periph.id = ~id;
    #4 while (!periph.r_valid) #10;
    $display("%0d %h %0d %0d %0d", id, periph.r_rdata, periph.r_id == id, periph.r_opc,
             masters[0].req | masters[1].req | masters[2].req);
  endtask
  initial #2000 $finish;
  initial begin
    periph.req = 0;
    repeat (3) @(posedge clk);
    rst_n = 1;
    access(1, 32'h20, 0, 5'd19);
    access(0, 32'h38, 1, 5'd4);
    access(1, 32'h38, 0, 5'd31);
    access(1, 32'hFFC, 0, 5'd7);
    $finish;
  end
endmodule
"""


def test_the_wrapper_is_clean_with_the_interfaces_of_pulp(tmp_path: Path) -> None:
    write(tmp_path, files("hwpe_periph"))
    (tmp_path / "interfaces.sv").write_text(INTERFACES)
    # Verilator's words on the coprocessor itself are the business of its own lint.
    sources = ["interfaces.sv", f"hdl/{NAME}_hwpe_periph.v", f"hdl/{NAME}_fc_hwpe.sv"]
    waivers = ["-Wno-DECLFILENAME", "-Wno-UNUSEDSIGNAL", "-Wno-UNDRIVEN", "-Wno-PINCONNECTEMPTY"]
    lint = ["verilator", "--lint-only", "-Wall", *waivers, "--top-module", f"{NAME}_fc_hwpe"]
    with simulator_environment(Simulator.VERILATOR):
        run = subprocess.run(
            [*lint, f"lint/{NAME}_hwpe_periph.vlt", *sources],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
    said = [line for line in run.stderr.splitlines() if "fc_hwpe.sv" in line]
    assert said == []
    assert "%Error:" not in run.stderr.replace("%Error: Exiting", "")


@pytest.mark.regression
def test_the_slot_works_in_simulation(tmp_path: Path) -> None:
    write(tmp_path, files("hwpe_periph"))
    (tmp_path / "slot.sv").write_text(INTERFACES + SLOT)
    sources = ["slot.sv", f"hdl/{NAME}_hwpe_periph.v", f"hdl/{NAME}_fc_hwpe.sv"]
    flags = (
        " CFG_CXXFLAGS_COROUTINES=-fcoroutines CFG_CXXFLAGS_STD=-std=gnu++20 "
        "CFG_LDLIBS_THREADS=-pthread"
    )
    with simulator_environment(Simulator.VERILATOR):
        subprocess.run(
            ["verilator", "--binary", "--timing", "-Wno-fatal", "--top-module", "slot", *sources],
            cwd=tmp_path,
            env=os.environ | {"MAKEFLAGS": os.environ["MAKEFLAGS"] + flags},
            capture_output=True,
            check=True,
        )
    run = subprocess.run(
        ["obj_dir/Vslot"], cwd=tmp_path, capture_output=True, text=True, check=True, timeout=60
    )
    lines = [line for line in run.stdout.splitlines() if not line.startswith("-")]
    assert lines == [
        "19 50554c53 1 0 0",
        "4 00000000 1 0 0",
        "31 00000001 1 0 0",
        "7 badacce5 1 0 0",
    ]


def test_only_the_bus_of_the_slot_has_a_wrapper() -> None:
    assert design("obi").pulp_wrapper is None
    assert f"hdl/{NAME}_fc_hwpe.sv" in files("hwpe_periph")
