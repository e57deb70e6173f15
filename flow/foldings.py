# SPDX-License-Identifier: Apache-2.0
"""The same recipe with other numbers of multipliers, each in a folder inside the recipe's own."""

import shutil
from pathlib import Path

from pulsewright.flow.workspace import Workspace
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.shortened import shortened

FOLDINGS = "foldings"
MOST_FOLDINGS = 32


def parse_multipliers(text: str) -> tuple[int, ...]:
    """Numbers of multipliers, ascending and without repetition, of a text such as "2,7,56".

    Raises:
        PulsewrightError: a part of it is no number from 1 on, or there are more than 32.
    """
    numbers = set()
    for part in text.split(","):
        word = part.strip()
        if not (word.isascii() and word.isdigit() and len(word) < 10 and int(word) > 0):
            raise PulsewrightError(
                f"--multipliers {shortened(text)}: {shortened(word)} is no number from 1 on; give "
                "numbers such as 2,7,56"
            )
        numbers.add(int(word))
    if len(numbers) > MOST_FOLDINGS:
        raise PulsewrightError(
            f"--multipliers has {len(numbers)} numbers; give {MOST_FOLDINGS} at most"
        )
    return tuple(sorted(numbers))


def foldings_folder(workspace: Workspace) -> Path:
    """Where the foldings' builds, and what compares them, are."""
    return workspace.folder / FOLDINGS


def folded_workspaces(workspace: Workspace, multipliers: tuple[int, ...]) -> list[Workspace]:
    """The recipe with the fastest folding of each number; equal foldings are told once.

    Raises:
        PulsewrightError: there are fewer multipliers than layers, or the recipe's engine is
            incremental, whose folding is chosen layer by layer.
    """
    recipe = workspace.recipe
    if recipe.engine.incremental:
        raise PulsewrightError(
            f"--multipliers searches foldings, and the incremental engine of {recipe.name!r} has "
            "its own; leave one of them out"
        )
    found: dict[object, Workspace] = {}
    for number in multipliers:
        chosen = {"initiation_interval": None, "multipliers": number}
        engine = recipe.engine.model_copy(update=chosen)
        folded = recipe.model_copy(update={"engine": engine, "folding": ()})
        key = tuple((layer.pe, layer.simd) for layer in folded.folded.layers)
        if key not in found:
            root = foldings_folder(workspace) / f"{folded.folded.multipliers}_multipliers"
            found[key] = Workspace(folded, root, workspace.options, workspace.console)
    return list(found.values())


def give_model(workspace: Workspace, folded: Workspace) -> None:
    """Hand the model, and the rows that it is run on, to one of its foldings."""
    files = [(workspace.model_file, folded.model_file)]
    if workspace.recipe.model is None:
        files.append((workspace.dataset, folded.dataset))
    for source, target in files:
        shutil.copyfile(source, target)
