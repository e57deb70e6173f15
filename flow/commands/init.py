# SPDX-License-Identifier: Apache-2.0
"""The command that writes a recipe to start from, with a comment on every key."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer

from pulsewright.flow.commands import completion
from pulsewright.flow.commands.guarded import guarded
from pulsewright.flow.commands.options import AsJson
from pulsewright.flow.inputs.imported_recipe import USUAL_INTERVAL, recipe_name
from pulsewright.flow.inputs.model import load_model
from pulsewright.flow.output import Output, command_output
from pulsewright.flow.recipe import load_recipe
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.escape.identifiers import checked_coprocessor_name
from pulsewright.hls_model.files.atomic_write import write_new_text
from pulsewright.hls_model.shortened import shortened
from pulsewright.quant.datasets import csv_table
from pulsewright.quant.splits import COMMON_KINDS, split

USUAL_NAME = "mine"
# A1 takes 7 multipliers for it.
TRAINED = {"network.preset": "A1", "engine.initiation_interval": 64}


class _Start(NamedTuple):
    """title: a sentence about the recipe. values: of the keys that are set. told: a remark."""

    title: str
    values: dict[str, Any]
    is_model: bool = False
    told: str = ""


@guarded
def init(
    name: Annotated[
        str | None,
        typer.Argument(help=f"Of the coprocessor; else that of the file, or {USUAL_NAME}."),
    ] = None,
    source: Annotated[
        Path | None,
        typer.Option(
            "--from",
            metavar="FILE",
            help="Curves (.csv), or a model (.onnx, .tflite, .json).",
            autocompletion=completion.curves_and_models,
        ),
    ] = None,
    to: Annotated[
        Path, typer.Option("--to", metavar="FOLDER", help="Where the recipe goes.")
    ] = Path(),
    as_json: AsJson = False,
) -> None:
    """Write a recipe with a comment on every key, for synthetic curves, your own, or a model."""
    from pulsewright.flow.explain.commented_recipe import commented_recipe

    chosen = _name(name, source)
    target = to / f"{chosen}.toml"
    start = _start(source, to)
    values = {"name": chosen, **start.values}
    with command_output("init", as_json) as output:
        write_new_text(target, commented_recipe(start.title, values, start.is_model))
        output.file("recipe", target, "recipe")
        _tell(output, target, start)


def _name(name: str | None, source: Path | None) -> str:
    if name is None:
        return USUAL_NAME if source is None else recipe_name(source)
    try:
        return checked_coprocessor_name(name)
    except PulsewrightError as error:
        raise PulsewrightError(f"name {shortened(name)}: {error}") from error


def _start(source: Path | None, folder: Path) -> _Start:
    if source is None:
        values = {"data.source": "synthetic", **TRAINED}
        return _Start("A network that is trained on synthetic curves.", values)
    of_ending: dict[str, Callable[[Path, str], _Start]] = {
        ".csv": _of_curves,
        ".onnx": _of_model,
        ".tflite": _of_model,
        ".json": _of_model,
    }
    if source.suffix not in of_ending:
        raise PulsewrightError(
            f"--from {shortened(str(source))} is neither curves (.csv) nor a model (.onnx, "
            ".tflite, .json); name a file of one of these kinds"
        )
    return of_ending[source.suffix](source, os.path.relpath(source, folder))


def _of_curves(source: Path, path: str) -> _Start:
    """The ordinary reader and the splits of every run must take them."""
    curves = csv_table.load(source)
    for kind in COMMON_KINDS:
        try:
            split(curves, kind, seed=0)
        except PulsewrightError as error:
            raise PulsewrightError(f"the curves of {source} cannot be split: {error}") from error
    values = {"data.source": "csv", "data.path": path, **TRAINED}
    title = f"A network that is trained on the curves of {_shown(source)}."
    told = f"{curves.curves} curves of {curves.pulses} pulses"
    return _Start(title, values, told=told)


def _of_model(source: Path, path: str) -> _Start:
    sizes = load_model(source).model.sizes
    values = {"model.path": path, "engine.initiation_interval": USUAL_INTERVAL}
    told = f"a network of {'-'.join(map(str, sizes))}"
    return _Start(f"The finished model of {_shown(source)}.", values, is_model=True, told=told)


def _shown(source: Path) -> str:
    """The file's name in a comment, on one line whatever it holds."""
    return shortened(source.name)


def _tell(output: Output, target: Path, start: _Start) -> None:
    if start.told:
        output.sentence(start.told)
    try:
        load_recipe(target)
    except PulsewrightError as error:
        output.sentence(f"It does not run as it stands: {error}")
    else:
        output.sentence(f"Change it, and call pulsewright run {target}.")
