# SPDX-License-Identifier: Apache-2.0
"""The same recipe with other numbers of multipliers, each in a folder inside the recipe's own."""

import shutil
from collections.abc import Sequence
from itertools import product
from pathlib import Path
from typing import Literal

from pulsewright.flow.workspace import Workspace
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.escape.identifiers import LONGEST_NAME
from pulsewright.hls_model.files.atomic_write import write_text
from pulsewright.hls_model.presets import multiply_accumulates
from pulsewright.hls_model.shortened import shortened

Pipeline = Literal["deep", "shallow"]
PIPELINES: tuple[Pipeline, ...] = ("deep", "shallow")
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


def parse_pipelines(text: str) -> tuple[Pipeline, ...]:
    """Pipelines of a text such as "deep,shallow", each once.

    Raises:
        PulsewrightError: a part of it is no pipeline.
    """
    named = [part.strip() for part in text.split(",")]
    for one in named:
        if one not in PIPELINES:
            raise PulsewrightError(
                f"--pipelines {shortened(text)}: {shortened(one)} is no pipeline; give deep, "
                "shallow, or both"
            )
    return tuple(one for one in PIPELINES if one in named)


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


def write_folded_recipe(folded: Workspace, folder: Path) -> Path:
    """Write one of `folded_workspaces` as a recipe of its own, which trains the same network.

    Its paths are absolute, and its name tells the folding.
    """
    import tomli_w

    recipe = folded.recipe
    name = folded_name(recipe.name, folded.folder.path.parent.name)
    document = recipe.model_dump(
        mode="json", by_alias=True, exclude_unset=True, exclude_none=True, exclude={"folding"}
    )
    document["name"] = name
    paths = {"data": recipe.data.path, "model": None if recipe.model is None else recipe.model.path}
    for section, path in paths.items():
        if path is not None:
            document[section]["path"] = str((folded.options.recipe_folder / path).resolve())
    if recipe.model is not None and recipe.model.input is not None:
        document["model"]["input"] = str(recipe.model.input)
    target = folder / f"{name}.toml"
    write_text(target, "# SPDX-License-Identifier: Apache-2.0\n" + tomli_w.dumps(document))
    return target


def folded_name(name: str, folding: str) -> str:
    """A name of a coprocessor for a folding, no longer than names may be."""
    ending = "_" + folding.replace("_multipliers", "")
    return name[: LONGEST_NAME - len(ending)].rstrip("_") + ending
