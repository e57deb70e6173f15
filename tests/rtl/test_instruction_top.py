# SPDX-License-Identifier: Apache-2.0
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pulsewright.rtl.buses.options import AttachmentOptions
from pulsewright.rtl.buses.registry import INSTRUCTIONS
from pulsewright.rtl.instruction_top import InstructionTop
from pulsewright.rtl.verilog.writer import to_verilog
from tests.models import fold_model
from tests.pulse_models import pulse_model
from tests.rtl.test_top import ports

FOLDING = [(8, 6), (1, 8)]
COMMON = {
    "clk_i": ("input", 1),
    "rst_ni": ("input", 1),
    "irq_o": ("output", 1),
    "event_o": ("output", 1),
    "clock_enable_o": ("output", 1),
}


def test_the_pcpi_top_has_the_ports_of_picorv32_and_no_others() -> None:
    model = pulse_model((6, 64, 1))
    assert ports(InstructionTop(model, fold_model(model, FOLDING), "pcpi"), "coprocessor") == {
        **COMMON,
        "pcpi_valid_i": ("input", 1),
        "pcpi_insn_i": ("input", 32),
        "pcpi_rs1_i": ("input", 32),
        "pcpi_rs2_i": ("input", 32),
        "pcpi_wr_o": ("output", 1),
        "pcpi_rd_o": ("output", 32),
        "pcpi_wait_o": ("output", 1),
        "pcpi_ready_o": ("output", 1),
    }


@pytest.mark.quick_cases(1)
@pytest.mark.parametrize("id_bits", [3, 4, 32])
def test_the_cv_x_if_top_has_every_signal_of_the_interface(id_bits: int) -> None:
    """Those of if_xif.sv in CV32E40X, structure by structure, flattened."""
    core_drives = {
        "compressed": {"valid": 1, "req_instr": 16, "req_mode": 2, "req_id": id_bits},
        "issue": {
            "valid": 1,
            "req_instr": 32,
            "req_mode": 2,
            "req_id": id_bits,
            "req_rs": 64,
            "req_rs_valid": 2,
            "req_ecs": 6,
            "req_ecs_valid": 1,
        },
        "commit": {"valid": 1, "id": id_bits, "commit_kill": 1},
        "mem": {"ready": 1, "resp_exc": 1, "resp_exccode": 6, "resp_dbg": 1},
        "mem_result": {"valid": 1, "id": id_bits, "rdata": 32, "err": 1, "dbg": 1},
        "result": {"ready": 1},
    }
    coprocessor_drives = {
        "compressed": {"ready": 1, "resp_instr": 32, "resp_accept": 1},
        "issue": {
            "ready": 1,
            "resp_accept": 1,
            "resp_writeback": 1,
            "resp_dualwrite": 1,
            "resp_dualread": 3,
            "resp_loadstore": 1,
            "resp_ecswrite": 1,
            "resp_exc": 1,
        },
        "mem": {
            "valid": 1,
            "req_id": id_bits,
            "req_addr": 32,
            "req_mode": 2,
            "req_we": 1,
            "req_size": 3,
            "req_be": 4,
            "req_attr": 2,
            "req_wdata": 32,
            "req_last": 1,
            "req_spec": 1,
        },
        "result": {
            "valid": 1,
            "id": id_bits,
            "data": 32,
            "rd": 5,
            "we": 1,
            "ecsdata": 6,
            "ecswe": 3,
            "exc": 1,
            "exccode": 6,
            "err": 1,
            "dbg": 1,
        },
    }
    expected: dict[str, tuple[str, int]] = dict(COMMON)
    for direction, suffix, groups in (
        ("input", "i", core_drives),
        ("output", "o", coprocessor_drives),
    ):
        for group, signals in groups.items():
            for name, width in signals.items():
                expected[f"x_{group}_{name}_{suffix}"] = (direction, width)
    model = pulse_model((6, 64, 1))
    top = InstructionTop(
        model, fold_model(model, FOLDING), "cv_x_if", AttachmentOptions(id_bits=id_bits)
    )
    assert ports(top, "coprocessor") == expected


@pytest.mark.quick_cases(1)
@pytest.mark.parametrize("name", INSTRUCTIONS)
def test_the_verilog_is_what_icarus_11_takes(name: str) -> None:
    model = pulse_model((6, 8, 1))
    text = to_verilog(
        InstructionTop(model, fold_model(model, [(1, 1), (1, 1)]), name), "coprocessor"
    )
    assert not re.search(r"function [^;]*\$", text)


REFUSED = """
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.rtl.instruction_top import InstructionTop
from tests.models import fold_model, random_model

model = random_model((9, 1))
for name in ("cv_x_if", "pcpi"):
    try:
        InstructionTop(model, fold_model(model, [(1, 1)]), name)
    except PulsewrightError as error:
        print(error)
"""


def test_codes_that_do_not_fit_the_operands_are_refused_with_one_sentence() -> None:
    """In a process of its own: Amaranth may not add a warning of a design that is not used."""
    run = subprocess.run(
        [sys.executable, "-c", REFUSED],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    sentence = (
        "9 inputs of 8 bits need 3 input words, an instruction has 2, rs1 and rs2; "
        "use at most 8 inputs or a memory-mapped attachment such as obi\n"
    )
    assert (run.stdout, run.stderr) == (2 * sentence, "")
