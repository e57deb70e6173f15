# SPDX-License-Identifier: Apache-2.0
"""Search for better integers of a hidden layer and of the output layer after it; free of Torch."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from pulsewright.quant.quantised.integer_descent import integer_descent

FloatArray = npt.NDArray[np.floating[Any]]
Candidates = Callable[[int], tuple[FloatArray, FloatArray]]
"""From a neuron to candidates for it: weights (candidates, inputs) and biases (candidates,)."""

# Bias moves, in steps of the activation.
BIAS_STEPS = np.array([1 / 16, 1 / 8, 1 / 4, 1 / 2, 1, 2, 4])
# Pairs of weights are tried where a neuron has at most this many: there are 4 * K * (K - 1) / 2.
MOST_INPUTS_FOR_PAIRS = 8
# A sweep that gains less than this share of the error ends a phase of the search.
COARSE_GAIN, FINE_GAIN = 1e-3, 1e-4
MOST_SWEEPS = 60
# Rounds in which every neuron may be replaced, and candidates for each.
REPLACEMENT_ROUNDS, REPLACEMENTS = 6, 128
# Of these candidates: the share with turned signs, with its model's bias, and of changed weights,
# and how far a weight changes.
TURNED, SAME_BIAS, CHANGED_WEIGHTS, WEIGHT_CHANGE = 0.2, 0.3, 0.5, 2
# A gain below this share of the error may be a rounding of the float32 sums.
SMALLEST_GAIN = 1e-6
# Values (candidates x rows) in one pass, so that they stay in the cache, and in the whole search.
VALUES_A_PASS = 1 << 20
MOST_VALUES = 5e9
FLOAT32_EXACT = 1 << 24


def single_moves(inputs: int) -> FloatArray:
    """(moves, inputs) changes of one weight by one."""
    eye = np.eye(inputs)
    return np.concatenate([eye, -eye])


def pair_moves(inputs: int) -> FloatArray:
    """(moves, inputs) changes of two weights by one each."""
    if inputs > MOST_INPUTS_FOR_PAIRS:
        return np.empty((0, inputs))
    eye = np.eye(inputs)
    pairs = [
        a * eye[i] + b * eye[k]
        for i, k in itertools.combinations(range(inputs), 2)
        for a in (-1, 1)
        for b in (-1, 1)
    ]
    return np.array(pairs).reshape(-1, inputs)


@dataclass
class HiddenLayerSearch:
    """The two layers in integers, and the training rows, equal ones taken together.

    rows: (rows, inputs) what the hidden layer takes, in steps. count: (rows,) how often each row
    occurs. target: (rows,) mean target in output steps. weights (neurons, inputs), bias (neurons,)
    and gain (neurons,), activation steps in one step of the neuron's accumulator. output (neurons,)
    and output_bias: the output layer. activations: (neurons, rows). values: candidates x rows that
    were computed so far.
    """

    rows: FloatArray
    count: FloatArray
    target: FloatArray
    weights: FloatArray
    bias: FloatArray
    gain: FloatArray
    top: int
    limit: int
    output: FloatArray
    output_bias: float
    output_limit: int
    activations: FloatArray = field(init=False)
    values: float = field(default=0.0, init=False)

    def __post_init__(self) -> None:
        self.activations = np.stack(
            [
                self.activate(self.accumulators(neuron), neuron)
                for neuron in range(len(self.weights))
            ]
        )

    def accumulators(self, neuron: int) -> FloatArray:
        """(rows,) accumulators of a neuron."""
        sums: FloatArray = self.rows @ self.weights[neuron] + self.bias[neuron]
        return sums

    def activate(self, accumulators: FloatArray, neuron: int) -> FloatArray:
        """ReLU, round half to even and saturate, in place."""
        accumulators *= accumulators.dtype.type(self.gain[neuron])
        np.rint(accumulators, out=accumulators)
        return np.clip(accumulators, 0, self.top, out=accumulators)

    def residual(self) -> FloatArray:
        """(rows,) output minus target, in output steps."""
        residual: FloatArray = self.output @ self.activations + self.output_bias - self.target
        return residual

    def error(self) -> float:
        """Sum over all training rows of the squared residual, but for what no output can change."""
        return float((self.count * self.residual() ** 2).sum())

    def solve_output(self) -> None:
        """Find the best integers of the output layer for these activations."""
        columns = np.concatenate([self.activations, np.ones((1, len(self.rows)))])
        weighted = columns * self.count
        start = np.append(self.output, self.output_bias)
        solution = integer_descent(
            weighted @ columns.T, weighted @ self.target, start, self.output_limit
        )
        self.output, self.output_bias = solution[:-1], float(solution[-1])

    def _affords(self, candidates: int) -> bool:
        """True if one more sweep with so many candidates a neuron is within the bound on work."""
        return self.values + self._values(candidates) <= MOST_VALUES

    def _values(self, candidates: int) -> float:
        return float(len(self.weights)) * candidates * len(self.rows)

    def descend(self, moves: FloatArray, least_gain: float, generator: np.random.Generator) -> None:
        """Sweep over the neurons until a sweep gains too little."""
        candidates = len(moves) + 2 * len(BIAS_STEPS) + 4 * self.rows.shape[1]
        before = self.error()
        for _ in range(MOST_SWEEPS):
            if not self._affords(candidates):
                return
            self.values += self._values(candidates)
            moved = self._sweep(
                generator.permutation(len(self.weights)),
                lambda neuron: self._moves_of(neuron, moves),
            )
            self.solve_output()
            after = self.error()
            if not moved or before - after < least_gain * before:
                return
            before = after

    def replace(self, generator: np.random.Generator) -> None:
        """Let every neuron be replaced by a variation of another, once."""
        if not self._affords(REPLACEMENTS):
            return
        self.values += self._values(REPLACEMENTS)
        self._sweep(
            generator.permutation(len(self.weights)),
            lambda neuron: self._variations(neuron, generator),
        )
        self.solve_output()

    def _sweep(self, order: npt.NDArray[np.intp], candidates: Candidates) -> int:
        """Give each neuron its best candidate if that lowers the error; how many changed."""
        reach = self.limit * np.abs(self.rows).sum(1).max() + np.abs(self.bias).max()
        dtype = np.float32 if 4 * reach < FLOAT32_EXACT else np.float64
        rows: FloatArray = self.rows.T.astype(dtype)
        count: FloatArray = self.count.astype(dtype)
        # Allocated once: fresh pages for every pass would take as long as the arithmetic.
        size = max(1, VALUES_A_PASS // len(self.rows))
        scratch: FloatArray = np.empty((2, size, len(self.rows)), dtype=dtype)
        changed = 0
        residual = self.residual()
        for neuron in order:
            weights, bias = candidates(int(neuron))
            best = self._best(
                int(neuron), weights, bias, rows, count, residual.astype(dtype), scratch
            )
            if best is None:
                continue
            index, output = best
            residual -= self.output[neuron] * self.activations[neuron]
            self.weights[neuron], self.bias[neuron] = weights[index], bias[index]
            self.activations[neuron] = self.activate(self.accumulators(neuron), neuron)
            self.output[neuron] = output
            residual += output * self.activations[neuron]
            changed += 1
        return changed

    def _best(
        self,
        neuron: int,
        weights: FloatArray,
        bias: FloatArray,
        rows: FloatArray,
        count: FloatArray,
        residual: FloatArray,
        scratch: FloatArray,
    ) -> tuple[int, float] | None:
        """(number, output weight) of the best candidate, if it helps.

        weights (candidates, inputs), bias (candidates,). scratch: (2, candidates a pass, rows).
        """
        dtype = residual.dtype
        own = self.activations[neuron].astype(dtype)
        others = residual - dtype.type(self.output[neuron]) * own
        error = float(count @ (residual * residual))
        without = float(count @ (others * others))
        weighted = count * others
        best, least = None, error * (1 - SMALLEST_GAIN)
        size = scratch.shape[1]
        for first in range(0, len(weights), size):
            part = slice(first, first + size)
            sums, squares = scratch[:, : len(weights[part])]
            np.matmul(weights[part].astype(dtype), rows, out=sums)
            sums += bias[part, None].astype(dtype)
            values = self.activate(sums, neuron)
            slope = (values @ weighted).astype(np.float64)
            curve = (np.square(values, out=squares) @ count).astype(np.float64)
            # A neuron that never fires has no best output weight.
            output = np.where(curve > 0, np.rint(-slope / np.maximum(curve, 1)), 0)
            output = np.clip(output, -self.output_limit, self.output_limit)
            errors = without + output * (2 * slope + output * curve)
            index = int(errors.argmin())
            if errors[index] < least:
                least = float(errors[index])
                best = first + index, float(output[index])
        return best

    def _moves_of(self, neuron: int, moves: FloatArray) -> tuple[FloatArray, FloatArray]:
        """The neuron with small changes: weights (candidates, inputs) and biases (candidates,)."""
        steps = np.unique(np.maximum(1, np.rint(BIAS_STEPS / self.gain[neuron])))
        middle = steps[len(steps) // 2]
        steps = np.concatenate([steps, -steps])
        inputs = self.rows.shape[1]
        single = moves[: 2 * inputs]
        weight_parts = [moves, np.zeros((len(steps), inputs))]
        bias_parts = [np.zeros(len(moves)), steps]
        if len(moves) > len(single):
            weight_parts += [single, single]
            bias_parts += [np.full(len(single), middle), np.full(len(single), -middle)]
        weights = self.weights[neuron] + np.concatenate(weight_parts)
        bias = self.bias[neuron] + np.concatenate(bias_parts)
        inside = (np.abs(weights) <= self.limit).all(1)
        return weights[inside], bias[inside]

    def _variations(
        self, neuron: int, generator: np.random.Generator
    ) -> tuple[FloatArray, FloatArray]:
        """Other neurons, varied, at this neuron's scale."""
        shape = (REPLACEMENTS, self.rows.shape[1])
        models = generator.integers(0, len(self.weights), REPLACEMENTS)
        rescale = self.gain[models] / self.gain[neuron]
        change = generator.integers(-WEIGHT_CHANGE, WEIGHT_CHANGE + 1, shape)
        change *= generator.random(shape) < CHANGED_WEIGHTS
        sign = np.where(generator.random(REPLACEMENTS) < TURNED, -1, 1)
        weights = sign[:, None] * (np.rint(self.weights[models] * rescale[:, None]) + change)
        weights = np.clip(weights, -self.limit, self.limit)
        drawn = generator.choice(len(self.rows), REPLACEMENTS, p=self.count / self.count.sum())
        kink = -(weights * self.rows[drawn]).sum(1)
        same = generator.random(REPLACEMENTS) < SAME_BIAS
        return weights, np.where(same, np.rint(self.bias[models] * rescale), kink)
