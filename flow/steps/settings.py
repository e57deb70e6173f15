# SPDX-License-Identifier: Apache-2.0
"""What of a recipe and the user's options decides the outputs of a step, beside the files."""

from pathlib import Path

from pulsewright.flow.workspace import Workspace
from pulsewright.hls_model.energy.figure import EnergyFigure
from pulsewright.hls_model.energy.figures import tier1, tier2
from pulsewright.hls_model.energy.table import EnergyTable
from pulsewright.sim.simulators import Simulator

Settings = dict[str, object]


def split(workspace: Workspace) -> Settings:
    """Which rows are trained on and which are tested."""
    data = workspace.recipe.data
    return {
        "test_fraction": data.test_fraction,
        "validation_fraction": data.validation_fraction,
        "seed": workspace.recipe.seed,
    }


def float_training(workspace: Workspace) -> Settings:
    """The network, and how it is trained in floating point."""
    recipe = workspace.recipe
    return {
        "sizes": recipe.trained.sizes,
        "pulse_number": recipe.trained.pulse_number,
        "split": split(workspace),
        "training": {
            kind: recipe.training.float_for(kind).model_dump() for kind in workspace.split_kinds
        },
    }


def quantised_training(workspace: Workspace) -> Settings:
    """Bit widths, quantisation-aware training, and which split's network is delivered."""
    recipe = workspace.recipe
    return {
        "pulse_number": recipe.trained.pulse_number,
        "bits": recipe.bits.model_dump(),
        "training": recipe.training.quantised.model_dump(),
        "delivered": recipe.data.split,
        "split": split(workspace),
        "name": recipe.name,
    }


def history_training(workspace: Workspace) -> Settings:
    """Network, number formats and training of a history network, and the curves of its test."""
    recipe = workspace.recipe
    return {
        "training": recipe.history_training.model_dump(mode="json"),
        "split": {**split(workspace), "kind": recipe.data.split},
        "name": recipe.name,
    }


def engine(workspace: Workspace) -> Settings:
    """The folded engine and the name of what is made of it."""
    recipe = workspace.recipe
    return {
        "folding": [folding.model_dump() for folding in recipe.folding],
        "engine": recipe.engine.model_dump(),
        "name": recipe.name,
    }


def coprocessor(workspace: Workspace) -> Settings:
    """The engine with its attachment."""
    return {**engine(workspace), "attachment": workspace.recipe.attachment.model_dump()}


def packaged(workspace: Workspace) -> Settings:
    """The same with the energy that its data sheet prints."""
    return {**coprocessor(workspace), "energy": data_sheet_energy(workspace)}


def finished_model(workspace: Workspace) -> Settings:
    """How the file of a finished model is read."""
    section = workspace.recipe.model
    assert section is not None
    return {
        "kind": section.path.suffix,
        "input": None if section.input is None else str(section.input),
        "output": section.output.value,
        "output_quantiser": section.output_quantiser,
    }


def stimulus(workspace: Workspace) -> Settings:
    """The rows of a finished model, which are drawn; others come from the data set."""
    recipe = workspace.recipe
    if recipe.model is not None:
        return {"rows": recipe.model.rows, "seed": recipe.seed}
    return {"task": recipe.task, "seed": recipe.seed} if workspace.predicts_pulses else {}


def chosen_rows(workspace: Workspace) -> Settings:
    """The rows of the test, or drawn ones."""
    return {
        "delivered": workspace.recipe.data.split,
        "split": split(workspace),
        "stimulus": stimulus(workspace),
    }


def kernel(workspace: Workspace) -> Settings:
    """The engine, and the rows of the test bench."""
    return {**engine(workspace), "stimulus": stimulus(workspace)}


def is_simulated(workspace: Workspace, simulator: Simulator) -> bool:
    """Whether the recipe asks for rows on `simulator`."""
    return workspace.recipe.simulation.rows(simulator) != "off"


def simulation(workspace: Workspace, simulator: Simulator) -> Settings:
    """The engine, the rows, and whether waves are recorded."""
    recipe = workspace.recipe
    return {
        "engine": coprocessor(workspace),
        "choice": recipe.simulation.rows(simulator),
        **chosen_rows(workspace),
        "waves": workspace.options.waves,
    }


def data_sheet_energy(workspace: Workspace) -> list[EnergyFigure]:
    """The figures that the package's data sheet prints."""
    model, folded = workspace.model, workspace.folded
    return [tier1(model.sizes), *tier2(model, folded, EnergyTable.load())]


def data_files(workspace: Workspace) -> list[Path]:
    """The data set that rows come from; a finished model has none."""
    return [] if workspace.recipe.model is not None else [workspace.dataset]
