# SPDX-License-Identifier: Apache-2.0
"""The step that ends with `model.json`: training, or a finished model that is read."""

from pulsewright.flow.build_folder import source_digest
from pulsewright.flow.inputs.model import load_model
from pulsewright.flow.steps.training import quantise_step
from pulsewright.flow.workspace import Workspace
from pulsewright.hls_model.errors import PulsewrightError


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
