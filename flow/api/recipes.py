# SPDX-License-Identifier: Apache-2.0
"""Recipes and finished models, read from files."""

from os import PathLike
from pathlib import Path

from pulsewright.flow.inputs import model as model_files
from pulsewright.flow.recipe import Recipe, load_recipe
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp


def load_model(path: str | PathLike[str], drop_output_quantiser: bool = False) -> IntegerMlp:
    """Read a finished model: a `model.json` of ours, or a QONNX file (`.onnx`).

    drop_output_quantiser: of a QONNX file whose output is quantised; the coprocessor hands on the
    accumulator before it.

    Raises:
        PulsewrightError: the file cannot be read, or holds no model that can be built, or it is a
            QONNX file and onnx is not installed.
    """
    return model_files.load_model(Path(path), drop_output_quantiser)


def read_recipe(path: str | PathLike[str]) -> Recipe:
    """Read and check a recipe; paths in it are made absolute, from the recipe's folder.

    Raises:
        PulsewrightError: the file is missing or no recipe; key, value and remedy are named.
    """
    path = Path(path)
    recipe, folder = load_recipe(path), path.resolve().parent
    changes: dict[str, object] = {}
    if recipe.data.path is not None:
        changes["data"] = recipe.data.model_copy(update={"path": folder / recipe.data.path})
    if recipe.model is not None:
        changes["model"] = recipe.model.model_copy(update={"path": folder / recipe.model.path})
    return recipe.model_copy(update=changes)
