# SPDX-License-Identifier: Apache-2.0
"""Options that the commands share, and the workspace that they describe."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from pulsewright.flow.recipe import load_recipe
from pulsewright.flow.workspace import Options, Workspace

RecipeFile = Annotated[
    Path, typer.Argument(help="Recipe, a TOML file such as recipes/a1_int8.toml.")
]
DataPath = Annotated[
    Path | None,
    typer.Option(
        "--data", help="Folder of x.pck and y.pck, or a CSV table; else PULSEWRIGHT_DATA."
    ),
]
Download = Annotated[
    bool, typer.Option("--download", help="Fetch the measured curves from their authors.")
]
BuildPath = Annotated[Path, typer.Option("--build", help="Folder that keeps what is made.")]
AsJson = Annotated[
    bool,
    typer.Option("--json", help="Print one JSON document and nothing else (docs/json.md)."),
]
Waves = Annotated[bool, typer.Option("--waves", help="Record waveforms in the sim folder.")]


def open_workspace(
    recipe: Path,
    data: Path | None,
    download: bool,
    build: Path,
    console: Console,
    waves: bool = False,
) -> Workspace:
    """The recipe in its build folder; what steps tell goes to `console`."""
    return Workspace(
        load_recipe(recipe), build, Options(recipe.parent, data, download, waves), console
    )
