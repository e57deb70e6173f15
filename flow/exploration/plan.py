# SPDX-License-Identifier: Apache-2.0
"""What an exploration is to make: networks to train, and their variants, possible or not.

Nothing is trained, generated or measured here.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pulsewright.flow.exploration.engine_choice import EngineAxes, EngineChoice
from pulsewright.flow.exploration.network_choice import NetworkChoice, network_name
from pulsewright.flow.foldings import foldings_folder
from pulsewright.flow.recipe import finished_model
from pulsewright.flow.workspace import Workspace
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp

NETWORKS = "networks"


@dataclass(frozen=True)
class PlannedVariant:
    """A network in a folding. workspace: its build; None of one that is not possible."""

    network: str
    choice: EngineChoice
    workspace: Workspace | None
    reason: str = ""

    @property
    def name(self) -> str:
        """Of the engine, in tables and pictures."""
        found = None if self.workspace is None else self.workspace.recipe.folded.multipliers
        return self.choice.name(found)


@dataclass(frozen=True)
class PlannedNetwork:
    """workspace: where it is trained; None of one that is not possible."""

    name: str
    workspace: Workspace | None
    reason: str = ""
    variants: list[PlannedVariant] = field(default_factory=list)


def planned(
    workspace: Workspace, networks: Sequence[NetworkChoice], axes: EngineAxes
) -> list[PlannedNetwork]:
    """Every network with every engine, in that order; equal ones are told once.

    Raises:
        PulsewrightError: none of them is possible, or other networks are asked of a finished model.
    """
    found: dict[str, PlannedNetwork] = {}
    for choice in networks:
        network = _network(workspace, choice)
        found.setdefault(network.name, network)
    for network in found.values():
        if network.workspace is not None:
            network.variants.extend(_variants(network.name, network.workspace, axes))
    variants = [one for network in found.values() for one in network.variants]
    if not any(one.workspace for one in variants):
        reasons = [*(one.reason for one in found.values()), *(one.reason for one in variants)]
        raise PulsewrightError(next(filter(None, reasons)))
    return list(found.values())


def folder_name(network: str) -> str:
    """Of the folder in which a network is trained, and in the names of its recipes."""
    return re.sub(r"\W+", "_", network.lower())


def _network(workspace: Workspace, choice: NetworkChoice) -> PlannedNetwork:
    own = workspace.recipe
    if own.model is not None and choice != NetworkChoice(None, None):
        raise PulsewrightError(
            f"--networks and --bits train networks, and recipe {own.name!r} starts from a finished "
            "model; leave them out"
        )
    try:
        recipe = choice.applied(own)
    except PulsewrightError as error:
        return PlannedNetwork(choice.name, None, str(error))
    name = network_name(recipe)
    if name == network_name(own):
        return PlannedNetwork(name, workspace)
    root = workspace.folder / NETWORKS / folder_name(name)
    other = Workspace(recipe, root, workspace.options, workspace.console)
    # A pipe is read only once.
    other.curve_input = workspace.curve_input
    return PlannedNetwork(name, other)


def _variants(network: str, workspace: Workspace, axes: EngineAxes) -> Iterator[PlannedVariant]:
    recipe = workspace.recipe
    section = recipe.model
    model = None if section is None else finished_model(section, workspace.options.recipe_folder)
    told: set[str] = set()
    for choice in axes.choices(recipe.sizes):
        variant = _variant(network, workspace, choice, model)
        if variant.name not in told:
            told.add(variant.name)
            yield variant


def _variant(
    network: str, workspace: Workspace, choice: EngineChoice, model: IntegerMlp | None
) -> PlannedVariant:
    try:
        recipe = choice.applied(workspace.recipe, model)
    except PulsewrightError as error:
        return PlannedVariant(network, choice, None, str(error))
    # No two of the fastest foldings have as many multipliers.
    name = choice.folder(recipe.folded.multipliers)
    root = foldings_folder(workspace) / name
    return PlannedVariant(
        network, choice, Workspace(recipe, root, workspace.options, workspace.console)
    )
