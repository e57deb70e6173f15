# SPDX-License-Identifier: Apache-2.0
"""Recipes and studies that the package brings, to be run as they are or copied and changed."""

import tomllib
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.shortened import shortened

# What error texts say of examples.
EXAMPLES = "`pulsewright recipes` lists examples and copies them"
LICENCE = "# SPDX-License-Identifier:"


class ShippedRecipe(NamedTuple):
    """A recipe or a study of the package.

    command: that it is made for, "run" or "study". curves: "synthetic", "measured" or "csv".
    description: the first sentence of the comment that the file begins with.
    """

    name: str
    command: str
    curves: str
    description: str
    text: str


def recipe_folder() -> Path:
    """Folder of the shipped recipes, wherever the package is installed."""
    return Path(str(files("pulsewright"))) / "recipes"


def recipe_path(name: str) -> Path:
    """The file of a shipped recipe or study; it is not looked for."""
    return recipe_folder() / f"{name}.toml"


def shipped_recipes() -> list[ShippedRecipe]:
    """All of them, by name.

    Raises:
        PulsewrightError: the installation has none.
    """
    paths = sorted(recipe_folder().glob("*.toml"))
    if not paths:
        raise PulsewrightError(
            f"{recipe_folder()} holds no recipes; install Pulsewright again, or check it out where "
            "there are symbolic links"
        )
    return [_read(path) for path in paths]


def shipped_recipe(name: str) -> ShippedRecipe:
    """The one of this name, which may have the ending of its file.

    Raises:
        PulsewrightError: there is none.
    """
    every = shipped_recipes()
    for one in every:
        if one.name == name.removesuffix(".toml"):
            return one
    names = ", ".join(one.name for one in every)
    raise PulsewrightError(f"no shipped recipe is called {shortened(name)}; choose one of {names}")


def _read(path: Path) -> ShippedRecipe:
    text = path.read_text(encoding="utf-8")
    document = tomllib.loads(text)
    command = "study" if "grid" in document else "run"
    return ShippedRecipe(path.stem, command, document["data"]["source"], _description(text), text)


def _description(text: str) -> str:
    words: list[str] = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        if not line.startswith(LICENCE):
            words += line.removeprefix("#").split()
    sentence, stop, _ = " ".join(words).partition(". ")
    return sentence + stop.rstrip()
