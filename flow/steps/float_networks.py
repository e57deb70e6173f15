# SPDX-License-Identifier: Apache-2.0
"""The step that ends with `float.pt`: a float network for each split."""

from pulsewright.flow.progress import progress_bar
from pulsewright.flow.workspace import Workspace
from pulsewright.quant.curve_sources import FLOAT_CODE_FORMAT, fit_input_map


def train_float_networks(workspace: Workspace) -> None:
    """Train a float network on each split; `float.pt`."""
    # Torch and Brevitas take seconds to import, which a step that is done should not wait for.
    from pulsewright.quant.checkpoints import save_float
    from pulsewright.quant.pipeline import train_float

    recipe = workspace.recipe
    network = recipe.trained
    input_map = fit_input_map(workspace.curves, FLOAT_CODE_FORMAT, network.pulse_number)
    splits = {kind: workspace.split(kind) for kind in workspace.split_kinds}
    trained = {}
    for kind in workspace.split_kinds:
        with progress_bar(workspace.console, f"float training, {kind.value}", "steps") as show:
            trained[kind] = train_float(
                workspace.curves,
                input_map,
                splits[kind],
                network.sizes,
                recipe.training.float_for(kind),
                recipe.seed,
                show,
            )
    save_float(workspace.float_checkpoint, trained)
    for kind, one in trained.items():
        workspace.say(f"float     {kind.value}: test MSE {one.accuracy.test_mse:.6f}")
