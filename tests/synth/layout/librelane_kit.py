# SPDX-License-Identifier: Apache-2.0
"""LibreLane's own loader, run in the environment where LibreLane is installed.

It reads a design's configuration after that of a process design kit. The kit here has the values
that the loader asks for by their types and nothing else: what is tried is the configuration.
"""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from pulsewright.synth.layout.librelane import PDK

REPOSITORY = Path(__file__).parents[3]
PYTHON_VARIABLE = "PULSEWRIGHT_LIBRELANE"

# Prints the configuration of the flow, as `librelane config.json` would run it.
_LOAD = """
import json, sys
from librelane.flows import Flow
flow = Flow.factory.get("Classic")(sys.argv[1], pdk_root=sys.argv[2])
print("\\n" + flow.config.dumps())
"""
# Writes config.tcl of a kit; files exist and are empty.
_MAKE_KIT = """
import sys
from pathlib import Path
from librelane.common.types import Path as FilePath
from librelane.config import universal_flow_config_variables
from librelane.flows import Flow

folder, library = Path(sys.argv[1]), "sg13g2_stdcell"
file = folder / "file"
file.touch()
flow = Flow.factory.get("Classic")
known = {one.name: one for one in universal_flow_config_variables}
for source in (flow, *flow.Steps):
    known |= {one.name: one for one in source.config_vars}

def value(kind):
    text = str(kind)
    if "Dict" in text:
        return "[dict create nom " + ("{" + str(file) + "}" if "Path" in text else "{1}") + "]"
    if "Path" in text:
        return "{" + str(file) + "}"
    if "Decimal" in text or "int" in text:
        return "1"
    return "{a}"

lines = [
    f"set ::env({one.name}) {value(one.type)}"
    for one in known.values()
    if one.pdk and not one.optional and one.default is None and one.name != "STD_CELL_LIBRARY"
]
lines.append(f"set ::env(STD_CELL_LIBRARY) {library}")
(folder / "libs.tech/librelane" / library).mkdir(parents=True)
(folder / "libs.tech/librelane/config.tcl").write_text("\\n".join(lines) + "\\n")
(folder / "libs.tech/librelane" / library / "config.tcl").write_text("")
"""


def librelane_python() -> str:
    """The interpreter that has LibreLane; the test is skipped without one."""
    own = REPOSITORY / ".venv" / "librelane" / "bin" / "python"
    named = os.environ.get(PYTHON_VARIABLE) or (str(own) if own.exists() else None)
    if named is None:
        pytest.skip(
            "LibreLane is not installed; call make .venv/librelane/.ready, or let "
            f"{PYTHON_VARIABLE} name the Python of the virtual environment that has it"
        )
    return named


def _run(python: str, program: str, *arguments: object) -> "subprocess.CompletedProcess[str]":
    command = [python, "-c", program, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def make_kit(root: Path) -> Path:
    """A folder that serves as PDK_ROOT."""
    folder = root / PDK
    folder.mkdir(parents=True)
    made = _run(librelane_python(), _MAKE_KIT, folder)
    assert made.returncode == 0, made.stderr
    return root


def load(configuration: Path, root: Path) -> "subprocess.CompletedProcess[str]":
    """What the loader said."""
    return _run(librelane_python(), _LOAD, configuration, root)


def loaded(configuration: Path, root: Path) -> dict[str, Any]:
    """The configuration as the flow would run it."""
    run = load(configuration, root)
    assert run.returncode == 0, run.stdout + run.stderr
    found: dict[str, Any] = json.loads(run.stdout[run.stdout.index("\n{") :])
    return found
