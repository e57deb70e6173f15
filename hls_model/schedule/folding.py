# SPDX-License-Identifier: Apache-2.0
"""Folding of a chain of dense layers, with its initiation interval and latency in clock cycles.

The terms are FINN's: `pe` neurons and `simd` inputs of a layer are computed in parallel. The
formulas here are the only ones in the project; the RTL is checked against them in simulation.
"""

import itertools
from collections.abc import Sequence
from enum import StrEnum
from functools import cached_property
from math import ceil
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.schedule.vector_transfer import VectorTransfer

# Levels of two-input adders between two registers of the adder tree.
ADDER_LEVELS_PER_STAGE = 3
# Levels of comparisons between two registers of an argmax.
COMPARE_LEVELS_PER_STAGE = 2


class LayerFolding(BaseModel):
    """Parallelism of one layer: `pe` neurons and `simd` inputs a cycle."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    pe: Annotated[int, Field(ge=1)]
    simd: Annotated[int, Field(ge=1)]


class OperandFeed(StrEnum):
    """Where a layer takes its operands from, step by step.

    HELD: the producer presents the whole vector in one beat and holds it until the last step.
    DIRECT: each beat of the producer is one step; nothing is stored.
    DOUBLE_BUFFERED: beats fill one bank of flip-flops while the layer works through the other.
    MEMORY: the same with both banks in one memory.
    INCREMENTAL: as HELD, but only the steps whose operands changed since the vector before, and
    their differences instead of the operands.
    """

    HELD = "held"
    DIRECT = "direct"
    DOUBLE_BUFFERED = "double_buffered"
    MEMORY = "memory"
    INCREMENTAL = "incremental"


class FoldedLayer(BaseModel):
    """One dense layer of `inputs` K and `neurons` M, folded.

    It takes `cycles` = ceil(M/pe) * ceil(K/simd) steps a vector, one step a clock cycle. The
    producer delivers `beat` activations at a time.

    incremental: the layer keeps its accumulators and adds weights * (x - x_before) for the steps
    whose inputs changed; the first vector after a reset, a clear or new weights takes all steps.
    shallow: registers for operands, accumulators and activations alone, none behind the products
    and in the adder tree: fewer cycles of latency for a lower clock frequency.
    output_codes: an output layer that makes codes, as hidden layers do. multiplied: codes are made
    with multipliers, behind the accumulators (see `with_requantisers`).
    repeated: the producer delivers the vector once for each group of neurons, a step a beat.
    buffered_in_memory: what a double buffer holds is in a memory (see `fits_feed_memory`).

    Raises:
        pydantic.ValidationError: the folding is larger than the layer, or an incremental layer
            does not hold its vector in one beat or takes all its inputs in one step, or a layer
            without codes multiplies, or repeated beats are no steps, or there is no double buffer
            to be in memory.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    inputs: Annotated[int, Field(ge=1)]
    neurons: Annotated[int, Field(ge=1)]
    pe: Annotated[int, Field(ge=1)]
    simd: Annotated[int, Field(ge=1)]
    beat: Annotated[int, Field(ge=1)]
    hidden: bool
    incremental: bool = False
    shallow: bool = False
    output_codes: bool = False
    multiplied: bool = False
    repeated: bool = False
    buffered_in_memory: bool = False

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.pe > self.neurons:
            raise ValueError(f"pe = {self.pe} exceeds the {self.neurons} neurons of the layer")
        if self.simd > self.inputs:
            raise ValueError(f"simd = {self.simd} exceeds the {self.inputs} inputs of the layer")
        if self.incremental and self.beat < self.inputs:
            raise ValueError("only the first layer can be incremental")
        if self.incremental and self.input_steps == 1:
            raise ValueError(
                f"an incremental layer saves nothing with simd = {self.simd}, which takes all its "
                f"inputs in one step; use simd of {self.inputs - 1} or less"
            )
        if self.output_codes and self.hidden:
            raise ValueError("a hidden layer has no output codes; leave output_codes out")
        if self.multiplied and not self.activates:
            raise ValueError("an output layer without codes multiplies nothing behind its sums")
        if self.repeated and self.beat != self.simd:
            raise ValueError(
                f"beats of {self.beat} activations are no steps of simd = {self.simd}; a producer "
                "that repeats the vector gives one step a beat"
            )
        if self.buffered_in_memory and (self.feed_of_flip_flops is not OperandFeed.DOUBLE_BUFFERED):
            raise ValueError("a layer without a double buffer has none in memory")
        return self

    @property
    def activates(self) -> bool:
        """True if the layer makes activations or codes of its accumulators."""
        return self.hidden or self.output_codes

    @property
    def input_steps(self) -> int:
        """Steps that one group of `pe` neurons needs, ceil(K/simd)."""
        return ceil(self.inputs / self.simd)

    @property
    def neuron_groups(self) -> int:
        """Groups of `pe` neurons, ceil(M/pe), computed one after the other."""
        return ceil(self.neurons / self.pe)

    @property
    def cycles(self) -> int:
        """Clock cycles a vector, ceil(M/pe) * ceil(K/simd): the layer's own II.

        Of an incremental layer: for a fresh vector.
        """
        return self.neuron_groups * self.input_steps

    def incremental_cycles(self, changed_steps: int) -> int:
        """Clock cycles an incremental layer takes for a vector that differs from the one before.

        changed_steps: steps of `simd` inputs of which one changed at least, 0 to input_steps;
        ceil(M/pe) * max(changed_steps, 1) cycles.
        """
        return self.neuron_groups * max(changed_steps, 1)

    @property
    def multipliers(self) -> int:
        """Pe * simd."""
        return self.pe * self.simd

    @property
    def input_beats(self) -> int:
        """Beats in which the producer delivers one vector, ceil(K/beat)."""
        return ceil(self.inputs / self.beat)

    @property
    def feed(self) -> OperandFeed:
        """The cheapest feed that keeps the initiation interval."""
        return OperandFeed.MEMORY if self.buffered_in_memory else self.feed_of_flip_flops

    @property
    def feed_of_flip_flops(self) -> OperandFeed:
        """The feed that the layer has as long as nothing is put in a memory."""
        if self.incremental:
            return OperandFeed.INCREMENTAL
        if self.repeated:
            return OperandFeed.DIRECT
        if self.input_beats == 1:
            return OperandFeed.HELD
        if self.neuron_groups == 1 and self.beat == self.simd:
            return OperandFeed.DIRECT
        return OperandFeed.DOUBLE_BUFFERED

    @property
    def adder_tree_levels(self) -> int:
        """Levels of two-input adders over `simd` products, ceil(log2 simd)."""
        return (self.simd - 1).bit_length()

    @property
    def adder_tree_stages(self) -> int:
        """Groups of three levels of the adder tree, ceil(ceil(log2 simd) / 3)."""
        return ceil(self.adder_tree_levels / ADDER_LEVELS_PER_STAGE)

    @property
    def arithmetic_stages(self) -> int:
        """Register stages of products and adder tree: 1 + adder_tree_stages; 0 if shallow."""
        return 0 if self.shallow else 1 + self.adder_tree_stages

    @property
    def pipeline_depth(self) -> int:
        """Cycles from a step to its result: operand, multiply, adder tree, accumulate, requantise.

        2 + arithmetic_stages, one more where codes are made, and another one with multipliers.
        """
        return 2 + self.arithmetic_stages + self.activates + self.multiplied

    def step_arrival(self, step: int, beat_arrivals: Sequence[int]) -> int:
        """First cycle in which the operands of `step` of the first group are there.

        beat_arrivals: the cycle in which each beat of the producer is valid. Banks of flip-flops
        give a step a cycle after the beat that brings its last operand, a memory two.
        """
        if self.feed in (OperandFeed.HELD, OperandFeed.INCREMENTAL):
            return beat_arrivals[0]
        if self.feed is OperandFeed.DIRECT:
            return beat_arrivals[step]
        last_operand = min((step + 1) * self.simd, self.inputs) - 1
        return beat_arrivals[last_operand // self.beat] + 1 + self.buffered_in_memory

    def result_arrivals(self, beat_arrivals: Sequence[int]) -> list[int]:
        """Cycle in which each group of results is valid, in an idle engine without backpressure.

        A step waits for its operands, and for the step before it:
        end of the first group = max over its steps i of (arrival(i) + input_steps - 1 - i),
        result g = that + g * input_steps + pipeline_depth.
        """
        last = self.input_steps - 1
        end = max(
            self.step_arrival(step, beat_arrivals) + last - step for step in range(self.input_steps)
        )
        return [
            end + group * self.input_steps + self.pipeline_depth
            for group in range(self.neuron_groups)
        ]


class FoldedEngine(BaseModel):
    """A chain of folded layers: what the RTL generator builds and the energy model counts.

    reloadable: weights and biases live in memories that software fills, not in logic. argmax: the
    result is the index of the largest output. transfer: how vectors and results pass the ports (see
    `with_transfer`).

    Raises:
        pydantic.ValidationError: the first layer takes its vector in another way than `transfer`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    layers: Annotated[tuple[FoldedLayer, ...], Field(min_length=1)]
    reloadable: bool = False
    argmax: bool = False
    transfer: VectorTransfer = VectorTransfer.WHOLE

    @model_validator(mode="after")
    def _check(self) -> Self:
        first, whole = self.layers[0], self.transfer is VectorTransfer.WHOLE
        if first.repeated != (self.transfer is VectorTransfer.STEPS):
            raise ValueError("the first layer is given repeated vectors, all of them or none")
        if not whole and first.beat != first.simd:
            raise ValueError(
                f"beats of {first.beat} inputs are no steps of simd = {first.simd} of the first "
                "layer; take with_transfer of a folding and its network"
            )
        return self

    @property
    def incremental(self) -> bool:
        """True if the first layer computes what changed alone."""
        return self.layers[0].incremental

    @property
    def initiation_interval(self) -> int:
        """II in cycles: the largest `cycles` of a layer, exactly."""
        return max(layer.cycles for layer in self.layers)

    @cached_property
    def latency(self) -> int:
        """Cycles from a vector's first valid cycle, engine idle, to the first of its last result.

        The vector comes in a beat a cycle. The arrivals of one layer's results are those of the
        next one's operands (see `FoldedLayer.result_arrivals`); gathering several groups of outputs
        takes one cycle more, an argmax `argmax_stages`.
        """
        return self._result_arrivals[-1]

    @property
    def first_result_latency(self) -> int:
        """As `latency`, to the first beat of the result: earlier if there are several."""
        return self._result_arrivals[0]

    @cached_property
    def _result_arrivals(self) -> list[int]:
        return self.result_arrivals(range(self.layers[0].input_beats))

    def result_arrivals(self, beat_arrivals: Sequence[int]) -> list[int]:
        """Cycle in which each beat of the result is valid, in an idle engine without backpressure.

        beat_arrivals: the cycle in which each beat of the vector is valid, in STEPS of its first
        pass; later passes follow without a pause.
        """
        arrivals = list(beat_arrivals)
        for layer in self.layers:
            arrivals = layer.result_arrivals(arrivals)
        if self.result_beats > 1:
            return arrivals
        return [arrivals[-1] + self.gathers_outputs + self.argmax_stages]

    @property
    def gathers_outputs(self) -> bool:
        """True if the outputs come in several groups and are gathered into one beat."""
        whole = self.transfer is VectorTransfer.WHOLE
        return whole and self.layers[-1].neuron_groups > 1 and not self.argmax

    @property
    def vector_lanes(self) -> int:
        """Inputs in a beat of a vector: all of them, or `simd` of the first layer."""
        return self.layers[0].beat

    @property
    def vector_beats(self) -> int:
        """Beats of a vector, ceil(K/simd); repeated once for each group of neurons in STEPS."""
        first = self.layers[0]
        return first.cycles if first.repeated else first.input_beats

    @property
    def result_lanes(self) -> int:
        """Outputs in a beat of a result: all of them, `pe` of the last layer, or one index."""
        last = self.layers[-1]
        if self.argmax:
            return 1
        return last.neurons if self.transfer is VectorTransfer.WHOLE else last.pe

    @property
    def result_beats(self) -> int:
        """Beats of a result, ceil(M/pe) of the last layer; one if it is whole or an index."""
        return ceil(self.layers[-1].neurons / self.result_lanes) if not self.argmax else 1

    @property
    def argmax_stages(self) -> int:
        """Register stages of an argmax over the `pe` outputs of a group, ceil((L + 1) / 2).

        L = ceil(log2 pe) levels of comparisons, and one with the largest of the groups before. 1 in
        a shallow engine, 0 without an argmax.
        """
        if not self.argmax:
            return 0
        last = self.layers[-1]
        levels = (last.pe - 1).bit_length() + 1
        return 1 if last.shallow else ceil(levels / COMPARE_LEVELS_PER_STAGE)

    @property
    def multipliers(self) -> int:
        """Multipliers of all layers' weights."""
        return sum(layer.multipliers for layer in self.layers)

    @property
    def requantiser_multipliers(self) -> int:
        """Multipliers of requantisers: one for each neuron in parallel of a layer that has them."""
        return sum(layer.pe for layer in self.layers if layer.multiplied)

    @property
    def multiplier_utilisation(self) -> float:
        """Useful MAC over multipliers * II, 0 to 1."""
        useful = sum(layer.inputs * layer.neurons for layer in self.layers)
        return useful / (self.multipliers * self.initiation_interval)


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
        for name, value, limit in (("pe", folding.pe, neurons), ("simd", folding.simd, inputs)):
            if value > limit:
                what = "neurons" if name == "pe" else "inputs"
                raise PulsewrightError(
                    f"folding of layer {number}: {name} = {value} exceeds its {limit} {what}; "
                    f"use at most {limit}"
                )
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


def cheapest_folding(sizes: Sequence[int], initiation_interval: int) -> FoldedEngine:
    """Fewest multipliers that reach the initiation interval in cycles; then fewest double buffers.

    Layers do not share multipliers, so each needs the least pe * simd with
    ceil(M/pe) * ceil(K/simd) <= II; among equals the chain is chosen whose layers hand on what the
    next takes in a step, and then the one with the shallowest pipelines.

    Raises:
        PulsewrightError: the interval is less than one cycle.
    """
    if initiation_interval < 1:
        raise PulsewrightError(
            f"initiation interval is {initiation_interval} cycles; choose 1 or more"
        )
    # Cheapest chain up to a layer, by that layer's pe: all that the next one sees of it.
    chains: dict[int, tuple[tuple[int, int], list[FoldedLayer]]] = {sizes[0]: ((0, 0), [])}
    for number, (inputs, neurons) in enumerate(itertools.pairwise(sizes), start=1):
        hidden = number < len(sizes) - 1
        longer: dict[int, tuple[tuple[int, int], list[FoldedLayer]]] = {}
        for beat, ((buffers, depth), layers) in chains.items():
            for pe, simd in _cheapest_layer_foldings(inputs, neurons, initiation_interval):
                layer = FoldedLayer(
                    inputs=inputs, neurons=neurons, pe=pe, simd=simd, beat=beat, hidden=hidden
                )
                buffered = layer.feed is OperandFeed.DOUBLE_BUFFERED
                cost = (buffers + buffered, depth + layer.pipeline_depth)
                if pe not in longer or cost < longer[pe][0]:
                    longer[pe] = cost, [*layers, layer]
        chains = longer
    _, best = min(chains.values(), key=lambda chain: chain[0])
    return FoldedEngine(layers=tuple(best))


def _cheapest_layer_foldings(
    inputs: int, neurons: int, initiation_interval: int
) -> list[tuple[int, int]]:
    """All (pe, simd) of one layer with the fewest multipliers that reach the interval."""
    foldings = []
    for groups in range(1, min(neurons, initiation_interval) + 1):
        simd = ceil(inputs / min(inputs, initiation_interval // groups))
        foldings.append((ceil(neurons / groups), simd))
    fewest = min(pe * simd for pe, simd in foldings)
    return sorted({(pe, simd) for pe, simd in foldings if pe * simd == fewest})
