# SPDX-License-Identifier: Apache-2.0
"""Folds a chain of dense layers as it is asked for, (pe, simd) of each layer."""

import itertools
from collections.abc import Sequence
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.hls_model.schedule.folded_layer import FoldedLayer
from pulsewright.hls_model.schedule.piecewise_linear_timing import PiecewiseLinearTiming
from pulsewright.hls_model.schedule.shared_multiplier_network import check_shared_multiplier_sizes
from pulsewright.hls_model.schedule.shared_multiplier_timing import SharedMultiplierTiming

# Inputs, hidden neurons, outputs.
HIDDEN_LAYER_SIZES = 3


class LayerFolding(BaseModel):
    """Parallelism of one layer: `pe` neurons and `simd` inputs a cycle."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    pe: Annotated[int, Field(ge=1)]
    """Neurons in parallel, at most those of the layer."""
    simd: Annotated[int, Field(ge=1)]
    """Inputs in parallel, at most those of the layer."""


def fold(
    sizes: Sequence[int],
    foldings: Sequence[LayerFolding],
    incremental: bool = False,
    reloadable: bool = False,
    shallow: bool = False,
) -> FoldedEngine:
    """Fold dense layers of `sizes` (inputs, then neurons of each layer), one folding a layer.

    incremental: of the first layer, see `FoldedLayer`. reloadable: see `FoldedEngine`. shallow: of
    every layer.

    Raises:
        PulsewrightError: a folding is missing, left over, or larger than its layer, or the first
            layer is to be incremental and takes all its inputs in one step.
    """
    shapes = list(itertools.pairwise(sizes))
    if len(shapes) != len(foldings):
        raise PulsewrightError(
            f"{len(foldings)} foldings for {len(shapes)} layers; give one (pe, simd) a layer"
        )
    layers: list[FoldedLayer] = []
    beat = sizes[0]
    for number, ((inputs, neurons), folding) in enumerate(
        zip(shapes, foldings, strict=True), start=1
    ):
        _check_fit(number, folding, inputs, neurons)
        if incremental and number == 1 and folding.simd == inputs:
            raise PulsewrightError(
                f"incremental inference saves nothing with simd = {folding.simd} in layer 1, which "
                f"takes all {inputs} inputs in one step; use a simd below {inputs}"
            )
        layers.append(
            FoldedLayer(
                inputs=inputs,
                neurons=neurons,
                pe=folding.pe,
                simd=folding.simd,
                beat=beat,
                hidden=number < len(shapes),
                incremental=incremental and number == 1,
                shallow=shallow,
            )
        )
        beat = folding.pe
    return FoldedEngine(layers=tuple(layers), reloadable=reloadable)


def fold_piecewise_linear(sizes: Sequence[int]) -> FoldedEngine:
    """The engine for piecewise-linear curves of a network of `sizes`: one neuron a cycle.

    Raises:
        PulsewrightError: the sizes have not one hidden layer.
    """
    if len(sizes) != HIDDEN_LAYER_SIZES:
        raise PulsewrightError(
            'engine.curve = "piecewise_linear" needs one hidden layer, the network has '
            f"{len(sizes) - 2}; train a network such as hidden = [64] in [network]"
        )
    foldings = [LayerFolding(pe=1, simd=sizes[0]), LayerFolding(pe=1, simd=1)]
    timing = PiecewiseLinearTiming(inputs=sizes[0], neurons=sizes[1], quotient=0)
    return fold(sizes, foldings).model_copy(update={"piecewise_linear": timing})


def fold_shared_multiplier(sizes: Sequence[int]) -> FoldedEngine:
    """The engine with one multiplier for both layers of a network of `sizes`.

    Raises:
        PulsewrightError: the sizes have not one hidden layer.
    """
    check_shared_multiplier_sizes(sizes)
    inputs, neurons, outputs = sizes
    timing = SharedMultiplierTiming(inputs=inputs, neurons=neurons, outputs=outputs)
    foldings = [LayerFolding(pe=1, simd=1)] * 2
    return fold(sizes, foldings).model_copy(update={"shared_multiplier": timing})


def _check_fit(number: int, folding: LayerFolding, inputs: int, neurons: int) -> None:
    for name, value, limit in (("pe", folding.pe, neurons), ("simd", folding.simd, inputs)):
        if value > limit:
            what = "neurons" if name == "pe" else "inputs"
            raise PulsewrightError(
                f"folding of layer {number}: {name} = {value} exceeds its {limit} {what}; "
                f"use at most {limit}"
            )
