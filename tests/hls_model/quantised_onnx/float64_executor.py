# SPDX-License-Identifier: Apache-2.0
"""ONNX graphs of quantised dense layers in float64, by the definitions of their operators.

It tells how near to a step the values of each quantiser came: float32 executors may fall on the
other side there.
"""

from dataclasses import dataclass, field

import numpy as np
import onnx
from onnx import helper, numpy_helper

RANGES = {"int8": (-128, 127), "uint8": (0, 255)}


@dataclass
class Executed:
    """output: (rows, outputs). near: (rows,) the least distance to a step, in steps."""

    output: np.ndarray
    near: np.ndarray
    codes: list[np.ndarray] = field(default_factory=list)


class Executor:
    def __init__(self, model: onnx.ModelProto) -> None:
        self.graph = model.graph

    def run(self, rows: np.ndarray) -> Executed:
        constants = {one.name: numpy_helper.to_array(one) for one in self.graph.initializer}
        self.kinds = {name: array.dtype.name for name, array in constants.items()}
        self.tensors = {name: array.astype(np.float64) for name, array in constants.items()}
        [name] = [one.name for one in self.graph.input if one.name not in constants]
        self.tensors[name] = rows.astype(np.float64)
        self.live = {name}
        self.executed = Executed(np.empty(0), np.full(len(rows), np.inf))
        for node in self.graph.node:
            given = {one.name: helper.get_attribute_value(one) for one in node.attribute}
            values = [self.tensors[one] if one else None for one in node.input]
            made = getattr(self, node.op_type.lower())(node, given, *values)
            self.tensors[node.output[0]] = made
            if self.live & set(node.input):
                self.live.add(node.output[0])
        self.executed.output = self.tensors[self.graph.output[0].name]
        return self.executed

    def rounded(self, node, steps, low, high):
        codes = np.clip(np.rint(steps), low, high)
        if node.input[0] in self.live:
            # Where it saturates, a step is the nearer end.
            inside = np.clip(steps, low - 0.5 + 1e-9, high + 0.5 - 1e-9)
            distance = np.abs(inside - np.floor(inside) - 0.5)
            outside = (steps < low - 0.5) | (steps > high + 0.5)
            distance = np.where(outside, np.inf, distance)
            self.executed.near = np.minimum(self.executed.near, distance.min(axis=1))
            self.executed.codes.append(codes.astype(np.int64))
        return codes

    def quant(self, node, given, x, scale, zero, bits):
        signed, narrow = given.get("signed", 1), given.get("narrow", 0)
        low = -(2 ** (bits - 1)) + narrow if signed else 0
        high = 2 ** (bits - signed) - 1 - (narrow and not signed)
        return (self.rounded(node, x / scale + zero, low, high) - zero) * scale

    def along(self, values, x, given):
        axis = given.get("axis", 1)
        return (
            values.reshape([-1 if i == axis else 1 for i in range(x.ndim)])
            if values.ndim
            else values
        )

    def quantizelinear(self, node, given, x, scale, zero):
        low, high = RANGES[self.kinds[node.input[2]]]
        scale, zero = self.along(scale, x, given), self.along(zero, x, given)
        return self.rounded(node, x / scale, low - zero, high - zero) + zero

    def dequantizelinear(self, node, given, x, scale, zero):
        return (x - self.along(zero, x, given)) * self.along(scale, x, given)

    def gemm(self, node, given, x, weights, bias=0):
        weights = weights.T if given.get("transB") else weights
        return x @ weights + bias

    def qgemm(self, node, given, x, scale, zero, weights, of, weights_zero, bias, out, out_zero):
        weights = weights - (weights_zero[:, None] if weights_zero.ndim else weights_zero)
        sums = (x - zero) @ (weights.T if given.get("transB") else weights) + bias
        low, high = RANGES[self.kinds[node.input[8]]]
        return (
            self.rounded(node, sums * (scale * of / out), low - out_zero, high - out_zero)
            + out_zero
        )

    def matmul(self, node, given, x, weights):
        return x @ weights

    def add(self, node, given, x, y):
        return x + y

    def relu(self, node, given, x):
        return np.maximum(x, 0)

    def clip(self, node, given, x, low, high):
        return np.clip(x, low, high)

    def transpose(self, node, given, x):
        return x.T

    def batchnormalization(self, node, given, x, gamma, beta, mean, variance):
        return (x - mean) / np.sqrt(
            variance + np.float64(np.float32(given["epsilon"]))
        ) * gamma + beta
