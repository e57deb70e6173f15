# SPDX-License-Identifier: Apache-2.0
"""The grids of a study: products of axes; free of Torch."""

import itertools
from math import prod
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.presets import preset_sizes
from pulsewright.quant.curve_sources import PulseNumberMap
from pulsewright.quant.settings import (
    ActivationScales,
    BatchSize,
    BitWidths,
    LearningRate,
    QuantisedTraining,
    Refinement,
    ScaleFit,
    WeightScales,
    Widths,
)
from pulsewright.quant.splits import SplitKind
from pulsewright.quant.studies.configuration import Configuration, FloatConfiguration, Hidden

Network = str | Hidden
MOST_CONFIGURATIONS = 100_000
QAT, ROWS = QuantisedTraining(), SplitKind.ROWS


class Grid(BaseModel):
    """Every combination of the values of its axes.

    The axes behind `split` are the fields of `BitWidths` and `QuantisedTraining`, each a list.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[
        str,
        StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ,._-]{0,59}$"),
        Field(examples=["widths"]),
    ]
    """Of the grid, for plots and tables: letters, digits, and " ,._-"."""
    network: Annotated[tuple[Network, ...], Field(min_length=1)] = ("A1",)
    """Presets (A1, A2, A3) or lists of hidden sizes."""
    pulse_number: Annotated[tuple[PulseNumberMap, ...], Field(min_length=1)] = ("affine",)
    """Codes of the pulse number N: N itself, or a table of log(1 + N)."""
    split: Annotated[tuple[SplitKind, ...], Field(min_length=1)] = (ROWS,)
    """How the test is drawn."""
    weights: Annotated[tuple[Widths, ...], Field(min_length=1)] = (8,)
    """Bits of a weight: one width, or a list of one for each layer."""
    activations: Annotated[tuple[Widths, ...], Field(min_length=1)] = (8,)
    """Bits of a hidden activation: one width, or a list of one for each hidden layer."""
    inputs: Annotated[tuple[Annotated[int, Field(ge=2, le=16)], ...], Field(min_length=1)] = (8,)
    """Bits of an input code."""
    weight_scales: Annotated[tuple[WeightScales, ...], Field(min_length=1)] = (
        WeightScales.PER_TENSOR,
    )
    """One scale a layer or one a neuron, powers of two or floats."""
    activation_scales: Annotated[tuple[ActivationScales, ...], Field(min_length=1)] = (
        ActivationScales.POWER_OF_TWO,
    )
    """Powers of two, or floats."""
    scale_fit: Annotated[tuple[ScaleFit, ...], Field(min_length=1)] = (QAT.scale_fit,)
    """Where the scales of weights begin."""
    epochs: Annotated[tuple[Annotated[int, Field(ge=0, le=100_000)], ...], Field(min_length=1)] = (
        QAT.epochs,
    )
    """Of quantisation-aware training; 0 is post-training quantisation."""
    batch_size: Annotated[tuple[BatchSize, ...], Field(min_length=1)] = (QAT.batch_size,)
    """Rows a step."""
    learning_rate: Annotated[tuple[LearningRate, ...], Field(min_length=1)] = (QAT.learning_rate,)
    """The first one, which falls to 0 along a cosine."""
    teacher: Annotated[tuple[Annotated[float, Field(ge=0, le=1)], ...], Field(min_length=1)] = (
        QAT.teacher,
    )
    """Share of the float network's own predictions in the targets."""
    refinement: Annotated[tuple[Refinement, ...], Field(min_length=1)] = (QAT.refinement,)
    """The search over integers at the end."""
    restarts: Annotated[tuple[Annotated[int, Field(ge=1, le=1000)], ...], Field(min_length=1)] = (
        QAT.restarts,
    )
    """How often all this is done; the best on validation is kept."""

    def configurations(self, seeds: tuple[int, ...]) -> list[Configuration]:
        """All points, for every seed.

        Raises:
            PulsewrightError: a preset is unknown, widths do not fit a network, or there are more
                than 100 000.
        """
        count = self.count(seeds)
        if count > MOST_CONFIGURATIONS:
            raise PulsewrightError(
                f"grid {self.name!r} has {count} configurations, at most {MOST_CONFIGURATIONS}; "
                "leave values out"
            )
        axes = self._axes()
        return [
            _configuration(dict(zip(axes, point, strict=True)), seed)
            for point in itertools.product(*axes.values())
            for seed in seeds
        ]

    def count(self, seeds: tuple[int, ...]) -> int:
        """How many points it has, for every seed."""
        return len(seeds) * prod(len(axis) for axis in self._axes().values())

    def check(self) -> None:
        """Try every network with every choice of widths; the other axes are checked already.

        Raises:
            PulsewrightError: a preset is unknown, or widths do not fit a network.
            pydantic.ValidationError: the same.
        """
        axes = self._axes()
        tried = {"network", "weights", "activations"}
        shorter = [axis if name in tried else axis[:1] for name, axis in axes.items()]
        for point in itertools.product(*shorter):
            _configuration(dict(zip(axes, point, strict=True)), seed=0)

    def _axes(self) -> dict[str, tuple[Any, ...]]:
        return {name: getattr(self, name) for name in type(self).model_fields if name != "name"}


def _configuration(point: dict[str, Any], seed: int) -> Configuration:
    network = point.pop("network")
    return Configuration(
        start=FloatConfiguration(
            hidden=preset_sizes(network)[1:-1] if isinstance(network, str) else network,
            pulse_number=point.pop("pulse_number"),
            split=point.pop("split"),
            seed=seed,
        ),
        bits=BitWidths(**{name: point.pop(name) for name in BitWidths.model_fields}),
        training=QuantisedTraining(**point),
    )
