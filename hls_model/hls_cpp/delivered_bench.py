# SPDX-License-Identifier: Apache-2.0
"""The test bench that is delivered with the kernel, compiled and run by its own Makefile."""

import os
import re
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.files.atomic_write import write_text
from pulsewright.hls_model.hls_cpp.compiler import needed_compiler
from pulsewright.hls_model.system_programs import package_remedy

MAKE = "make"
# What a user's shell or an outer make would tell this one.
FOREIGN_VARIABLES = ("CXXFLAGS", "CPPFLAGS", "MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEFILES")
_VERDICT = re.compile(r"^(?:PASS|FAIL): \w+, (\d+) rows, (\d+) mismatches$", re.MULTILINE)


def check_bench_tools() -> None:
    """Look for what the bench needs.

    Raises:
        PulsewrightError: there is no C++ compiler or no make; the sentence says how to get it.
    """
    needed_compiler()
    if shutil.which(MAKE) is None:
        raise PulsewrightError(
            "the test bench in hls/ needs the program make, which is not on the PATH; "
            f"{package_remedy(MAKE)}"
        )


class BenchVerdict(NamedTuple):
    """Vectors that the bench compared, and those that differ; the log says which."""

    rows: int
    mismatches: int


def run_delivered_bench(
    files: Mapping[str, bytes], compiler: Sequence[str], log: Path
) -> BenchVerdict:
    """`make` in a fresh folder that holds just `files`, of `kernel_files`; its words go to `log`.

    Raises:
        PulsewrightError: there is no make, or the bench does not compile or end with a verdict.
    """
    check_bench_tools()
    environment = {k: v for k, v in os.environ.items() if k not in FOREIGN_VARIABLES}
    log.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=log.parent, prefix=".bench.", suffix=".part") as folder:
        for name, data in files.items():
            (Path(folder) / name).write_bytes(data)
        done = subprocess.run(
            [MAKE, f"CXX={shlex.join(compiler)}"],
            cwd=folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
    write_text(log, done.stdout)
    verdict = _VERDICT.search(done.stdout)
    if verdict is None or (done.returncode != 0) != (verdict[2] != "0"):
        raise PulsewrightError(
            f"the test bench in hls/ does not compile or run with {shlex.join(compiler)}; see {log}"
        )
    return BenchVerdict(int(verdict[1]), int(verdict[2]))
