# SPDX-License-Identifier: Apache-2.0
"""What an engine is given to do, as vectors and the steps that each layer takes for them."""

from typing import NamedTuple

from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.hls_model.schedule.sequence import curve_cycles, step_latency


class Workload(NamedTuple):
    """name: what it is. vectors: inferences. steps: of each layer, one cycle of its multipliers.

    cycles: clock cycles; latency of an inference in an idle engine, of a curve those of the job.
    further_pulses: of a curve by knots, those that follow its one vector. switches: hidden neurons
    that switch along it.
    """

    name: str
    vectors: int
    steps: tuple[int, ...]
    cycles: int
    further_pulses: int = 0
    switches: int = 0


def full_inference(engine: FoldedEngine) -> Workload:
    """One vector, all steps; of an incremental engine a fresh vector."""
    return Workload("inference", 1, engine.layer_steps, engine.latency)


def incremental_step(engine: FoldedEngine, changed_steps: int = 1) -> Workload:
    """A vector of which the inputs of so many steps differ from the one before."""
    first, *others = engine.layers
    steps = first.incremental_cycles(changed_steps), *(layer.cycles for layer in others)
    return Workload("incremental step", 1, steps, step_latency(engine, changed_steps))


def curve(engine: FoldedEngine, pulses: int) -> Workload:
    """A curve job of so many pulses: a fresh vector, then one input changes from pulse to pulse.

    Of an engine for piecewise-linear curves as if each hidden neuron switched once along it, which
    is the most that they can.
    """
    first = full_inference(engine)
    if engine.piecewise_linear is not None:
        return first._replace(
            name=f"curve of {pulses} pulses",
            cycles=curve_cycles(engine, pulses),
            further_pulses=pulses - 1,
            switches=engine.piecewise_linear.neurons if pulses > 1 else 0,
        )
    further = incremental_step(engine) if engine.incremental else first
    steps = tuple(a + (pulses - 1) * b for a, b in zip(first.steps, further.steps, strict=True))
    return Workload(f"curve of {pulses} pulses", pulses, steps, curve_cycles(engine, pulses))
