# SPDX-License-Identifier: Apache-2.0
"""The networks of an exploration: each trained once, and float networks shared by widths."""

import shutil
from collections.abc import Sequence

from pulsewright.flow.exploration.plan import PlannedNetwork
from pulsewright.flow.order import DATASET, FLOAT, NETWORKS, make
from pulsewright.flow.results_file import load_result
from pulsewright.flow.steps.exploration_result import ExploredNetwork
from pulsewright.flow.steps.results import HistoryResult, QuantiseResult
from pulsewright.flow.steps.step import Step
from pulsewright.flow.workspace import Workspace
from pulsewright.hls_model.presets import multiply_accumulates


def train(workspace: Workspace, networks: Sequence[PlannedNetwork], later: Sequence[str]) -> None:
    """Train every network that has variants, unless it is done.

    workspace: the recipe's own. later: import names of packages that are needed afterwards.

    Raises:
        PulsewrightError: as of `make`.
    """
    trained = [workspace]
    for network in networks:
        own = network.workspace
        if own is None or not any(one.workspace for one in network.variants):
            continue
        if own is not workspace:
            own.say(f"network   {network.name}")
        for step in (DATASET, FLOAT):
            for other in trained:
                if other is not own:
                    share(step, other, own)
        make(own, *NETWORKS, later=tuple(later))
        trained.append(own)


def share(step: Step, source: Workspace, target: Workspace) -> None:
    """Give `target` what the step made in `source`, if it would make the same of the same."""
    made_from = step.made_from(target) if step.applies(target) else None
    if made_from is None or not step.is_current(source) or step.made_from(source) != made_from:
        return
    pairs = list(zip(step.outputs(source), step.outputs(target), strict=True))

    def copy() -> None:
        for ours, theirs in pairs:
            shutil.copyfile(ours, theirs)

    target.folder.run_step(step.name, made_from, [theirs for _, theirs in pairs], copy)


def explored_network(workspace: Workspace) -> ExploredNetwork:
    """What was trained, or read, in this folder."""
    model, recipe = workspace.model, workspace.recipe
    sizes = model.sizes
    network = ExploredNetwork(
        sizes=sizes,
        weight_bits=tuple(layer.weight_format.width for layer in model.layers),
        activation_bits=tuple(layer.input_format.width for layer in model.layers[1:]),
        input_bits=model.input_format.width,
        multiply_accumulates=multiply_accumulates(sizes),
        parameters=model.parameter_count,
        digest=model.digest,
    )
    if recipe.network is None:
        return network
    tested = {"pulse_number": recipe.network.pulse_number, "split": recipe.data.split.value}
    return network.model_copy(update=tested | _error(workspace))


def _error(workspace: Workspace) -> dict[str, object]:
    if workspace.predicts_pulses:
        history = load_result(workspace.history_file, HistoryResult)
        return {
            "measure": "validation_pinball_loss_octave",
            "error": history.quantised_error,
            "float_error": history.float_error,
        }
    accuracy = load_result(workspace.accuracy_file, QuantiseResult).accuracy
    one = accuracy[workspace.recipe.data.split]
    return {"measure": "test_mse", "error": one.integer_mse, "float_error": one.float_mse}
