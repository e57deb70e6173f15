# SPDX-License-Identifier: Apache-2.0
"""Cycles that a simulator measured, against the formulas that the report states beside them."""

from pulsewright.flow.errors import VerificationError
from pulsewright.flow.steps.results import SimulationResult
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.axi_stream_timing import AxiStreamTiming
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.hls_model.schedule.pulse_sweep import pulse_sweep
from pulsewright.hls_model.schedule.requantiser_stages import with_transfer
from pulsewright.hls_model.schedule.sequence import curve_cycles, curve_interval
from pulsewright.hls_model.schedule.vector_transfer import VectorTransfer
from pulsewright.rtl.axi_stream.chosen_shape import chosen_shape
from pulsewright.rtl.buses.options import AttachmentOptions
from pulsewright.sim.simulators import Simulator


def curve_formula(
    model: IntegerMlp, folded: FoldedEngine, options: AttachmentOptions | None = None
) -> int | None:
    """Clock cycles of a curve job over all pulse numbers; None without one.

    options: of the attachment, which may have no such jobs.
    """
    if options is not None and options.infer_only:
        return None
    sweep = pulse_sweep(model)
    return curve_cycles(folded, len(sweep.codes)) if sweep else None


def stream_timing(
    model: IntegerMlp, folded: FoldedEngine, options: AttachmentOptions | None
) -> AxiStreamTiming | None:
    """Cycles of the top level with streams; None without one."""
    if options is None or options.stream is None:
        return None
    in_beats = with_transfer(folded, model, VectorTransfer.BEATS)
    return AxiStreamTiming(in_beats, chosen_shape(model, folded, options))


def check_cycles(
    simulator: Simulator,
    result: SimulationResult,
    model: IntegerMlp,
    folded: FoldedEngine,
    options: AttachmentOptions | None = None,
) -> None:
    """II and latency of engine and streams equal the formulas, and so does a curve on a fast bus.

    A bus that takes longer to read the outputs of a pulse than the engine to make them holds the
    engine up; then a curve takes no less than its formula.

    Raises:
        VerificationError: they do not; the sentence names both.
    """
    formulas = (folded.initiation_interval, folded.latency)
    if (result.ii, result.latency) != formulas:
        raise VerificationError(
            f"{simulator.value} measured II {result.ii} and latency {result.latency}, "
            f"the formulas say {formulas[0]} and {formulas[1]}"
        )
    timing = stream_timing(model, folded, options)
    streamed = (result.stream_ii, result.stream_latency)
    if timing is not None and streamed != (timing.initiation_interval, timing.latency):
        raise VerificationError(
            f"{simulator.value} measured II {streamed[0]} and latency {streamed[1]} of the streams,"
            f" the formulas say {timing.initiation_interval} and {timing.latency}"
        )
    expected, measured = curve_formula(model, folded, options), result.curve_cycles
    if expected is None or measured is None:
        return
    reading = model.outputs * (result.read_cycles or 0)
    keeps_up = result.read_cycles is not None and reading <= curve_interval(folded)
    if measured < expected or (keeps_up and measured != expected):
        raise VerificationError(
            f"{simulator.value} measured {measured} cycles for a curve, the formula says {expected}"
        )
