# SPDX-License-Identifier: Apache-2.0
"""The same recipe with other numbers of multipliers, each in a folder inside the recipe's own."""

import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from pulsewright.flow.recipe import Recipe
from pulsewright.flow.workspace import Workspace
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.escape.identifiers import LONGEST_NAME
from pulsewright.hls_model.files.atomic_write import write_text
from pulsewright.hls_model.presets import multiply_accumulates
from pulsewright.hls_model.shortened import shortened
from pulsewright.hls_model.validation_sentence import toml_place, validation_sentence

Pipeline = Literal["deep", "shallow"]
PIPELINES: tuple[Pipeline, ...] = ("deep", "shallow")
FOLDINGS = "foldings"
MOST_FOLDINGS = 32
# Of a recipe's name, that is left in the names of its foldings.
SHORTEST_HEAD = 8


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


def doubled_multipliers(sizes: Sequence[int]) -> tuple[int, ...]:
    """One multiplier a layer, twice as many, and so on, up to one for every product.

    sizes: inputs, then the neurons of every layer.
    """
    most = multiply_accumulates(tuple(sizes))
    found = [len(sizes) - 1]
    while found[-1] < most:
        found.append(min(2 * found[-1], most))
    return tuple(found)


def folded_workspaces(
    workspace: Workspace,
    multipliers: Sequence[int],
    pipelines: Sequence[Pipeline] | None = None,
) -> list[Workspace]:
    """The recipe with the fastest folding of each number; equal foldings are told once.

    pipelines: of each folding; that of the recipe if None.

    Raises:
        PulsewrightError: there are fewer multipliers than layers, or the recipe's engine is
            incremental, whose folding is chosen layer by layer, or of piecewise-linear curves,
            which has one folding alone.
    """
    recipe = workspace.recipe
    if recipe.engine.piecewise_linear:
        raise PulsewrightError(
            f"--multipliers searches foldings, and the engine for piecewise-linear curves of "
            f"{recipe.name!r} has one alone; leave one of them out"
        )
    if recipe.engine.incremental:
        raise PulsewrightError(
            f"--multipliers searches foldings, and the incremental engine of {recipe.name!r} has "
            "its own; leave one of them out"
        )
    found: dict[str, Workspace] = {}
    for number, pipeline in product(multipliers, pipelines or (recipe.engine.pipeline,)):
        chosen = {"initiation_interval": None, "multipliers": number, "pipeline": pipeline}
        engine = recipe.engine.model_copy(update=chosen)
        folded = recipe.model_copy(update={"engine": engine, "folding": ()})
        # No two of the fastest foldings have as many multipliers.
        name = f"{folded.folded.multipliers}_multipliers_{pipeline}"
        if name not in found:
            root = foldings_folder(workspace) / name
            found[name] = Workspace(folded, root, workspace.options, workspace.console)
    return list(found.values())


def give_model(workspace: Workspace, folded: Workspace) -> None:
    """Hand the model, and the rows that it is run on, to one of its foldings."""
    files = [(workspace.model_file, folded.model_file)]
    if workspace.recipe.model is None:
        files.append((workspace.dataset, folded.dataset))
    for source, target in files:
        shutil.copyfile(source, target)


def write_folded_recipe(folded: Workspace, name: str, folder: Path) -> Path:
    """Write a folding's recipe as one of its own, which trains the same network.

    name: of the coprocessor, and of the file. Paths in it are absolute.
    """
    import tomli_w

    recipe = folded.recipe
    document = recipe_document(recipe) | {"name": name}
    paths = {"data": recipe.data.path, "model": None if recipe.model is None else recipe.model.path}
    for section, path in paths.items():
        if path is not None:
            document[section]["path"] = str((folded.options.recipe_folder / path).resolve())
    target = folder / f"{name}.toml"
    write_text(target, "# SPDX-License-Identifier: Apache-2.0\n" + tomli_w.dumps(document))
    return target


def recipe_document(recipe: Recipe) -> dict[str, Any]:
    """The recipe as its file has it, but for the folding of its layers."""
    document: dict[str, Any] = recipe.model_dump(
        mode="json", by_alias=True, exclude_unset=True, exclude_none=True, exclude={"folding"}
    )
    if recipe.model is not None and recipe.model.input is not None:
        document["model"]["input"] = str(recipe.model.input)
    return document


# What says how an engine is folded and what it does; the rest of [engine] stays.
_CHOSEN = (
    "initiation_interval",
    "multipliers",
    "pipeline",
    "weights",
    "incremental",
    "curve",
)


def changed_recipe(recipe: Recipe, sections: Mapping[str, Mapping[str, Any]]) -> Recipe:
    """The recipe with other keys in some sections, checked as one from a file.

    sections: those of [engine] take the place of all that chooses a folding; a section of [network]
    takes the place of the whole of it.

    Raises:
        PulsewrightError: a key is out of range, or does not go together with another.
    """
    document = recipe_document(recipe)
    if "engine" in sections:
        engine = document.get("engine", {})
        document["engine"] = {key: engine[key] for key in engine if key not in _CHOSEN}
    if "network" in sections:
        document["network"] = {}
    for name, keys in sections.items():
        document[name] = {**document.get(name, {}), **keys}
    try:
        return Recipe.model_validate_json(json.dumps(document, default=str), strict=True)
    except ValidationError as error:
        raise PulsewrightError(validation_sentence(error, Recipe, toml_place)) from error


def folded_name(name: str, folding: str) -> str:
    """A name of a coprocessor for a folding, no longer than names may be.

    folding: its folder, such as "7_multipliers_deep". What would leave nothing of `name` is told by
    a digest.
    """
    ending = "_" + folding.replace("_multipliers", "")
    if len(ending) > LONGEST_NAME - SHORTEST_HEAD:
        ending = "_" + hashlib.sha256(ending.encode()).hexdigest()[:8]
    return name[: LONGEST_NAME - len(ending)].rstrip("_") + ending
