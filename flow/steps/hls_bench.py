# SPDX-License-Identifier: Apache-2.0
"""The step that compiles and runs the test bench that is delivered with the C++ kernel."""

import json
import shutil

from pulsewright.flow.errors import VerificationError
from pulsewright.flow.steps.hls_kernel import bench_codes, delivered_files
from pulsewright.flow.steps.results import HlsResult
from pulsewright.flow.workspace import Workspace
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.files.atomic_write import write_text
from pulsewright.hls_model.hls_cpp.compiler import compiler_version, find_compiler, needed_compiler
from pulsewright.hls_model.hls_cpp.delivered_bench import MAKE, run_delivered_bench


def no_bench(workspace: Workspace) -> str | None:
    """Why the bench cannot be run here, as a sentence; None if it can."""
    if find_compiler() is None:
        return "hls       for want of a compiler its test bench is not run"
    if shutil.which(MAKE) is None:
        return (
            "hls       its test bench is not run, since there is no make; install the package make"
        )
    return None


def run_bench_of_kernel(workspace: Workspace) -> None:
    """Run the Makefile of `hls/` on what is delivered there.

    The files come from the model once more and are only run if the delivered ones are the same, so
    that a folder from elsewhere runs nothing.

    Raises:
        PulsewrightError: the delivered files are others, or the bench does not compile.
        VerificationError: the kernel differs from the reference on a vector.
    """
    files = delivered_files(workspace, bench_codes(workspace))
    for name, data in files.items():
        if (workspace.hls / name).read_bytes() != data:
            raise PulsewrightError(
                f"{workspace.hls / name} is not what this model makes; delete {workspace.hls} to "
                "have it made again"
            )
    summary, compiler = workspace.hls_bench_summary, needed_compiler()
    log = summary.with_name("bench.log")
    verdict = run_delivered_bench(files, compiler, log)
    if verdict.mismatches:
        # An earlier success must not stand beside this failure.
        summary.unlink(missing_ok=True)
        raise VerificationError(
            f"the test bench in {workspace.hls} finds {verdict.mismatches} of {verdict.rows} "
            f"vectors that differ from the reference, see {log}"
        )
    result = HlsResult(**verdict._asdict(), compiler=compiler_version(*compiler))
    write_text(summary, json.dumps(result.model_dump(), indent=1))
    workspace.say(f"hls       {verdict.rows} vectors in its own test bench, 0 mismatches")
