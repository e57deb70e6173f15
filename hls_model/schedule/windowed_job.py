# SPDX-License-Identifier: Apache-2.0
"""Clock cycles of a job whose inputs and results are in windows."""

from pulsewright.hls_model.schedule.folded_engine import FoldedEngine


def windowed_cycles(engine: FoldedEngine) -> int:
    """Clock cycles of an inference, the first one and that of its last stored result included.

    engine: as it stands behind the windows, its vectors in steps. The first step is offered in the
    second cycle. A beat of results is taken as it comes, or once those of the beat before are
    stored, one a cycle from the cycle after the beat:
    2 + first_result_latency + (result_beats - 1) * max(pe, steps of a group) + results of the last
    beat.
    """
    last = engine.layers[-1]
    beats, lanes = engine.result_beats, engine.result_lanes
    results = 1 if engine.argmax else last.neurons
    interval = max(lanes, last.input_steps)
    return 2 + engine.first_result_latency + (beats - 1) * interval + results - (beats - 1) * lanes


def windowed_wait(engine: FoldedEngine) -> int:
    """Clock cycles that an access to registers or windows waits at most: windowed_cycles + 1.

    A job is asked for in one access, and the next one reads its result, which takes two cycles.
    """
    return windowed_cycles(engine) + 1
