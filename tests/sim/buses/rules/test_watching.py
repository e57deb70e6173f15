# SPDX-License-Identifier: Apache-2.0
"""The bench of docs/monitors.md on a memory that is not ours, sound and with planted faults."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pulsewright.sim.simulators import Simulator, simulator_environment

REPOSITORY = Path(__file__).parents[4]
MEMORY = Path(__file__).with_name("plain_memory.v")
RUN = """
import sys
from cocotb_tools.runner import get_results, get_runner

simulator, memory, *defines = sys.argv[1:]
runner = get_runner(simulator)
runner.build(
    sources=[memory],
    hdl_toplevel="plain_memory",
    defines={one: 1 for one in defines},
    timescale=("1ns", "1ps"),
)
results = runner.test(hdl_toplevel="plain_memory", test_module="bench")
sys.exit(1 if get_results(results)[1] else 0)
"""


def run(simulator: str, folder: Path, *defines: str) -> tuple[int, str]:
    """Exit code, which is 1 of a failed test, and what was printed."""
    page = (REPOSITORY / "docs/monitors.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    (folder / "bench.py").write_text(block, encoding="utf-8")
    (folder / "run.py").write_text(RUN, encoding="utf-8")
    path = os.pathsep.join([str(REPOSITORY / "src"), str(folder)])
    done = subprocess.run(
        [sys.executable, "run.py", simulator, str(MEMORY), *defines],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def test_a_sound_memory_keeps_the_rules(tmp_path: Path) -> None:
    code, output = run("icarus", tmp_path)
    assert code == 0, output
    assert "PASS=1" in output


FAULTS = [
    ("EARLY", "R-5: response without a request granted before it"),
    ("FORGETFUL", "R-4.1.2: rvalid was retracted"),
    ("CHANGES", "R-4.1.1: response changed"),
]


@pytest.mark.parametrize(("fault", "sentence"), FAULTS)
def test_a_planted_fault_is_found(fault: str, sentence: str, tmp_path: Path) -> None:
    code, output = run("icarus", tmp_path, fault)
    assert code != 0, output
    assert sentence in output
    assert (REPOSITORY / "docs/monitors.md").read_text().count(sentence) == (fault == "EARLY")


@pytest.mark.regression
@pytest.mark.parametrize(("fault", "sentence"), [("", "PASS=1"), *FAULTS])
def test_verilator_sees_the_same(fault: str, sentence: str, tmp_path: Path) -> None:
    # Stock Debian has no `python`, which the makefiles of the package call unless told otherwise.
    with simulator_environment(Simulator.VERILATOR):
        code, output = run(Simulator.VERILATOR.value, tmp_path, *filter(None, [fault]))
    assert (code == 0) == (not fault), output
    assert sentence in output
