# SPDX-License-Identifier: Apache-2.0
"""Yosys scripts, and the netlists that they leave."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pulsewright.hls_model.files.plain_file import read_plain_text
from pulsewright.synth.tools.yowasp import YOSYS

# A netlist of 100 000 cells takes some 150 MB.
MOST_NETLIST_BYTES = 1 << 29

Module = dict[str, Any]

READ_VERILOG = "read_verilog"
"""The command that reads our own designs, and what else is whole."""


def run_script(
    commands: Sequence[str], folder: Path, name: str, seconds: float | None = None
) -> str:
    """Run the commands in `folder`, which keeps them and what Yosys said as `name`.ys and .log.

    Raises:
        MissingPackageError: Yosys is not installed.
        ToolError: it refuses a command.
        subprocess.TimeoutExpired: it did not end in `seconds`.
    """
    script = folder / f"{name}.ys"
    script.write_text("\n".join((*commands, "")), encoding="utf-8")
    return YOSYS.run(["-T", "-s", script.name], folder / f"{name}.log", seconds)


def read_netlist(path: Path, top: str) -> Module:
    """The module `top` of a netlist that `write_json` left."""
    netlist = json.loads(read_plain_text(path, MOST_NETLIST_BYTES))
    module: Module = netlist["modules"][top]
    return module


def cell_counts(module: Module) -> dict[str, int]:
    """Number of cells by their type."""
    counts: dict[str, int] = {}
    for cell in module["cells"].values():
        counts[cell["type"]] = counts.get(cell["type"], 0) + 1
    return counts
