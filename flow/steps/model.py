# SPDX-License-Identifier: Apache-2.0
"""The step that reads a finished model and keeps it as `model.json`."""

from pathlib import Path

from pulsewright.flow.inputs.model import load_model
from pulsewright.flow.steps.model_file import is_imported, model_path
from pulsewright.flow.workspace import Workspace
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.files.atomic_write import write_text
from pulsewright.hls_model.shortened import one_line


def check_no_curves(workspace: Workspace) -> None:
    """Refuse options that a finished model leaves unread.

    Raises:
        PulsewrightError: curves are named for a recipe that starts from a finished model.
    """
    options = workspace.options
    if options.data is not None or options.download:
        raise PulsewrightError(
            f"recipe {workspace.recipe.name!r} starts from a finished model and reads no curves; "
            "leave --data and --download out"
        )


def read_model(workspace: Workspace) -> None:
    """Read the recipe's finished model; `model.json`, and `import.json` of one of others.

    Raises:
        PulsewrightError: it cannot be read.
    """
    section, path = workspace.recipe.model, model_path(workspace)
    assert section is not None
    finished = load_model(path, section.choices)
    model, report = finished.model, finished.report
    model.save(workspace.model_file)
    sizes = "-".join(map(str, model.sizes))
    workspace.say(f"model     {path}: {sizes}, {model.parameter_count} parameters")
    if report is not None:
        write_text(workspace.import_file, report.to_json())
        for sentence in report.remarks:
            workspace.say(f"model     {one_line(sentence)}")


def model_files(workspace: Workspace) -> list[Path]:
    """What `read_model` writes: the model, and of an import what it found."""
    if is_imported(workspace):
        return [workspace.model_file, workspace.import_file]
    return [workspace.model_file]
