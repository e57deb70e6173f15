# SPDX-License-Identifier: Apache-2.0
"""The file that a recipe's finished model comes from; nothing here reads it."""

from pathlib import Path

from pulsewright.flow.workspace import Workspace
from pulsewright.hls_model.network_files import PACKAGES


def model_path(workspace: Workspace) -> Path:
    """The file of the recipe's finished model."""
    section = workspace.recipe.model
    assert section is not None
    return workspace.options.recipe_folder / section.path


def is_imported(workspace: Workspace) -> bool:
    """True if the recipe starts from a network of another tool."""
    return workspace.recipe.model is not None and model_path(workspace).suffix in PACKAGES
