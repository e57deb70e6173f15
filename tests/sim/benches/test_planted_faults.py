# SPDX-License-Identifier: Apache-2.0
"""Faults of attachments that a result never shows."""

from pathlib import Path

import pytest

from pulsewright.sim.bench_tests import bench_results
from pulsewright.sim.simulators import Simulator
from tests.models import random_model
from tests.sim.designs import run_design

BESIDE = "channels_beside_each_other"
ANSWERED = r"\(port__pready & ~port__pslverr & ~port__pwrite\)"
FAULTS = {
    "writes go first always": ("axi_lite", r"<= ~bus__write;", "<= 1'h1;", BESIDE),
    "reads wait for RREADY": (
        "axi_lite",
        r"\(~port__rvalid \| port__rready\)",
        "port__rready",
        BESIDE,
    ),
    "a reset leaves what is kept": (
        "axi_lite",
        r"if \(rst\) full <= 1'h0;\s+else full",
        "if (rst && 1'h0) full <= 1'h0; else full",
        BESIDE,
    ),
    "data of writes": ("apb", ANSWERED, "(port__pready & ~port__pslverr)", "every_row"),
    "data before the end": ("apb", ANSWERED, "(~port__pslverr & ~port__pwrite)", "every_row"),
    "data that move between answers": (
        "hwpe_periph",
        r"else if \(done\) begin(\s+if \(misaligned)",
        r"else begin\1",
        "every_row",
    ),
    "identifiers that move between answers": (
        "hwpe_periph",
        r"else if \(done\) (port__r_id)",
        r"else \1",
        "every_row",
    ),
    "a clock for all but the answer": (
        "hwpe_periph",
        r"assign active = port__req \| waiting \| port__r_valid;",
        "assign active = port__req | waiting;",
        "every_row",
    ),
    "what a write that waits has stored": (
        "hwpe_periph",
        r"kept_data <= port__data;",
        "kept_data <= port__data ^ 32'h80000;",
        "writes_that_wait",
    ),
    "data of what was refused": ("apb", ANSWERED, "(port__pready & ~port__pwrite)", "register_map"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_it_is_seen(name: str, tmp_path: Path) -> None:
    attachment, pattern, planted, test = FAULTS[name]
    run = run_design(
        Simulator.VERILATOR if "reset" in name else Simulator.ICARUS,
        "bus_bench",
        tmp_path,
        random_model((3, 4, 2)),
        [(2, 3), (1, 2)],
        8,
        attachment=attachment,
        fault=(pattern, planted),
    )
    assert test in {failed for _, failed in bench_results(run.junit).failed}
