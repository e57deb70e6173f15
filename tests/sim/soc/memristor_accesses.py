# SPDX-License-Identifier: Apache-2.0
"""Runs in the simulator: the accesses of accesses.json, one a line, and their answers."""

import json
import os
from pathlib import Path
from typing import Any

import cocotb
from cocotb.clock import Clock
from cocotb.triggers import FallingEdge


@cocotb.test()
async def every_access(dut: Any) -> None:
    folder = Path(os.environ["ACCESS_FOLDER"])
    accesses = json.loads((folder / "accesses.json").read_text())
    dut.rst_ni.value = 0
    dut.req_i.value = dut.we_i.value = dut.addr_i.value = dut.wdata_i.value = 0
    Clock(dut.clk_i, 10, "ns").start()
    await FallingEdge(dut.clk_i)
    await FallingEdge(dut.clk_i)
    dut.rst_ni.value = 1
    answers = []
    for idle, write, offset, word in accesses:
        dut.req_i.value = 0
        for _ in range(idle):
            await FallingEdge(dut.clk_i)
        dut.req_i.value, dut.we_i.value = 1, write
        dut.addr_i.value, dut.wdata_i.value = offset, word
        await FallingEdge(dut.clk_i)
        answers.append([int(dut.rdata_o.value), int(dut.err_o.value)])
    (folder / "answers.json").write_text(json.dumps(answers))
