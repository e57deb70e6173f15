# SPDX-License-Identifier: Apache-2.0
"""A recipe: one TOML file that describes one coprocessor, from data to attachment."""

import difflib
import json
import re
import tomllib
from pathlib import Path
from typing import Annotated, Literal, Self, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails

from hls_model.errors import PulsewrightError
from hls_model.folding import FoldedEngine, LayerFolding, fold
from hls_model.presets import preset_sizes
from quant.curve_sources import CurveSource, PulseNumberMap
from quant.settings import BitWidths, FloatTraining, QuantisedTraining
from quant.splits import SplitKind
from sim.simulators import Simulator

INPUTS = 6
OUTPUTS = 1


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def _plain_path(path: Path) -> Path:
    if "\0" in str(path):
        raise ValueError("the path holds a null character")
    return path


class DataSection(_Section):
    """Which curves, and which split the delivered model is trained on.

    path: folder of the measured files or the CSV table, relative to the recipe's folder.
    """

    source: CurveSource = CurveSource.SYNTHETIC
    path: Annotated[Path, AfterValidator(_plain_path)] | None = None
    split: SplitKind = SplitKind.ROWS
    test_fraction: Annotated[float, Field(gt=0, lt=1)] = 0.25
    validation_fraction: Annotated[float, Field(gt=0, lt=1)] = 0.1


class NetworkSection(_Section):
    """Layer sizes, by preset or by hidden sizes, and how the pulse number is coded."""

    preset: str | None = None
    hidden: Annotated[tuple[Annotated[int, Field(ge=1, le=1024)], ...], Field(max_length=16)] = ()
    pulse_number: PulseNumberMap = "affine"

    @model_validator(mode="after")
    def _check(self) -> Self:
        if (self.preset is None) == (not self.hidden):
            raise ValueError("give either preset or hidden sizes")
        return self

    @property
    def sizes(self) -> tuple[int, ...]:
        """Inputs, hidden neurons, output.

        Raises:
            PulsewrightError: the preset is unknown.
        """
        if self.preset is not None:
            return preset_sizes(self.preset)
        return (INPUTS, *self.hidden, OUTPUTS)


class TrainingSection(_Section):
    """Settings of the trainings.

    float: for the rows split, which asks for interpolation. float_unseen: for the splits by curve
    and by parameter set, where a network that follows its rows closely goes astray on the others
    and weight decay pays. quantised: for all.
    """

    float_training: Annotated[FloatTraining, Field(alias="float")] = FloatTraining()
    float_unseen: FloatTraining = FloatTraining(epochs=120, growth=1.0, weight_decay=0.5)
    quantised: QuantisedTraining = QuantisedTraining()

    def float_for(self, kind: SplitKind) -> FloatTraining:
        """The settings of float training on a split."""
        return self.float_training if kind is SplitKind.ROWS else self.float_unseen


class AttachmentSection(_Section):
    """How the coprocessor is attached to a system."""

    bus: Literal["obi"] = "obi"


class SimulationSection(_Section):
    """Which rows run on which simulator: every row, or those of the test split."""

    icarus: Literal["all", "test", "off"] = "test"
    verilator: Literal["all", "test", "off"] = "all"

    def rows(self, simulator: Simulator) -> str:
        """The choice for `simulator`."""
        return self.icarus if simulator is Simulator.ICARUS else self.verilator


def _module_name(name: str) -> str:
    if re.fullmatch(r"[a-z][a-z0-9_]{0,39}", name) is None:
        raise ValueError(
            "use at most 40 lower-case letters, digits and underscores, a letter first"
        )
    return name


class Recipe(_Section):
    """Everything that a build depends on."""

    name: Annotated[str, AfterValidator(_module_name)]
    seed: Annotated[int, Field(ge=0, lt=2**31)] = 0
    data: DataSection = DataSection()
    network: NetworkSection
    bits: BitWidths = BitWidths()
    training: TrainingSection = TrainingSection()
    folding: tuple[LayerFolding, ...]
    attachment: AttachmentSection = AttachmentSection()
    simulation: SimulationSection = SimulationSection()

    @property
    def folded(self) -> FoldedEngine:
        """The folded engine of the recipe's network."""
        return fold(self.network.sizes, self.folding)


def load_recipe(path: Path) -> Recipe:
    """Read and check a recipe.

    Raises:
        PulsewrightError: the file is missing or not TOML, a key is unknown (the nearest known key
            is named), a value is out of range, or the folding does not fit the network.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise PulsewrightError(
            f"cannot read recipe {path}: {error.strerror}; name a file such as recipes/a1_int8.toml"
        ) from error
    except (ValueError, RecursionError) as error:
        reason = str(error).splitlines()[0]
        raise PulsewrightError(f"recipe {path} is not TOML: {reason}") from error
    try:
        # Through JSON, where strict types still let a text be a path or a choice.
        text = json.dumps(document, default=str)
        recipe = Recipe.model_validate_json(text, strict=True)
    except ValidationError as error:
        # A misspelt key is also a missing one; the misspelling is what helps.
        first = min(error.errors(), key=lambda one: one["type"] != "extra_forbidden")
        raise PulsewrightError(f"recipe {path}: {_sentence(first)}") from error
    try:
        _ = recipe.folded
    except PulsewrightError as error:
        raise PulsewrightError(f"recipe {path}: {error}") from error
    return recipe


def _sentence(error: ErrorDetails) -> str:
    """One pydantic error as a sentence that names the key, the value and the remedy."""
    location = list(error["loc"])
    key = ".".join(str(part) for part in location)
    if error["type"] == "extra_forbidden":
        *parents, unknown = location
        known = _known_keys(parents)
        nearest = difflib.get_close_matches(str(unknown), known, n=1, cutoff=0.5)
        hint = f"did you mean {nearest[0]!r}?" if nearest else f"known keys: {', '.join(known)}"
        return f"unknown key {key!r}; {hint}"
    if error["type"] == "missing":
        return f"key {key!r} is missing"
    if error["type"] in _REMEDIES:
        return f"{key}: {_REMEDIES[error['type']].format(key=key)}"
    value = error["input"]
    shown = f" = {value!r}" if isinstance(value, str | int | float | bool) else ""
    return f"{key}{shown}: {error['msg'].removeprefix('Value error, ')}"


_REMEDIES = {
    "model_type": "give a table, [{key}]",
    "tuple_type": "give a list; [[folding]] is written once a layer",
    "too_long": "the list is too long; use fewer",
    "path_type": "give a path as text",
}


def _known_keys(parents: list[str | int]) -> list[str]:
    model: type[BaseModel] = Recipe
    for parent in parents:
        if isinstance(parent, int):
            continue
        field = next(
            field for name, field in model.model_fields.items() if parent in (name, field.alias)
        )
        kinds = [field.annotation, *get_args(field.annotation)]
        model = next(
            kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)
        )
    return [field.alias or name for name, field in model.model_fields.items()]
