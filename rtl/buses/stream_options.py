# SPDX-License-Identifier: Apache-2.0
"""What the streams beside a bus may be."""

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.rtl.buses.options import AttachmentOptions

STREAM_WIDTHS = (8, 16, 32, 64, 128, 256, 512)
STREAM_INPUT_BITS = (1, 2, 4, 8, 16)
STREAM_RESULT_BITS = (8, 16, 32)
_ALLOWED = {
    "stream_width": STREAM_WIDTHS,
    "stream_input_bits": STREAM_INPUT_BITS,
    "stream_result_bits": STREAM_RESULT_BITS,
}


def checked_stream_options(options: AttachmentOptions) -> dict[str, int | str]:
    """Those of `options` that are of streams.

    Raises:
        PulsewrightError: there is no stream, a width is not one of those that there are, or lanes
            are given where numbers are packed.
    """
    given = options.of_stream
    if given and options.stream is None:
        name, value = next(iter(given.items()))
        raise PulsewrightError(
            f"{name} = {value!r} without a stream; add stream = 'axi_stream', or leave it out"
        )
    for name, allowed in _ALLOWED.items():
        if name in given and given[name] not in allowed:
            choices = ", ".join(map(str, allowed))
            raise PulsewrightError(f"{name} = {given[name]}; choose one of {choices}")
    lanes = [name for name in ("stream_input_bits", "stream_result_bits") if name in given]
    if lanes and options.stream_packing == "packed":
        raise PulsewrightError(
            f"{lanes[0]} = {given[lanes[0]]} with stream_packing = 'packed', where numbers take "
            "their own bits; leave one of them out"
        )
    return given
