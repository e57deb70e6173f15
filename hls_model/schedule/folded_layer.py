# SPDX-License-Identifier: Apache-2.0
"""One folded dense layer, with the cycles that it takes.

The terms are FINN's: `pe` neurons and `simd` inputs of a layer are computed in parallel. The
formulas here and in `folded_engine` are the only ones in the project; the RTL is checked against
them in simulation.
"""

from collections.abc import Sequence
from enum import StrEnum
from math import ceil
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

# Levels of two-input adders between two registers of the adder tree.
ADDER_LEVELS_PER_STAGE = 3


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
