# SPDX-License-Identifier: Apache-2.0
"""Random networks written as files, QONNX and QuantizeLinear nodes side by side, and read."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt
import onnx

from pulsewright.hls_model.exact.finished import ImportedModel
from pulsewright.hls_model.exact.requantised import UnreproducibleLayerError
from pulsewright.hls_model.qonnx.dialect import QUANT_DOMAIN
from pulsewright.hls_model.quantised_onnx.importer import imported_from_proto
from tests.hls_model.exact.random_networks import random_network
from tests.hls_model.exact.reference import BatchNormalisation, Quantiser, Reference
from tests.hls_model.qonnx.graphs import GraphBuilder

BYTE = 127


@dataclass(frozen=True)
class RandomFile:
    """A network as it was read, and input codes of rows on which it is what its file says."""

    imported: ImportedModel
    codes: np.ndarray


def random_file(seed: int, rows: int) -> RandomFile | None:
    """None if ties of half to even leave no multiplier."""
    network = random_network(seed, lambda inputs: WrittenNetwork(inputs, seed))
    try:
        imported = imported_from_proto(network.made.proto, output=network.output)
    except UnreproducibleLayerError:
        return None
    return RandomFile(imported, network.check(imported, rows, seed))


class WrittenNetwork(Reference):
    """Operations that become nodes of a file and are kept as fractions.

    Where a file can say one thing in several ways, a random one is taken.
    """

    def __init__(self, inputs: int, seed: int = 0) -> None:
        super().__init__()
        self._builder = GraphBuilder((1, inputs))
        self._tensor = "in"
        self._random = np.random.default_rng(seed)

    @property
    def proto(self) -> onnx.ModelProto:
        return self._builder.proto(self._tensor)

    def times(self, factors: Sequence[Fraction]) -> None:
        super().times(factors)
        self._node("Mul", factors)

    def divide(self, divisors: Sequence[Fraction]) -> None:
        super().divide(divisors)
        self._node("Div", divisors)

    def plus(self, summands: Sequence[Fraction]) -> None:
        super().plus(summands)
        if self._random.random() < 0.3:
            self._node("Sub", [-one for one in summands])
        else:
            self._node("Add", summands)

    def normalise(self, normalisation: BatchNormalisation) -> None:
        plain = Reference()
        normalisation.onto(plain)
        self.operations += plain.operations
        parts = (
            normalisation.gamma,
            normalisation.beta,
            normalisation.mean,
            normalisation.variance,
        )
        self._tensor = self._builder.node(
            "BatchNormalization",
            [self._tensor, *map(self._constant, parts)],
            epsilon=float(normalisation.epsilon),
        )

    def clip(self, low: Fraction | None, high: Fraction | None) -> None:
        super().clip(low, high)
        if low == 0 and high is None:
            self._tensor = self._builder.node("Relu", [self._tensor])
            return
        bounds = ["" if one is None else self._builder.constant(float(one)) for one in (low, high)]
        self._tensor = self._builder.node("Clip", [self._tensor, *bounds])

    def quantise(self, quantiser: Quantiser) -> None:
        super().quantise(quantiser)
        if quantiser.bipolar:
            self._tensor = self._bipolar(self._tensor, self._builder.constant(quantiser.scale))
        elif quantiser.after:
            self._quantise_linear(quantiser)
        else:
            high = quantiser.high
            signed = quantiser.low < 0
            bits = high.bit_length() + signed
            narrow = quantiser.low == -high if signed else high != (1 << bits) - 1
            self._tensor = self._builder.quant(
                self._tensor,
                float(quantiser.scale),
                bits,
                int(signed),
                int(narrow),
                quantiser.rounding,
                float(quantiser.zero_point),
            )

    def dense(self, weights: np.ndarray, scales: Sequence[Fraction]) -> None:
        super().dense(weights, scales)
        self._tensor = self._builder.node("MatMul", [self._tensor, self._weights(weights, scales)])

    def _weights(self, weights: np.ndarray, scales: Sequence[Fraction]) -> str:
        """(inputs, neurons), by Quant, BipolarQuant or DequantizeLinear."""
        given = np.array([float(one) for one in scales], dtype=np.float32)
        if self._random.random() < 0.4:
            integers = self._builder.constant(weights.T, np.int8)
            scale = self._builder.constant(given if len(given) > 1 else given[0])
            return self._builder.node("DequantizeLinear", [integers, scale], axis=1)
        floats = self._builder.constant(weights.T.astype(np.float32) * given)
        if (abs(weights) == 1).all():
            return self._bipolar(floats, self._builder.constant(given))
        bits = int(abs(weights).max()).bit_length() + 1
        return self._builder.quant(floats, given, max(bits, 2), narrow=1)

    def _bipolar(self, tensor: str, scale: str) -> str:
        return self._builder.node("BipolarQuant", [tensor, scale], QUANT_DOMAIN)

    def _quantise_linear(self, quantiser: Quantiser) -> None:
        """Codes of a byte, clipped where the quantiser has fewer."""
        kind = np.int8 if quantiser.low < 0 or quantiser.high <= BYTE else np.uint8
        scale = self._builder.constant(float(quantiser.scale))
        zero_point = self._builder.constant(int(quantiser.zero_point), kind)
        made = self._builder.node("QuantizeLinear", [self._tensor, scale, zero_point])
        limits = np.iinfo(kind)
        if (quantiser.low, quantiser.high) != (limits.min, limits.max):
            ends = [self._builder.constant(one, kind) for one in (quantiser.low, quantiser.high)]
            made = self._builder.node("Clip", [made, *ends])
        self._tensor = self._builder.node("DequantizeLinear", [made, scale, zero_point])

    def _node(self, operator: str, values: Sequence[Fraction]) -> None:
        self._tensor = self._builder.node(operator, [self._tensor, self._constant(values)])

    def _constant(self, values: Sequence[Fraction]) -> str:
        array: npt.NDArray[np.float64] = np.array([float(one) for one in values])
        assert (array == array.astype(np.float32)).all(), "a file has float32"
        return self._builder.constant(array)
