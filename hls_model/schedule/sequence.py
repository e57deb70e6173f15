# SPDX-License-Identifier: Apache-2.0
"""What an engine executes for a sequence of vectors, where an incremental layer saves steps."""

import numpy as np

from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.hls_model.schedule.folded_layer import FoldedLayer


def changed_steps(folded_layer: FoldedLayer, codes: IntegerArray) -> IntegerArray:
    """Steps of `simd` inputs that an incremental layer takes for each vector, 1 to input_steps.

    codes: (rows, inputs), one after the other; the first comes fresh and takes all steps. A vector
    equal to the one before takes one step.
    """
    rows = len(codes)
    padding = folded_layer.input_steps * folded_layer.simd - folded_layer.inputs
    changed = np.ones((rows, folded_layer.inputs), dtype=bool)
    changed[1:] = codes[1:] != codes[:-1]
    changed = np.pad(changed, ((0, 0), (0, padding)))
    by_step = changed.reshape(rows, folded_layer.input_steps, folded_layer.simd).any(axis=2)
    steps: IntegerArray = by_step.sum(axis=1, dtype=np.int64)
    steps[:1] = folded_layer.input_steps
    steps[steps == 0] = 1
    return steps


def sequence_steps(engine: FoldedEngine, codes: IntegerArray) -> list[int]:
    """Steps that each layer executes for the vectors `codes` (rows, inputs), the first one fresh.

    A step of a layer is one cycle of its pe * simd multipliers.
    """
    steps = [len(codes) * of_layer for of_layer in engine.layer_steps]
    if engine.incremental:
        first = engine.layers[0]
        steps[0] = first.neuron_groups * int(changed_steps(first, codes).sum())
    return steps


def curve_steps(engine: FoldedEngine, codes: IntegerArray) -> list[int]:
    """Steps that each layer executes for a curve job of the vectors `codes` (rows, inputs).

    Those of the vectors one after the other; of an engine for piecewise-linear curves of the first.
    """
    return sequence_steps(engine, codes[:1] if engine.piecewise_linear is not None else codes)


def step_latency(engine: FoldedEngine, steps: int = 1) -> int:
    """Latency of a vector for which an incremental layer takes `steps` steps a group.

    That of an engine whose first layer has so many steps; `engine.latency` of any other engine.
    """
    if not engine.incremental:
        return engine.latency
    first = engine.layers[0]
    fewer_steps = FoldedLayer(
        inputs=steps * first.simd,
        neurons=first.neurons,
        pe=first.pe,
        simd=first.simd,
        beat=steps * first.simd,
        hidden=first.hidden,
        shallow=first.shallow,
        output_codes=first.output_codes,
        multiplied=first.multiplied,
    )
    return FoldedEngine(layers=(fewer_steps, *engine.layers[1:]), argmax=engine.argmax).latency


def latencies(engine: FoldedEngine, codes: IntegerArray) -> list[int]:
    """Latency of each of the vectors `codes` (rows, inputs), one by one, the first one fresh."""
    if not engine.incremental:
        return [engine.latency] * len(codes)
    steps = changed_steps(engine.layers[0], codes)
    by_steps = {int(n): step_latency(engine, int(n)) for n in np.unique(steps)}
    return [by_steps[n] for n in steps.tolist()]


def curve_interval(engine: FoldedEngine) -> int:
    """Clock cycles from one result of a curve to the next: only the pulse number changes.

    1 of an engine for piecewise-linear curves, but from the first result to the second.
    """
    if engine.piecewise_linear is not None:
        return 1
    if not engine.incremental:
        return engine.initiation_interval
    first, *others = engine.layers
    return max([first.incremental_cycles(1), *(layer.cycles for layer in others)])


def curve_cycles(engine: FoldedEngine, pulses: int) -> int:
    """Clock cycles of a curve job that starts fresh and is drained as fast as results come.

    latency + 2 + (pulses - 1) * interval, with the interval of `curve_interval`. A job whose
    vector differs from the one before in the pulse number alone takes less. Of an engine for
    piecewise-linear curves 2 more than `PiecewiseLinearTiming.curve`.
    """
    if engine.piecewise_linear is not None:
        return engine.piecewise_linear.curve(pulses) + 2
    return engine.latency + 2 + (pulses - 1) * curve_interval(engine)


def longest_job(engine: FoldedEngine, pulses: int) -> int:
    """Clock cycles of the longest job whose results do not go to the FIFO.

    latency + 1, an inference. With `pulses` of the pulse sweep (0 without one) those of a reach job
    over all of them that reaches nothing, which are those of a curve; of an engine for
    piecewise-linear curves those of `longest_reach`.
    """
    if engine.piecewise_linear is not None and pulses:
        return engine.piecewise_linear.longest_reach(pulses) + 2
    return curve_cycles(engine, pulses) if pulses else engine.latency + 1


def longest_wait(engine: FoldedEngine, pulses: int) -> int:
    """Clock cycles that an access to the registers waits at most: 2 * longest_job - 1.

    Two jobs are asked for in two accesses, one after the other, and the third waits for both.
    """
    return 2 * longest_job(engine, pulses) - 1
