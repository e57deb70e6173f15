# SPDX-License-Identifier: Apache-2.0
"""What an engine executes for one decision of the controller: two inferences."""

from pulsewright.hls_model.closed_loop.history import LEVEL_INPUTS
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.hls_model.schedule.sequence import step_latency
from pulsewright.hls_model.schedule.workload import Workload, full_inference


def decision_workload(engine: FoldedEngine) -> Workload:
    """An inference to the level, and one to level + tolerance.

    Their inputs differ in `LEVEL_INPUTS` alone, which an incremental engine takes in fewer steps.
    The first is counted as fresh: of what a decision shares with the one before, nothing is saved.
    """
    first = full_inference(engine)
    steps, cycles = first.steps, engine.latency
    if engine.incremental:
        layer = engine.layers[0]
        changed = len({number // layer.simd for number in LEVEL_INPUTS})
        steps = (layer.incremental_cycles(changed), *first.steps[1:])
        cycles = step_latency(engine, changed)
    both = tuple(a + b for a, b in zip(first.steps, steps, strict=True))
    return Workload("decision", 2, both, first.cycles + cycles)
