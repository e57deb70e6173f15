# SPDX-License-Identifier: Apache-2.0
"""Runs in forks of a process that has imported everything: a kill strikes the work, not imports.

python -m tests.flow.forked_runs reads a folder a line, runs its tiny.toml there in a fork, which
leads a session of its own, and prints the fork's number and, when it has ended, its wait status.
"""

import os
import sys
import traceback
from importlib import import_module
from pathlib import Path
from typing import NoReturn

from pulsewright.flow.cli import app

ERRORS = "errors.txt"
WORK = (
    "torch",
    "pulsewright.quant.checkpoints",
    "pulsewright.quant.pipeline",
    "pulsewright.rtl.package.assemble",
    "pulsewright.rtl.tops",
    "pulsewright.rtl.verilog.writer",
    "pulsewright.sim.runner",
    "pulsewright.flow.report.step",
)


def import_everything() -> None:
    """What the steps of a run import when they come to it."""
    for name in WORK:
        import_module(name)
    # A fork of a process with threads may wait for ever.
    sys.modules["torch"].set_num_threads(1)


def run_there(folder: Path) -> NoReturn:
    """Be the command in `folder`, with its errors in a file."""
    os.setsid()
    os.chdir(folder)
    with open(ERRORS, "wb", buffering=0) as errors, open(os.devnull, "r+b", buffering=0) as null:
        os.dup2(errors.fileno(), 2)
        os.dup2(null.fileno(), 1)
        os.dup2(null.fileno(), 0)
    try:
        app(["run", "tiny.toml"], standalone_mode=False)
    except SystemExit as ended:
        os._exit(ended.code if isinstance(ended.code, int) else 1)
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def main() -> None:
    """Until no line is left."""
    import_everything()
    for line in sys.stdin:
        number = os.fork()
        if number == 0:
            run_there(Path(line.rstrip("\n")))
        print(number, flush=True)
        print(os.waitpid(number, 0)[1], flush=True)


if __name__ == "__main__":
    main()
