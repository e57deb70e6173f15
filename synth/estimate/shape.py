# SPDX-License-Identifier: Apache-2.0
"""What the size of an engine goes by, known before a network is trained."""

from dataclasses import dataclass
from itertools import pairwise

from pulsewright.hls_model.schedule.folded_engine import FoldedEngine

TERMS = (
    "one engine",
    "bits added in products",
    "bits of operands of products that add",
    "bits of operands and weights at multipliers",
    "bits of accumulators",
    "bits of constant weights",
    "bits of activations",
)
ENERGY_TERMS = (
    "cycles",
    "bits added in products made",
    "bits of operands of products that add",
    "bits of operands and weights given to multipliers",
    "bits of accumulators written",
    "bits of constant weights",
    "bits of activations",
)


@dataclass(frozen=True)
class EngineShape:
    """Sizes of a network (inputs, then neurons by layer) and its widths.

    weight_bits: by layer. input_bits, activation_bits: of what each layer takes, so that the first
    entry of the two together is `input_bits` and each hidden layer has one of `activation_bits`.
    """

    sizes: tuple[int, ...]
    weight_bits: tuple[int, ...]
    input_bits: int
    activation_bits: tuple[int, ...]

    def __post_init__(self) -> None:
        layers = len(self.sizes) - 1
        if len(self.weight_bits) != layers or len(self.activation_bits) != layers - 1:
            raise ValueError(f"{self} has not as many widths as layers")

    @property
    def operand_bits(self) -> tuple[int, ...]:
        """Of the inputs of each layer."""
        return (self.input_bits, *self.activation_bits)

    def terms(self, engine: FoldedEngine) -> tuple[float, ...]:
        """`TERMS` of this network in that engine: what its cells are thought to be sums of.

        A product adds its operand for each bit of the weight but two, and has an adder and a choice
        of operands at all only if there is one; an accumulator has as many bits more than the
        operands as its inputs may carry.
        """
        products = adding = lanes = accumulators = weights = activations = 0
        layers = zip(
            engine.layers, pairwise(self.sizes), self.weight_bits, self.operand_bits, strict=True
        )
        for folded, (inputs, neurons), weight, operand in layers:
            products += folded.multipliers * _additions(weight) * operand
            adding += folded.multipliers * (_additions(weight) > 0) * operand
            lanes += folded.multipliers * (weight + operand)
            accumulators += folded.pe * (weight + operand + inputs.bit_length())
            weights += inputs * neurons * weight
            activations += inputs * operand
        counts = (products, adding, lanes, accumulators, weights, activations)
        return (1.0, *map(float, counts))

    def energy_terms(self, engine: FoldedEngine) -> tuple[float, ...]:
        """`ENERGY_TERMS` of an inference in that engine, one following the other without a gap.

        All multipliers of a layer work in each of its cycles, those of neurons or inputs that are
        not there among them. Of a product goes what it adds: with weights of 8 bits 18 times the
        energy was measured of those of 2, and not 4 times.
        """
        products = adding = lanes = accumulators = weights = activations = 0
        layers = zip(
            engine.layers, pairwise(self.sizes), self.weight_bits, self.operand_bits, strict=True
        )
        for folded, (inputs, neurons), weight, operand in layers:
            products += folded.cycles * folded.multipliers * _additions(weight) * operand
            adding += folded.cycles * folded.multipliers * (_additions(weight) > 0) * operand
            lanes += folded.cycles * folded.multipliers * (weight + operand)
            accumulators += folded.cycles * folded.pe * (weight + operand + inputs.bit_length())
            weights += inputs * neurons * weight
            activations += inputs * operand
        cycles = float(engine.initiation_interval)
        counts = (products, adding, lanes, accumulators, weights, activations)
        return (cycles, *map(float, counts))


def _additions(weight_bits: int) -> int:
    """Of an operand, in its product with a weight of a sign and so many bits less one.

    A sign alone, as of weights of 1 and 2 bits, adds nothing.
    """
    return max(weight_bits - 2, 0)
