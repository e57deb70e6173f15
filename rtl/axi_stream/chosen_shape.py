# SPDX-License-Identifier: Apache-2.0
"""The shape of the streams that a recipe asks for, of one network."""

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.axi_stream_timing import AxiStreamShape, AxiStreamTiming
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.rtl.buses.options import AttachmentOptions
from pulsewright.rtl.buses.stream_options import (
    STREAM_INPUT_BITS,
    STREAM_RESULT_BITS,
    STREAM_WIDTHS,
    checked_stream_options,
)


def chosen_shape(
    model: IntegerMlp, folded: FoldedEngine, options: AttachmentOptions
) -> AxiStreamShape:
    """The shape that `options` ask for, the rest chosen.

    Lanes are the narrowest that hold the numbers; the width is the narrowest that keeps the
    engine's initiation interval, or the widest that there is.

    Raises:
        PulsewrightError: the options are none of streams, a lane is too narrow for its numbers, or
            an input lane is wider than the stream.
    """
    checked_stream_options(options)
    if options.stream is None:
        raise PulsewrightError("the attachment has no stream; set stream = 'axi_stream'")
    input_width, result_width = model.input_format.width, model.output_format.width
    packed = options.stream_packing == "packed"
    if packed:
        input_bits, result_bits = input_width, result_width
    else:
        input_bits = _lane(
            "stream_input_bits", options.stream_input_bits, input_width, STREAM_INPUT_BITS
        )
        result_bits = _lane(
            "stream_result_bits", options.stream_result_bits, result_width, STREAM_RESULT_BITS
        )
    if options.stream_width is not None:
        if options.stream_width < input_bits and not packed:
            raise PulsewrightError(
                f"stream_width = {options.stream_width} is narrower than an input lane of "
                f"{input_bits} bits; choose {input_bits} or more"
            )
        return AxiStreamShape(options.stream_width, input_bits, result_bits)
    widths = [width for width in STREAM_WIDTHS if packed or width >= input_bits]
    shapes = [AxiStreamShape(width, input_bits, result_bits) for width in widths]
    interval = folded.initiation_interval
    timings = (AxiStreamTiming(folded, shape) for shape in shapes)
    fast = (one.shape for one in timings if one.initiation_interval == interval)
    return next(fast, shapes[-1])


def _lane(name: str, asked: int | None, width: int, allowed: tuple[int, ...]) -> int:
    wide = [bits for bits in allowed if bits >= width]
    if asked is None:
        asked = wide[0] if wide else allowed[-1]
    if asked < width:
        remedy = f"choose {' or '.join(map(str, wide))}" if wide else "choose packed"
        raise PulsewrightError(
            f"{name} = {asked} holds no numbers of {width} bits; {remedy}, or set stream_packing = "
            "'packed'"
        )
    return asked
