# SPDX-License-Identifier: Apache-2.0
"""The command that lists and copies the shipped recipes."""

from pathlib import Path
from typing import Annotated

import typer

from pulsewright.flow.commands import completion
from pulsewright.flow.commands.guarded import guarded
from pulsewright.flow.commands.options import AsJson
from pulsewright.flow.inputs.shipped_recipes import ShippedRecipe, shipped_recipe, shipped_recipes
from pulsewright.flow.output import Output, command_output
from pulsewright.flow.report.result_table import ResultTable, words
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.files.atomic_write import write_new_text


@guarded
def recipes(
    copy: Annotated[
        str | None,
        typer.Option(
            "--copy",
            metavar="NAME",
            help="Copy this one, to be changed.",
            autocompletion=completion.shipped_names,
        ),
    ] = None,
    to: Annotated[
        Path | None,
        typer.Option("--to", metavar="FOLDER", help="Where to; else the current folder."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List the recipes and studies that Pulsewright brings, or copy one to start from."""
    with command_output("recipes", as_json) as output:
        if copy is not None:
            _copy(shipped_recipe(copy), Path() if to is None else to, output)
        elif to is not None:
            raise PulsewrightError(f"--to {to} is for a copy; name the recipe with --copy NAME")
        else:
            output.table(recipe_table(shipped_recipes()))


def recipe_table(every: list[ShippedRecipe]) -> ResultTable:
    """What each is, and the command that it is for."""
    return ResultTable(
        "recipes",
        "Shipped recipes and studies",
        (
            words("name", "name"),
            words("command", "for pulsewright"),
            words("curves", "curves"),
            words("description", "what"),
        ),
        [(one.name, one.command, one.curves, one.description) for one in every],
        "Copy one with pulsewright recipes --copy NAME, change it, and give it to its command.",
    )


def _copy(one: ShippedRecipe, folder: Path, output: Output) -> None:
    target = folder / f"{one.name}.toml"
    write_new_text(target, one.text)
    output.file("recipe", target)
    output.sentence(f"Change it, and call pulsewright {one.command} with it.")
