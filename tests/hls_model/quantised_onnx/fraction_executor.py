# SPDX-License-Identifier: Apache-2.0
"""The same definitions in fractions, for rows that neither float32 nor float64 may decide."""

from fractions import Fraction

import numpy as np
import onnx
from onnx import numpy_helper

from tests.hls_model.exact.reference import root
from tests.hls_model.quantised_onnx.float64_executor import Executor

HALF = Fraction(1, 2)
_fractions = np.frompyfunc(lambda value: Fraction(float(value)), 1, 1)
_rounded = np.frompyfunc(round, 1, 1)


def as_fractions(array: np.ndarray) -> np.ndarray:
    return np.asarray(_fractions(array), dtype=object)


class FractionExecutor(Executor):
    """Rounds half to even where the definition rounds, and nowhere else.

    Square roots have 300 digits. distances: of each quantiser, the least distance (rows,) of its
    values from a step, in steps.
    """

    def run_exactly(self, rows: np.ndarray) -> np.ndarray:
        constants = {one.name: numpy_helper.to_array(one) for one in self.graph.initializer}
        self.kinds = {name: array.dtype.name for name, array in constants.items()}
        # Weights keep the codes that one float32 division gives, as in every executor.
        self.constants = constants
        self.tensors = {name: as_fractions(array) for name, array in constants.items()}
        [name] = [one.name for one in self.graph.input if one.name not in constants]
        self.tensors[name] = as_fractions(rows)
        self.live = {name}
        self.distances: list[np.ndarray] = []
        for node in self.graph.node:
            given = {one.name: onnx.helper.get_attribute_value(one) for one in node.attribute}
            values = [self.tensors[one] if one else None for one in node.input]
            self.tensors[node.output[0]] = getattr(self, node.op_type.lower())(node, given, *values)
            if self.live & set(node.input):
                self.live.add(node.output[0])
        return self.tensors[self.graph.output[0].name]

    def rounded(self, node, steps, low, high):
        steps = np.asarray(steps, dtype=object)
        if node.input[0] not in self.live:
            x, scale = (self.constants.get(name) for name in node.input[:2])
            if x is not None and x.dtype == np.float32 and scale is not None:
                steps = as_fractions(x / np.broadcast_to(self.along_axis(scale, x, node), x.shape))
        else:
            inside = np.clip(steps, low, high)
            self.distances.append(np.min(abs(inside - np.floor(inside) - HALF), axis=1))
        return np.clip(_rounded(steps), low, high)

    def along_axis(self, scale, x, node):
        given = {one.name: onnx.helper.get_attribute_value(one) for one in node.attribute}
        return self.along(scale, x, given) if scale.ndim == 1 else scale

    def quant(self, node, given, x, scale, zero, bits):
        return super().quant(node, given, x, scale, zero, int(bits))

    def relu(self, node, given, x):
        return np.maximum(x, Fraction(0))

    def batchnormalization(self, node, given, x, gamma, beta, mean, variance):
        epsilon = Fraction(float(np.float32(given["epsilon"])))
        roots = np.array([root(one + epsilon) for one in variance], dtype=object)
        return (x - mean) / roots * gamma + beta
