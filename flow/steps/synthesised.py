# SPDX-License-Identifier: Apache-2.0
"""What every target is given of a recipe, and how its results are kept."""

from pathlib import Path

from pydantic import BaseModel

from pulsewright.flow.workspace import Workspace
from pulsewright.hls_model.files.atomic_write import write_text

ENGINE = "engine"


def designs_of(workspace: Workspace) -> dict[str, Path]:
    """Verilog of the engine alone and of the coprocessor with its attachment, by label.

    An engine alone has constant weights, so that beside reloadable ones it would tell another.
    """
    kinds = (workspace.bus,) if workspace.folded.reloadable else (ENGINE, workspace.bus)
    return {kind: workspace.verilog(kind) for kind in kinds}


def layout_folder(workspace: Workspace, target: str) -> Path:
    """Where the layouts of the designs in a target's cells are."""
    return workspace.folder / "layout" / target


def write_result(path: Path, result: BaseModel) -> None:
    """Keep what a target showed, whole or not at all."""
    write_text(path, result.model_dump_json(indent=1) + "\n")
