# SPDX-License-Identifier: Apache-2.0
"""The most memory that this process ever had resident."""

from pathlib import Path


def peak_mib() -> int:
    """In MiB, of this program alone.

    The kernel's `ru_maxrss` counts what the process had before it became this program, which is
    all that its parent has: a test run of some thousand tests holds a gigabyte.
    """
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) // 1024
    raise OSError("/proc/self/status has no VmHWM")
