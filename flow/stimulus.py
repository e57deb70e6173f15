# SPDX-License-Identifier: Apache-2.0
"""The rows on which implementations are compared: those of the data, or drawn ones."""

import numpy as np
import numpy.typing as npt

from flow.model_step import drawn_codes
from flow.workspace import Workspace
from hls_model.fixed_point import IntegerArray


def stimulus(workspace: Workspace, choice: str = "all") -> IntegerArray:
    """Input codes (rows, inputs). choice: "all" rows, or those of the "test" split.

    A recipe that starts from a finished model has no data: its rows are drawn.
    """
    if workspace.recipe.model is not None:
        return drawn_codes(workspace.model, workspace.recipe.model.rows, workspace.recipe.seed)
    return workspace.model.input_map.codes(_inputs(workspace, choice))


def physical_stimulus(workspace: Workspace, choice: str = "all") -> IntegerArray:
    """The same as integers (rows, inputs) in the units of the features."""
    if workspace.recipe.model is None:
        return workspace.model.input_map.physical(_inputs(workspace, choice))
    features = workspace.model.input_map.features
    lowest = np.array([feature.minimum for feature in features])
    highest = np.array([feature.maximum for feature in features])
    random = np.random.default_rng(workspace.recipe.seed)
    rows = random.integers(lowest, highest + 1, (workspace.recipe.model.rows, len(features)))
    rows[0], rows[-1] = lowest, highest
    return rows


def _inputs(workspace: Workspace, choice: str) -> npt.NDArray[np.float64]:
    inputs = workspace.curves.inputs
    if choice == "all":
        return inputs
    return inputs[workspace.split(workspace.recipe.data.split).test]
