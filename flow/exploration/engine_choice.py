# SPDX-License-Identifier: Apache-2.0
"""Engines that a network may be computed by: the axes of an exploration, and their combinations."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, Literal

from pulsewright.flow.foldings import PIPELINES, Pipeline, changed_recipe, doubled_multipliers
from pulsewright.flow.recipe import Recipe, check_hardware
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.shortened import shortened

Weights = Literal["constant", "reloadable"]
Curve = Literal["inferences", "piecewise_linear"]
WEIGHTS: tuple[Weights, ...] = ("constant", "reloadable")
CURVES: tuple[Curve, ...] = ("inferences", "piecewise_linear")


@dataclass(frozen=True)
class EngineChoice:
    """One engine; of piecewise-linear curves there is one alone, which searches no folding.

    multipliers: how many there may be; None of the engine for piecewise-linear curves.
    """

    multipliers: int | None
    pipeline: Pipeline = "deep"
    weights: Weights = "constant"
    incremental: bool = False
    curve: Curve = "inferences"

    def name(self, multipliers: int | None) -> str:
        """In tables and pictures. multipliers: that its folding has, as far as there is one."""
        if self.curve == "piecewise_linear":
            head = "piecewise-linear"
        else:
            number = self.multipliers if multipliers is None else multipliers
            head = f"{number} multipliers"
        words = (
            "shallow" if self.pipeline == "shallow" else "",
            "incremental" if self.incremental else "",
            "reloadable" if self.weights == "reloadable" else "",
        )
        return ", ".join((head, *filter(None, words)))

    def folder(self, multipliers: int) -> str:
        """Of its build, among those of a network. multipliers: that its folding has."""
        if self.curve == "piecewise_linear":
            head = "piecewise_linear"
        else:
            head = f"{multipliers}_multipliers_{self.pipeline}"
        incremental = "_incremental" if self.incremental else ""
        return f"{head}{incremental}{'_reloadable' if self.weights == 'reloadable' else ''}"

    def applied(self, recipe: Recipe, model: IntegerMlp | None) -> Recipe:
        """The recipe with this engine. model: of a recipe that has a finished one.

        Raises:
            PulsewrightError: the two do not go together.
        """
        chosen: dict[str, Any] = {}
        if self.curve == "piecewise_linear":
            chosen["curve"] = self.curve
        else:
            chosen |= {"multipliers": self.multipliers, "pipeline": self.pipeline}
        if self.weights == "reloadable":
            chosen["weights"] = self.weights
        if self.incremental:
            chosen["incremental"] = True
        changed = changed_recipe(recipe, {"engine": chosen})
        check_hardware(changed, model)
        return changed


@dataclass(frozen=True)
class EngineAxes:
    """What is combined.

    multipliers: None for one a layer, doubled up to one a product, of each network.
    """

    multipliers: tuple[int, ...] | None
    pipelines: tuple[Pipeline, ...]
    weights: tuple[Weights, ...]
    incremental: tuple[bool, ...]
    curves: tuple[Curve, ...]

    def choices(self, sizes: Sequence[int]) -> Iterator[EngineChoice]:
        """Every combination for a network of these sizes."""
        numbers = self.multipliers or doubled_multipliers(sizes)
        for weights, incremental, curve in product(self.weights, self.incremental, self.curves):
            if curve == "piecewise_linear":
                yield EngineChoice(None, "deep", weights, incremental, curve)
                continue
            for number, pipeline in product(numbers, self.pipelines):
                yield EngineChoice(number, pipeline, weights, incremental, curve)


def parse_pipelines(text: str) -> tuple[Pipeline, ...]:
    """Pipelines of a text such as "deep,shallow", each once.

    Raises:
        PulsewrightError: a part of it is no pipeline.
    """
    return _parsed("--pipelines", text, PIPELINES, "pipeline")


def parse_weights(text: str) -> tuple[Weights, ...]:
    """The same of "constant,reloadable".

    Raises:
        PulsewrightError: a part of it is neither.
    """
    return _parsed("--weights", text, WEIGHTS, "kind of weights")


def parse_curves(text: str) -> tuple[Curve, ...]:
    """The same of "inferences,piecewise_linear".

    Raises:
        PulsewrightError: a part of it is neither.
    """
    return _parsed("--curve", text, CURVES, "way to compute curves")


def _parsed(option: str, text: str, known: tuple[Any, ...], what: str) -> tuple[Any, ...]:
    named = [part.strip() for part in text.split(",")]
    for one in named:
        if one not in known:
            raise PulsewrightError(
                f"{option} {shortened(text)}: {shortened(one)} is no {what}; give "
                f"{', '.join(known)}, or both"
            )
    return tuple(one for one in known if one in named)
