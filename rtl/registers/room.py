# SPDX-License-Identifier: Apache-2.0
"""What the register map has room for; free of Amaranth and SystemRDL, to be asked early."""

from collections.abc import Sequence
from math import ceil

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.fixed_point import FixedPoint
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.reference.narrow_input_map import narrow_features
from pulsewright.hls_model.words import WORD_BITS

MAX_LANE_BITS = 16
# What there is room for among the registers; what is larger has windows above them.
REGISTER_INPUT_WORDS = 32
REGISTER_RESULT_WORDS = 64
MAX_LAYERS = 64
# Of inputs, neurons and results: 16 bits of capability words.
MAX_COUNT = (1 << 16) - 1
# A byte of the weight window holds one.
MAX_RELOADABLE_WEIGHT_BITS = 8


def lane_bits(input_width: int) -> int:
    """Bits of one input in the input words: a byte, or a half word for wide codes."""
    return 8 if input_width <= 8 else MAX_LANE_BITS


def input_words(inputs: int, input_width: int) -> int:
    """Words that hold the codes of one vector."""
    return ceil(inputs / (WORD_BITS // lane_bits(input_width)))


def fits_registers(inputs: int, results: int, input_width: int) -> bool:
    """True if a vector and its results fit among the registers; windows hold them otherwise."""
    return (
        input_words(inputs, input_width) <= REGISTER_INPUT_WORDS
        and results <= REGISTER_RESULT_WORDS
    )


def check_sizes(sizes: Sequence[int], input_width: int) -> None:
    """Refuse a network of these sizes (inputs, then neurons of each layer) that does not fit.

    Raises:
        PulsewrightError: it has more inputs, neurons or layers than the map can tell, or input
            codes that do not fit a 16-bit lane.
    """
    if input_width > MAX_LANE_BITS:
        raise PulsewrightError(
            f"input codes of {input_width} bits do not fit the {MAX_LANE_BITS}-bit "
            f"lanes of the input words; quantise the inputs to at most {MAX_LANE_BITS} bits"
        )
    for number, size in enumerate(sizes):
        if size > MAX_COUNT:
            what = f"neurons of layer {number}" if number else "inputs"
            raise PulsewrightError(
                f"{size} {what} exceed the {MAX_COUNT} that the capability words of the register "
                f"map can tell; use at most {MAX_COUNT}"
            )
    if len(sizes) - 1 > MAX_LAYERS:
        raise PulsewrightError(
            f"{len(sizes) - 1} layers exceed the {MAX_LAYERS} of the register map; use at most "
            f"{MAX_LAYERS} layers"
        )


def check_result(result: FixedPoint, reloadable: bool) -> None:
    """Refuse results that do not fit a word.

    Raises:
        PulsewrightError: they do not.
    """
    # Software sees results as signed words.
    if result.width + (not result.signed) > WORD_BITS:
        constant = ', or set weights = "constant" in [engine]' if reloadable else ""
        raise PulsewrightError(
            f"results of {result.width} bits do not fit the {WORD_BITS}-bit result word; "
            f"train or export the model with fewer bits of weights or activations{constant}"
        )


def check_reloadable(model: IntegerMlp) -> None:
    """Refuse weights that the weight window cannot hold.

    Raises:
        PulsewrightError: they have more than 8 bits with their sign, in the symmetric range.
    """
    for number, layer in enumerate(model.layers, start=1):
        width, low = layer.weight_format.width, int(layer.weights.min())
        if width <= MAX_RELOADABLE_WEIGHT_BITS:
            continue
        limit = (1 << (MAX_RELOADABLE_WEIGHT_BITS - 1)) - 1
        trouble = f"{width} bits"
        if low == -limit - 1 and int(layer.weights.max()) <= limit:
            trouble = f"{width} bits, for {low} alone"
        raise PulsewrightError(
            f"the weights of layer {number} have {trouble}, and the weight window holds "
            f"{-limit}..{limit} in {MAX_RELOADABLE_WEIGHT_BITS}; export the model with such "
            'weights (narrow range), or set weights = "constant" in [engine]'
        )


def check_infer_only(inputs: int, results: int, has_windows: bool, makes_curves: bool) -> None:
    """Refuse a coprocessor without jobs that needs windows, or whose engine makes curves.

    Raises:
        PulsewrightError: it does.
    """
    if has_windows:
        raise PulsewrightError(
            f'jobs = "infer" needs the {inputs} inputs and {results} results of the network among '
            "the registers, which have no room for them; leave jobs out of [attachment]"
        )
    if makes_curves:
        raise PulsewrightError(
            'jobs = "infer" has no curves, and engine.curve = "piecewise_linear" is there for them '
            "alone; leave one of the two out"
        )


def check_fifo_depth(fifo_depth: int | None) -> None:
    """Refuse a depth of the result FIFO that is asked for where windows have their own.

    Raises:
        PulsewrightError: one is.
    """
    if fifo_depth is not None:
        raise PulsewrightError(
            f"fifo_depth = {fifo_depth}, and the network has a window of results, as deep as its "
            "engine needs; leave fifo_depth out of [attachment]"
        )


def check_maps_inputs(model: IntegerMlp, has_windows: bool) -> None:
    """Refuse an input map in hardware that needs windows, or too long a table.

    Raises:
        PulsewrightError: it does.
    """
    if has_windows:
        raise PulsewrightError(
            f'input_map = "hardware" needs the {model.sizes[0]} inputs and {model.outputs} results '
            "of the network among the registers, which have no room for them; leave input_map out "
            "of [attachment]"
        )
    narrow_features(model.input_map)
