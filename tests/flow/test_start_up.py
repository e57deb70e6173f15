# SPDX-License-Identifier: Apache-2.0
"""What a command needs is imported when it needs it, so that parts install alone and start fast."""

import subprocess
import sys

HEAVY = ("torch", "brevitas", "amaranth", "systemrdl", "cocotb", "matplotlib", "onnx")


def test_the_command_line_imports_nothing_heavy() -> None:
    program = (
        "import sys, pulsewright.flow.cli\n"
        f"print(*[name for name in {HEAVY!r} if name in sys.modules])\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert run.stdout.split() == []
