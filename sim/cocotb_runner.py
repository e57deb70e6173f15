# SPDX-License-Identifier: Apache-2.0
"""cocotb's runner, whose programs end when this process does, wherever its folders are."""

import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

import cocotb_tools.config
import find_libpython
from cocotb_tools.runner import Icarus, Runner, Verilator

from pulsewright.hls_model.processes.plain_paths import PlainPaths
from pulsewright.hls_model.processes.tool import run_tool
from pulsewright.sim.simulators import Simulator, packaged_verilator

# As `run_tool`: the command, its folder, its environment, and a file for what it prints.
Execute = Callable[
    [Sequence[str], Path, Mapping[str, str], IO[Any] | None], "subprocess.CompletedProcess[str]"
]


class _OwnExecution(Runner):
    """How commands are run; what they are is left to cocotb."""

    def __init__(self, paths: PlainPaths, execute: Execute) -> None:
        super().__init__()
        self._paths = paths
        self._execute_one = execute

    def _execute_cmds(
        self, cmds: Sequence[list[str]], cwd: Any, stdout: IO[Any] | None = None
    ) -> None:
        variables = self._paths.spelled_variables(self.env)
        for command in cmds:
            words = [self._paths.spelled(word) for word in command]
            done = self._execute_one(words, Path(cwd), variables, stdout)
            if done.returncode != 0:
                raise RuntimeError(f"{words[0]} ended with {done.returncode}")


class _OwnIcarus(_OwnExecution, Icarus):
    pass


class _OwnVerilator(_OwnExecution, Verilator):
    pass


_RUNNERS = {Simulator.ICARUS: _OwnIcarus, Simulator.VERILATOR: _OwnVerilator}


def cocotb_runner(
    simulator: Simulator,
    paths: PlainPaths,
    folders: Sequence[Path],
    execute: Execute = run_tool,
) -> Runner:
    """The runner of `simulator`, for designs and builds in these folders, as long as paths are."""
    installed = [cocotb_tools.config.libs_dir, cocotb_tools.config.share_dir, packaged_verilator()]
    library = find_libpython.find_libpython()
    if library is not None:
        installed.append(Path(library).parent)
    for folder in (*folders, *installed, *map(Path, sys.path)):
        if folder is not None and folder.is_dir():
            paths.plain(folder)
    return _RUNNERS[simulator](paths, execute)
