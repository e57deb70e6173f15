# SPDX-License-Identifier: Apache-2.0
"""The rows on which implementations are compared: those of the data, or drawn ones."""

import numpy as np
import numpy.typing as npt

from pulsewright.flow.workspace import Workspace
from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.quant.closed_loop.trials import MeasuredDevices
from pulsewright.quant.closed_loop.tuples import draw_tuples, si_inputs

# Histories of each curve that implementations are compared on.
TUPLES = 100


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
    if workspace.predicts_pulses:
        return _histories(workspace, choice)
    inputs = workspace.curves.inputs
    if choice == "all":
        return inputs
    return inputs[workspace.split(workspace.recipe.data.split).test]


def _histories(workspace: Workspace, choice: str) -> npt.NDArray[np.float64]:
    """Histories drawn from all curves, or from those of the test, as inputs in SI units."""
    curves = np.arange(workspace.curves.curves)
    if choice == "test":
        rows = workspace.split(workspace.recipe.data.split).test
        curves = np.unique(workspace.curves.curve_index[rows])
    drawn = draw_tuples(MeasuredDevices(workspace.curves), curves, TUPLES, workspace.recipe.seed)
    return si_inputs(workspace.model.input_map, drawn.inputs)


def drawn_codes(model: IntegerMlp, rows: int, seed: int) -> IntegerArray:
    """Uniform input codes (rows, inputs) of the whole format; the first two rows are its ends."""
    low, high = model.input_format.minimum, model.input_format.maximum
    codes = np.random.default_rng(seed).integers(low, high + 1, (rows, model.sizes[0]))
    codes[0], codes[1] = low, high
    return codes
