# SPDX-License-Identifier: Apache-2.0
"""Recipes and finished models, read from files."""

from os import PathLike
from pathlib import Path

from pulsewright.flow.inputs import model as model_files
from pulsewright.flow.recipe import Recipe, load_recipe
from pulsewright.hls_model import importer
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.exact.finished import ImportedModel
from pulsewright.hls_model.exact.input_format import parse_input_format
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.reference.network_output import OutputKind
from pulsewright.hls_model.shortened import shortened


def load_model(path: str | PathLike[str]) -> IntegerMlp:
    """Read a finished model: a `model.json` of ours, an ONNX (`.onnx`) or a TFLite file.

    Raises:
        PulsewrightError: the file cannot be read, or holds no model that can be built, or the
            package that reads it is not installed.
    """
    return model_files.load_model(Path(path)).model


def import_model(
    path: str | PathLike[str], output: str = "accumulator", input_format: str | None = None
) -> ImportedModel:
    """Read an ONNX or TFLite file: its integers, a report, and how its inputs become codes.

    output: "accumulator", "code" or "argmax". input_format: "s16.10", "bipolar" or such, where the
    file does not quantise its input.

    Raises:
        PulsewrightError: one of the two is not as above, or see `load_model`.
    """
    try:
        given = None if input_format is None else parse_input_format(input_format)
    except ValueError as error:
        raise PulsewrightError(f"input_format = {shortened(input_format)}; {error}") from error
    kinds = [kind.value for kind in OutputKind]
    if output not in kinds:
        raise PulsewrightError(f"output = {shortened(output)}; choose {', '.join(kinds)}")
    return importer.import_model(Path(path), importer.ImportChoices(OutputKind(output), given))


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
