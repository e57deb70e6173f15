# SPDX-License-Identifier: Apache-2.0
"""The engine between two AXI4-Streams, as a top level."""

from collections.abc import Mapping
from math import ceil

from amaranth import Cat, Module, Mux, Signal, Value
from amaranth.lib.wiring import In, Member, Out, connect

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.axi_stream_timing import AxiStreamShape, AxiStreamTiming
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.hls_model.schedule.requantiser_stages import with_transfer
from pulsewright.hls_model.schedule.vector_transfer import VectorTransfer
from pulsewright.rtl.attachments.axi_lite import SkidBuffer
from pulsewright.rtl.axi_stream.gearbox import Gearbox
from pulsewright.rtl.axi_stream.lane_widths import widened
from pulsewright.rtl.axi_stream.vector_framing import VectorFraming, axi_stream_transfer
from pulsewright.rtl.axi_stream.verdict_queue import VerdictQueue
from pulsewright.rtl.engine.data_register import data_register
from pulsewright.rtl.engine.elastic_stage import ElasticStage
from pulsewright.rtl.engine.engine import Engine
from pulsewright.rtl.engine.step_counter import StepCounter
from pulsewright.rtl.top import CLOCK_PORTS, Top

COUNTER_BITS = 32
AXI_STREAM_PORTS = {
    "s_axis_tdata": "input codes, the first in the lowest bits of the first transfer",
    "s_axis_tvalid": "a transfer of a vector is offered, and stays until it is taken",
    "s_axis_tready": "it is taken in this cycle; from a register",
    "s_axis_tlast": "it is the last of its vector",
    "s_axis_tkeep": "bytes that are not null; all that belong to the vector have to be set",
    "m_axis_tdata": "results, the first in the lowest bits of the first transfer",
    "m_axis_tvalid": "a transfer of a result is offered, and stays until it is taken",
    "m_axis_tready": "it is taken in this cycle",
    "m_axis_tlast": "it is the last of its result",
    "m_axis_tkeep": "bytes that belong to the result",
    "dropped_vectors_o": "vectors without a result, since TLAST or TKEEP was wrong; wraps around",
}


class AxiStreamTop(Top):
    """Vectors in and results out as AXI4-Streams, one vector a `timing.initiation_interval`.

    TLAST marks the last transfer of a vector and of a result. A vector whose TLAST comes too early
    or too late has no result and is counted; the vectors behind it are as if it had not been there.
    TKEEP is there where the last transfer is not whole. Weights are constants.

    shape: width of TDATA and of the lanes in it.

    Latency, from a vector's first TVALID in an idle engine to the TVALID of the last transfer of
    its result, is `timing.latency`. No input is joined to an output without a register between.

    Raises:
        PulsewrightError: the engine is incremental, which needs whole vectors, or its weights are
            reloadable.
    """

    def __init__(self, model: IntegerMlp, folded: FoldedEngine, shape: AxiStreamShape) -> None:
        self.timing = axi_stream_timing(model, folded, shape)
        folded = self.timing.folded
        self.engine = Engine(model, folded)
        self.vector_keep = kept_bytes(self.timing.vector_bits, shape.width)
        self.result_keep = kept_bytes(self.timing.result_bits, shape.width)
        super().__init__(model, folded, axi_stream_ports(self.timing))

    @property
    def comment(self) -> str:
        """See `ModuleComponent`."""
        timing = self.timing
        return (
            "The engine between two AXI4-Streams.\n"
            f"A vector is {timing.vector_transfers} transfers, a result {timing.result_transfers}; "
            f"one vector in {timing.initiation_interval} cycles.\n"
            "Latency from the first transfer of a vector to the last one of its result: "
            f"{timing.latency} cycles."
        )

    @property
    def port_comments(self) -> Mapping[str, str]:
        """One line on each port."""
        return {**CLOCK_PORTS, **AXI_STREAM_PORTS}

    def elaborate(self, platform: object) -> Module:
        """Build the logic."""
        m = self.clocked_module()
        m.submodules.engine = self.engine
        m.submodules.verdicts = verdicts = VerdictQueue(vectors_in_flight(self.timing))
        framing = self._framing(m)
        dropped = Signal(COUNTER_BITS)
        m.d.comb += [
            framing.ready.eq(verdicts.ready),
            verdicts.push.eq(framing.ends),
            verdicts.verdict.eq(framing.right),
            self.dropped_vectors_o.eq(dropped),
        ]
        m.d.sync += dropped.eq(dropped + (framing.ends & ~framing.right))
        self._feed_engine(m, framing)
        self._give_results(m, verdicts)
        return m

    def _framing(self, m: Module) -> VectorFraming:
        """The input stream, checked, behind a buffer that registers its TREADY."""
        width = self.timing.shape.width
        m.submodules.input_buffer = buffer = SkidBuffer(axi_stream_transfer(width))
        m.submodules.framing = framing = VectorFraming(width, self.vector_keep, *self._lane())
        keep = getattr(self, "s_axis_tkeep", (1 << width // 8) - 1)
        m.d.comb += [
            buffer.valid.eq(self.s_axis_tvalid),
            buffer.payload.data.eq(self.s_axis_tdata),
            buffer.payload.last.eq(self.s_axis_tlast),
            buffer.payload.keep.eq(keep),
            self.s_axis_tready.eq(buffer.ready),
            framing.source.valid.eq(buffer.offered),
            framing.source.payload.eq(buffer.request),
            buffer.taken.eq(buffer.offered & framing.source.ready),
        ]
        return framing

    def _lane(self) -> tuple[int, int]:
        """Bits of a lane of the input and of the number in it; a packed transfer is one lane."""
        shape, width = self.timing.shape, self.model.input_format.width
        whole = shape.width, shape.width
        return whole if shape.input_bits == width else (shape.input_bits, width)

    def _feed_engine(self, m: Module, framing: VectorFraming) -> None:
        """Transfers to beats; a vector of one beat is held while the next one is gathered."""
        timing, engine = self.timing, self.engine
        lane_bits, number_bits = self._lane()
        code_bits = self.model.input_format.width
        m.submodules.input_gearbox = gearbox = Gearbox(
            timing.shape.width // lane_bits * number_bits,
            self.folded.vector_lanes * code_bits,
            self.model.sizes[0] * code_bits,
        )
        connect(m, framing.vector, gearbox.input)
        beat: Value = gearbox.output.payload
        valid: Value = gearbox.output.valid
        if timing.holds_vector:
            held = ElasticStage("held")
            held.connect(m, valid, engine.vector.ready)
            beat = data_register(m, held.load, beat, "held_vector")
            m.d.comb += gearbox.output.ready.eq(held.ready)
            valid = held.valid
        else:
            m.d.comb += gearbox.output.ready.eq(engine.vector.ready)
        m.d.comb += [engine.vector.valid.eq(valid), engine.vector.payload.as_value().eq(beat)]

    def _give_results(self, m: Module, verdicts: VerdictQueue) -> None:
        """Results of the vectors that were right, as transfers."""
        timing, engine = self.timing, self.engine
        shape = timing.shape
        m.submodules.output_gearbox = gearbox = Gearbox(
            timing.result_beat_bits, shape.width, timing.result_bits
        )
        beat = StepCounter("result_beat", self.folded.result_beats)
        taken = Signal(name="result_taken")
        transfer = StepCounter("result_transfer", timing.result_transfers)
        given = Signal(name="transfer_given")
        beat.advance(m, taken)
        transfer.advance(m, given)
        flat = engine.result.payload.as_value()
        used = timing.result_bits - (timing.result_transfers - 1) * shape.width
        payload = gearbox.output.payload
        m.d.comb += [
            taken.eq(engine.result.valid & engine.result.ready),
            engine.result.ready.eq(Mux(verdicts.first, gearbox.input.ready, 1)),
            gearbox.input.valid.eq(engine.result.valid & verdicts.first),
            gearbox.input.payload.eq(widened(flat, self.model.output_format, shape.result_bits)),
            verdicts.pop.eq(taken & beat.last),
            given.eq(self.m_axis_tvalid & self.m_axis_tready),
            gearbox.output.ready.eq(self.m_axis_tready),
            self.m_axis_tvalid.eq(gearbox.output.valid),
            self.m_axis_tlast.eq(transfer.last),
            self.m_axis_tdata.eq(
                Cat(payload[:used], Mux(transfer.last, 0, payload[used:]))
                if used < shape.width
                else payload
            ),
        ]
        if hasattr(self, "m_axis_tkeep"):
            whole = (1 << shape.width // 8) - 1
            m.d.comb += self.m_axis_tkeep.eq(Mux(transfer.last, self.result_keep[-1], whole))


def axi_stream_timing(
    model: IntegerMlp, folded: FoldedEngine, shape: AxiStreamShape
) -> AxiStreamTiming:
    """The cycles of `folded` between streams of the shape.

    Raises:
        PulsewrightError: it is incremental or its weights are reloadable.
    """
    if folded.reloadable:
        raise PulsewrightError(
            "reloadable weights with a stream, beside which nothing loads them; leave one of "
            "them out"
        )
    return AxiStreamTiming(with_transfer(folded, model, VectorTransfer.BEATS), shape)


def axi_stream_ports(timing: AxiStreamTiming) -> dict[str, Member]:
    """The ports of both streams and the counter; TKEEP where a last transfer is not whole."""
    width, keep_bits = timing.shape.width, timing.shape.width // 8
    ports: dict[str, Member] = {
        "s_axis_tdata": In(width),
        "s_axis_tvalid": In(1),
        "s_axis_tready": Out(1),
        "s_axis_tlast": In(1),
        "m_axis_tdata": Out(width),
        "m_axis_tvalid": Out(1),
        "m_axis_tready": In(1),
        "m_axis_tlast": Out(1),
        "dropped_vectors_o": Out(COUNTER_BITS),
    }
    if is_partial(kept_bytes(timing.vector_bits, width), width):
        ports["s_axis_tkeep"] = In(keep_bits)
    if is_partial(kept_bytes(timing.result_bits, width), width):
        ports["m_axis_tkeep"] = Out(keep_bits)
    return ports


def kept_bytes(total_bits: int, width: int) -> tuple[int, ...]:
    """TKEEP of each transfer of `total_bits`: the bytes in which one of the bits is."""
    counts = [min(total_bits - first, width) for first in range(0, total_bits, width)]
    return tuple((1 << ceil(bits / 8)) - 1 for bits in counts)


def is_partial(keep: tuple[int, ...], width: int) -> bool:
    """True if the last transfer has bytes that belong to nothing."""
    return keep[-1] != (1 << width // 8) - 1


def vectors_in_flight(timing: AxiStreamTiming) -> int:
    """Room for the verdicts on all vectors that are in an engine that waits; a power of two.

    A layer holds the vectors of its two banks and those whose steps are in its pipeline.
    """
    layers = timing.folded.layers
    most = sum(ceil(one.pipeline_depth / one.cycles) + 3 for one in layers)
    return 1 << (most + timing.folded.argmax_stages + 2 - 1).bit_length()
