# SPDX-License-Identifier: Apache-2.0
"""Imported files beside the executors of their own tools, and the rows that float32 leaves open."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
import onnx

from pulsewright.hls_model.exact.finished import ImportedModel
from pulsewright.hls_model.reference.inference import forward
from tests.hls_model.quantised_onnx.float64_executor import Executor
from tests.hls_model.quantised_onnx.fraction_executor import FractionExecutor
from tests.hls_model.quantised_onnx.made_files import INPUTS

ROWS = 2000
# Nearer to a step than this float32 may round to the other side.
FLOAT32_DECIDES = 1e-4
# Roots of batch normalisation, and scales of outputs that they are in, have so many digits.
SAME = Fraction(1, 10**9)


@dataclass(frozen=True)
class DifferingRow:
    """A row on which an executor in float32 differs, and how near to a step it came, in steps."""

    row: int
    distance: float


def float_rows(rows: int = ROWS) -> np.ndarray:
    random = np.random.default_rng(8)
    return (random.standard_normal((rows, INPUTS)) * 1.2).astype(np.float32)


def values(imported: ImportedModel, rows: np.ndarray) -> np.ndarray:
    model = imported.model
    scales, offsets = (
        np.array([float(one) for one in many]) for many in (model.scales, model.offsets)
    )
    return model.infer(imported.input_codes.codes(rows)) * scales + offsets


def by_onnxruntime(path: Path, rows: np.ndarray) -> np.ndarray:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    # The file as it is: its optimiser moves quantisers, and computes others.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    [given] = session.get_inputs()
    if given.shape[0] == 1:
        return np.concatenate([session.run(None, {given.name: row[None]})[0] for row in rows])
    return session.run(None, {given.name: rows})[0]


def by_qonnx(path: Path, rows: np.ndarray) -> np.ndarray:
    from qonnx.core.modelwrapper import ModelWrapper
    from qonnx.core.onnx_exec import execute_onnx
    from qonnx.util.cleanup import cleanup_model

    model = cleanup_model(ModelWrapper(str(path)))
    name = model.graph.input[0].name
    return np.concatenate(
        [next(iter(execute_onnx(model, {name: row[None]}).values())) for row in rows]
    )


def exact_values(imported: ImportedModel, rows: np.ndarray) -> np.ndarray:
    """The same as fractions, but for roots in scales and offsets."""
    model = imported.model
    integers = model.infer(imported.input_codes.codes(rows))
    return np.array(
        [
            [
                model.scales[i % len(model.scales)] * one + model.offsets[i % len(model.offsets)]
                for i, one in enumerate(row)
            ]
            for row in integers.tolist()
        ],
        dtype=object,
    )


def check_in_fractions(imported: ImportedModel, path: Path, rows: np.ndarray) -> np.ndarray:
    """Our values are those of rational arithmetic; the least distance of each row to a step."""
    executor = FractionExecutor(onnx.load(path))
    expected = executor.run_exactly(rows)
    assert (abs(exact_values(imported, rows) - expected) <= SAME * abs(expected).max()).all()
    return np.min(executor.distances, axis=0)


def differing_rows(
    imported: ImportedModel, path: Path, rows: np.ndarray, executed: np.ndarray
) -> list[DifferingRow]:
    """Rows on which an executor differs; our value is the exact one, and float32 cannot tell.

    All rows are compared in float64, those that differ in fractions.
    """
    exact = Executor(onnx.load(path)).run(rows)
    ours = values(imported, rows)
    tolerance = 1e-6 * np.abs(exact.output).max()
    assert np.abs(ours - exact.output).max() <= tolerance
    differs = np.flatnonzero((np.abs(ours - executed) > 20 * tolerance).any(axis=1))
    if not differs.size:
        return []
    distances = check_in_fractions(imported, path, rows[differs])
    found = [
        DifferingRow(int(row), float(distance))
        for row, distance in zip(differs, distances, strict=True)
    ]
    assert all(one.distance < FLOAT32_DECIDES for one in found), found
    return found


def rows_at_thresholds(imported: ImportedModel, count: int) -> np.ndarray:
    """Input codes whose first sums lie just on and just below steps of the first quantiser."""
    random = np.random.default_rng(9)
    layer = imported.model.layers[0]
    low, high = imported.report.input.smallest_code, imported.report.input.largest_code
    found: list[np.ndarray] = []
    base = random.integers(low // 2, high // 2 + 1, (400, layer.inputs))
    while len(found) < count:
        neuron = int(random.integers(layer.neurons))
        codes = base[random.integers(len(base))].copy()
        # Walk along one input to where the code of the neuron changes.
        place = int(random.integers(layer.inputs))
        walk = np.repeat(codes[None], high - low + 1, axis=0)
        walk[:, place] = np.arange(low, high + 1)
        made = forward([layer], walk)[:, neuron]
        changes = np.flatnonzero(np.diff(made))
        if changes.size:
            step = int(random.choice(changes))
            found += [walk[step], walk[step + 1]]
    return np.array(found[:count])


def values_of_codes(imported: ImportedModel, codes: np.ndarray) -> np.ndarray:
    """What the input codes stand for."""
    staircase = imported.input_codes.staircase
    steps = (codes - staircase.first) * float(staircase.gain) + float(staircase.shift)
    return steps.astype(np.float32)
