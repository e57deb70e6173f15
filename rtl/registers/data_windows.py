# SPDX-License-Identifier: Apache-2.0
"""Where inputs and results lie that do not fit among the registers."""

from dataclasses import dataclass
from math import ceil

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.hls_model.schedule.requantiser_stages import with_transfer
from pulsewright.hls_model.schedule.vector_transfer import VectorTransfer
from pulsewright.hls_model.schedule.weight_window import align, power_of_two
from pulsewright.hls_model.schedule.windowed_job import result_vectors
from pulsewright.hls_model.words import WORD_BITS, WORD_BYTES
from pulsewright.rtl.registers.room import fits_registers

# LAYER_CAPABILITY.ADDRESS_SPACE tells up to 2**7 times 4 KiB.
LARGEST_SPACE = 1 << (12 + 7)
# Without an engine whose jobs overlap: one vector is read while another one is computed.
FEWEST_RESULT_VECTORS = 2


@dataclass(frozen=True)
class DataWindows:
    """The input and the result window, above the registers and the weight window.

    lane_bits: of an input code in the input words, 1, 2, 4, 8 or 16. input_base, result_base: byte
    addresses within the coprocessor, multiples of `input_size` and `result_size`. result_vectors:
    vectors of results that the result window holds.
    """

    lane_bits: int
    input_base: int
    input_words: int
    result_base: int
    result_words: int
    result_vectors: int

    @property
    def input_size(self) -> int:
        """Bytes that the input window spans, a power of two."""
        return _size(self.input_words)

    @property
    def result_size(self) -> int:
        """Bytes that the result window spans, a power of two."""
        return _size(self.result_words)

    @property
    def end(self) -> int:
        """The first byte address past both."""
        return self.result_base + self.result_size


def window_lane_bits(input_width: int) -> int:
    """Bits of an input's lane in the input window: the least power of two that holds its code."""
    return power_of_two(input_width)


def data_windows(
    model: IntegerMlp, first: int, folded: FoldedEngine | None = None
) -> DataWindows | None:
    """The windows of `model`, at the byte address `first` or above; None if it needs none.

    folded: the engine behind them, for which there is room for results.

    Raises:
        PulsewrightError: they leave the address space that the register map can tell, or the
            engine's first layer is incremental.
    """
    inputs, width = model.sizes[0], model.input_format.width
    if fits_registers(inputs, model.outputs, width):
        return None
    lane_bits = window_lane_bits(width)
    input_words = ceil(inputs * lane_bits / WORD_BITS)
    input_base = align(first, _size(input_words))
    result_base = align(input_base + _size(input_words), _size(model.outputs))
    vectors = FEWEST_RESULT_VECTORS
    if folded is not None:
        vectors = result_vectors(with_transfer(folded, model, VectorTransfer.STEPS), input_words)
    windows = DataWindows(lane_bits, input_base, input_words, result_base, model.outputs, vectors)
    if windows.end > LARGEST_SPACE:
        raise PulsewrightError(
            f"{inputs} inputs and {model.outputs} results reach to byte {windows.end} of the "
            f"address space, the register map to {LARGEST_SPACE}; use fewer of them, or constant "
            "weights if these are reloadable"
        )
    return windows


def _size(words: int) -> int:
    return power_of_two(words) * WORD_BYTES
