# SPDX-License-Identifier: Apache-2.0
"""A chain of folded layers, with its initiation interval and latency in clock cycles."""

from collections.abc import Sequence
from functools import cached_property
from math import ceil
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from pulsewright.hls_model.schedule.folded_layer import FoldedLayer
from pulsewright.hls_model.schedule.piecewise_linear_timing import PiecewiseLinearTiming
from pulsewright.hls_model.schedule.shared_multiplier_timing import SharedMultiplierTiming
from pulsewright.hls_model.schedule.vector_transfer import VectorTransfer

# Levels of comparisons between two registers of an argmax.
COMPARE_LEVELS_PER_STAGE = 2


class FoldedEngine(BaseModel):
    """A chain of folded layers: what the RTL generator builds and the energy model counts.

    reloadable: weights and biases live in memories that software fills, not in logic. argmax: the
    result is the index of the largest output. transfer: how vectors and results pass the ports (see
    `with_transfer`). piecewise_linear: of an engine for piecewise-linear curves, which takes a
    neuron a cycle and a pulse a cycle; its two layers are folded accordingly. shared_multiplier: of
    an engine whose two layers, each folded to pe = simd = 1, have one multiplier together.

    Raises:
        pydantic.ValidationError: the first layer takes its vector in another way than `transfer`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    layers: Annotated[tuple[FoldedLayer, ...], Field(min_length=1)]
    reloadable: bool = False
    argmax: bool = False
    transfer: VectorTransfer = VectorTransfer.WHOLE
    piecewise_linear: PiecewiseLinearTiming | None = None
    shared_multiplier: SharedMultiplierTiming | None = None

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
    def _one_vector_timing(self) -> PiecewiseLinearTiming | SharedMultiplierTiming | None:
        """Of an engine that has one vector in it at a time, instead of a chain of layers."""
        return self.piecewise_linear or self.shared_multiplier

    @property
    def initiation_interval(self) -> int:
        """II in cycles: the largest `cycles` of a layer, exactly.

        Of engines that are no chain see `PiecewiseLinearTiming` and `SharedMultiplierTiming`.
        """
        if self._one_vector_timing is not None:
            return self._one_vector_timing.initiation_interval
        return max(layer.cycles for layer in self.layers)

    @property
    def layer_steps(self) -> tuple[int, ...]:
        """Cycles in which the multipliers of each layer work for a vector, that of a fresh one."""
        if self.shared_multiplier is not None:
            return self.shared_multiplier.layer_steps
        return tuple(layer.cycles for layer in self.layers)

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
        if self._one_vector_timing is not None:
            return [beat_arrivals[0] + self._one_vector_timing.latency]
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
        chained = whole and self._one_vector_timing is None
        return chained and self.layers[-1].neuron_groups > 1 and not self.argmax

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
        """Multipliers of all layers' weights, and the one of corrections at switches.

        1 if the layers share one.
        """
        if self.shared_multiplier is not None:
            return 1
        corrections = self.piecewise_linear is not None
        return sum(layer.multipliers for layer in self.layers) + corrections

    @property
    def requantiser_multipliers(self) -> int:
        """Multipliers of requantisers: one for each neuron in parallel of a layer that has them."""
        return sum(layer.pe for layer in self.layers if layer.multiplied)

    @property
    def multiplier_utilisation(self) -> float:
        """Useful MAC over multipliers * II, 0 to 1."""
        useful = sum(layer.inputs * layer.neurons for layer in self.layers)
        return useful / (self.multipliers * self.initiation_interval)
