# SPDX-License-Identifier: Apache-2.0
"""The simulated devices in Verilog against their model in Python, access by access."""

import json
import random
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from cocotb_tools.runner import get_runner

from pulsewright.sim.simulators import Simulator, simulator_environment
from pulsewright.sim.soc.memristor_curves import Memristors, draw_memristors
from tests.memristor_model import MemristorModel

TOP = """
module bench (input clk_i, rst_ni, req_i, we_i, input [11:0] addr_i, input [31:0] wdata_i,
              output [31:0] rdata_o, output err_o);
    memristor #(.FILE("{image}"), .WORDS({words})) memristor (.*);
endmodule
"""
Access = tuple[int, int, int, int]


def devices() -> Memristors:
    """Eleven devices of three candidates with curves of 20 pulses that also fall."""
    generator = np.random.default_rng(1)
    physical = np.repeat([[2000, -900, 100, 5, 7], [2100, 0, 9, 8, 7], [1900, 0, 1, 2, 3]], 4, 0)
    currents = np.log1p(np.arange(20)) + generator.normal(0, 0.1, (12, 20))
    return draw_memristors(physical, currents, np.arange(12), 13, devices=11, candidates=3)


def random_accesses(of: Memristors, count: int) -> list[Access]:
    """Idle cycles, write, offset, word: mostly short bursts of pulses and reads."""
    draw = random.Random(2)
    accesses: list[Access] = []
    for _ in range(count):
        kind = draw.choices(range(6), [8, 8, 1, 1, 3, 2])[0]
        idle = draw.choice((0, 0, 0, 1, 3))
        if kind == 0:
            burst = draw.choice((0, 1, 1, 2, 3, 5, 70))
            accesses.append((idle, 1, 0x1C, draw.randrange(of.candidates) << 16 | burst))
        elif kind == 1:
            accesses.append((idle, 0, 0x20, draw.getrandbits(32)))
        elif kind == 2:
            accesses.append((idle, 1, 0x14, draw.randrange(of.devices)))
        elif kind == 3:
            accesses.append((idle, 1, 0x18, draw.getrandbits(32)))
        elif kind == 4:
            offset = draw.choice((draw.randrange(0, 0x30, 4), draw.randrange(0x100, 0x180, 4)))
            accesses.append((idle, 0, offset, 0))
        else:
            offset = draw.choice((draw.randrange(0x1000), draw.randrange(0, 0x2C, 4)))
            accesses.append((idle, draw.randrange(2), offset, draw.getrandbits(32)))
    accesses.append((0, 1, 0x1C, of.candidates << 16 | 1))
    accesses.append((0, 1, 0x14, of.devices))
    accesses.append((0, 0, 0x100 + 0x20 * of.candidates, 0))
    return accesses


def expected(of: Memristors, accesses: list[Access]) -> list[list[int]]:
    model = MemristorModel(of)
    answers = []
    for _, write, offset, word in accesses:
        value, error = (0, model.store(offset, word)) if write else model.load(offset)
        answers.append([value, int(error)])
    return answers


@pytest.mark.parametrize(
    "simulator",
    [Simulator.ICARUS, pytest.param(Simulator.VERILATOR, marks=pytest.mark.regression)],
)
def test_every_access_is_answered_as_the_model_says(simulator: Simulator, tmp_path: Path) -> None:
    of = devices()
    of.save(tmp_path / "memristor.hex")
    accesses = random_accesses(of, 3000)
    (tmp_path / "accesses.json").write_text(json.dumps(accesses))
    top = tmp_path / "bench.sv"
    top.write_text(TOP.format(image=tmp_path / "memristor.hex", words=of.words))
    runner = get_runner(simulator.value)
    source = Path(str(files("pulsewright.sim") / "verilog" / "soc" / "memristor.sv"))
    arguments = ["-g2012"] if simulator is Simulator.ICARUS else ["-Wall", "-Wno-DECLFILENAME"]
    with simulator_environment(simulator):
        runner.build(
            sources=[source, top],
            hdl_toplevel="bench",
            build_dir=tmp_path / "build",
            build_args=arguments,
            timescale=("1ns", "1ps"),
            log_file=tmp_path / "build.log",
        )
        runner.test(
            hdl_toplevel="bench",
            test_module="tests.sim.soc.memristor_accesses",
            build_dir=tmp_path / "build",
            test_dir=tmp_path,
            extra_env={"ACCESS_FOLDER": str(tmp_path)},
            log_file=tmp_path / "run.log",
        )
    answers = json.loads((tmp_path / "answers.json").read_text())
    assert answers == expected(of, accesses)
    errors = sum(error for _, error in answers)
    assert 100 < errors < len(answers) / 2
