# SPDX-License-Identifier: Apache-2.0
"""Commands on a machine that lacks some Python packages."""

import os
import subprocess
import sys

WITHOUT = """
import sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if any(f"{name}.".startswith(f"{one}.") for one in sys.argv[1].split(",")):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Absent())
from pulsewright.flow.cli import app
app(sys.argv[2:])
"""


def without(packages: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    """A command where these packages, import names joined by commas, are not installed."""
    return subprocess.run(
        [sys.executable, "-c", WITHOUT, packages, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
