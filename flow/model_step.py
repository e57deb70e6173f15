# SPDX-License-Identifier: Apache-2.0
"""The step that ends with `model.json`: training, or a finished model that is read."""

import numpy as np

from flow.build_folder import source_digest
from flow.model_file import load_model
from flow.training_steps import quantise_step
from flow.workspace import Workspace
from hls_model.errors import PulsewrightError
from hls_model.fixed_point import IntegerArray
from hls_model.integer_mlp import IntegerMlp


def model_step(workspace: Workspace) -> None:
    """Make `model.json`, from the recipe's network and data or from its finished model.

    Raises:
        PulsewrightError: a finished model cannot be read, or is given data.
    """
    section = workspace.recipe.model
    if section is None:
        quantise_step(workspace)
        return
    options = workspace.options
    if options.data is not None or options.download:
        raise PulsewrightError(
            f"recipe {workspace.recipe.name!r} starts from a finished model and reads no curves; "
            "leave --data and --download out"
        )
    path = options.recipe_folder / section.path

    def work() -> None:
        model = load_model(path, section.output_quantiser == "drop")
        model.save(workspace.model_file)
        sizes = "-".join(map(str, model.sizes))
        workspace.say(f"model     {path}: {sizes}, {model.parameter_count} parameters")

    inputs = {
        "file": workspace.digest(path),
        "kind": path.suffix,
        "output_quantiser": section.output_quantiser,
        "code": source_digest(["hls_model"]),
    }
    workspace.folder.run_step("model", inputs, [workspace.model_file], work)


def drawn_codes(model: IntegerMlp, rows: int, seed: int) -> IntegerArray:
    """Uniform input codes (rows, inputs) of the whole format; the first two rows are its ends."""
    low, high = model.input_format.minimum, model.input_format.maximum
    codes = np.random.default_rng(seed).integers(low, high + 1, (rows, model.sizes[0]))
    codes[0], codes[1] = low, high
    return codes
