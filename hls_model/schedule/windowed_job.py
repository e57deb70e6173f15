# SPDX-License-Identifier: Apache-2.0
"""Clock cycles of jobs whose inputs and results are in windows, and room for their results."""

from math import ceil

from pulsewright.hls_model.schedule.folded_engine import FoldedEngine

# STATUS.FIFO_LEVEL and LAYER_CAPABILITY.FIFO_DEPTH have 8 bits.
MOST_RESULT_VECTORS = 255


def windowed_cycles(engine: FoldedEngine) -> int:
    """Clock cycles of an inference alone, from its first one to that of its last stored result.

    engine: as it stands behind the windows, its vectors in steps. The first step is offered in the
    second cycle. A beat of results is taken as it comes, or once those of the beat before are
    stored, one a cycle from the cycle after the beat:
    2 + first_result_latency + (result_beats - 1) * max(pe, steps of a group) + results of the last
    beat.
    """
    beats = engine.result_beats
    last_beat = _results(engine) - (beats - 1) * engine.result_lanes
    return 2 + engine.first_result_latency + (beats - 1) * _beat_interval(engine) + last_beat


def windowed_interval(engine: FoldedEngine, input_words: int) -> int:
    """Clock cycles from one vector of results to the next, if software keeps the engine busy.

    The largest of three: the engine's II, what storing the results takes, and the accesses of a row
    on the register bus, input_words + results + 1, of which an attachment may make more. Storing
    takes (result_beats - 1) * max(pe, steps of a group) + max(results of the last beat, steps of a
    group) cycles, less where codes wait behind the accumulators.
    """
    accesses = input_words + _results(engine) + 1
    return max(engine.initiation_interval, _storing_cycles(engine), accesses)


def result_vectors(engine: FoldedEngine, input_words: int) -> int:
    """Vectors of results that there is room for: ceil(windowed_cycles / windowed_interval) + 1.

    So many jobs are begun and not read where a job begins in every interval, runs for
    `windowed_cycles`, and is read within an interval after that.
    """
    begun = ceil(windowed_cycles(engine) / windowed_interval(engine, input_words))
    return min(begun + 1, MOST_RESULT_VECTORS)


def windowed_wait(engine: FoldedEngine) -> int:
    """Clock cycles that an access to registers or windows waits at most.

    The larger of two: windowed_cycles + 1, of a read of a result behind the write that starts its
    job, which takes two cycles; and of a write behind jobs that fill the engine, what all layers
    need for a vector each, the sum of cycles + pipeline_depth + 2, for the last one with what
    storing its results takes.
    """
    layers = sum(layer.cycles + layer.pipeline_depth + 2 for layer in engine.layers)
    last = max(engine.layers[-1].cycles, _storing_cycles(engine)) - engine.layers[-1].cycles
    return max(windowed_cycles(engine) + 1, layers + last)


def _results(engine: FoldedEngine) -> int:
    return 1 if engine.argmax else engine.layers[-1].neurons


def _beat_interval(engine: FoldedEngine) -> int:
    """Cycles from one beat of a vector of results to the next one."""
    return max(engine.result_lanes, engine.layers[-1].input_steps)


def _storing_cycles(engine: FoldedEngine) -> int:
    beats = engine.result_beats
    last_beat = _results(engine) - (beats - 1) * engine.result_lanes
    steps = engine.layers[-1].input_steps
    return (beats - 1) * _beat_interval(engine) + max(last_beat, steps)
