# SPDX-License-Identifier: Apache-2.0
"""Options that the commands share, and the workspace that they describe."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from pulsewright.flow.build_lock import locked, typed_command
from pulsewright.flow.console import PlainConsole
from pulsewright.flow.recipe import load_recipe
from pulsewright.flow.workspace import Options, Workspace

RecipeFile = Annotated[
    Path, typer.Argument(help="Recipe, a TOML file; pulsewright recipes lists and copies examples.")
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
Wait = Annotated[
    bool,
    typer.Option(
        "--wait/--no-wait", help="Wait for another command that writes the folder, or refuse."
    ),
]
Waves = Annotated[bool, typer.Option("--waves", help="Record waveforms in the sim folder.")]


@contextmanager
def open_workspace(
    recipe: Path,
    data: Path | None,
    download: bool,
    build: Path,
    console: Console,
    wait: bool,
    waves: bool = False,
) -> Iterator[Workspace]:
    """The recipe in its build folder, which no other command writes meanwhile.

    What steps tell goes to `console`.
    """
    loaded = load_recipe(recipe)
    options = Options(recipe.parent, data, download, waves, typed_command())
    with locked(build / loaded.name, wait, say_aside):
        yield Workspace(loaded, build, options, console)


def say_aside(sentence: str) -> None:
    """Tell the user what is no result of the command, beside its output."""
    PlainConsole(stderr=True).print(sentence, soft_wrap=True)
