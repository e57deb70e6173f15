# SPDX-License-Identifier: Apache-2.0
"""Which networks an attachment can carry, asked before anything is trained, generated or built."""

from collections.abc import Sequence

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.reference.reloadable import reloadable_formats
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.hls_model.schedule.shared_multiplier_network import (
    MORE_MULTIPLIERS,
    SHARED_MULTIPLIER,
)
from pulsewright.hls_model.schedule.weight_window import WINDOW_BASE, weight_window
from pulsewright.hls_model.words import WORD_BITS
from pulsewright.rtl.buses.options import AttachmentOptions
from pulsewright.rtl.buses.registry import INSTRUCTIONS
from pulsewright.rtl.registers.data_windows import data_windows
from pulsewright.rtl.registers.room import (
    REGISTER_RESULT_WORDS,
    check_fifo_depth,
    check_infer_only,
    check_maps_inputs,
    check_reloadable,
    check_result,
    check_sizes,
    fits_registers,
    input_words,
    lane_bits,
)

OPERANDS = 2


def check_network(sizes: Sequence[int], input_width: int, attachment: str) -> None:
    """Refuse what sizes and input codes alone exclude, before there are weights.

    sizes: inputs, then the neurons of every layer. attachment: its name in the registry.

    Raises:
        PulsewrightError: the register map, or the operands of an instruction, have no room.
    """
    check_sizes(sizes, input_width)
    if attachment in INSTRUCTIONS:
        check_operands(sizes[0], input_width)


def check_jobs(
    options: AttachmentOptions, inputs: int, results: int, input_width: int, makes_curves: bool
) -> None:
    """Refuse jobs, or a depth of their FIFO, that a network of these sizes cannot have.

    makes_curves: the engine is one for curves.

    Raises:
        PulsewrightError: it has windows, or makes curves that no job asks for.
    """
    has_windows = not fits_registers(inputs, results, input_width)
    if has_windows:
        check_fifo_depth(options.fifo_depth)
    if options.infer_only:
        check_infer_only(inputs, results, has_windows, makes_curves)


def check_operands(inputs: int, input_width: int) -> None:
    """Refuse input codes that do not fit rs1 and rs2 of an instruction.

    Raises:
        PulsewrightError: they do not.
    """
    lane, words = lane_bits(input_width), input_words(inputs, input_width)
    if words > OPERANDS:
        narrower = ", input codes of at most 8 bits" if lane > 8 else ""
        raise PulsewrightError(
            f"{inputs} inputs of {lane} bits need {words} input words, an instruction has "
            f"{OPERANDS}, rs1 and rs2; use at most {OPERANDS * WORD_BITS // lane} inputs{narrower} "
            "or a memory-mapped attachment such as obi"
        )


def check_instruction_results(results: int) -> None:
    """Refuse more results than there are registers for, which an instruction reads.

    Raises:
        PulsewrightError: there are more.
    """
    if results > REGISTER_RESULT_WORDS:
        raise PulsewrightError(
            f"{results} outputs exceed the {REGISTER_RESULT_WORDS} result registers that a "
            "coprocessor behind an instruction has; use a memory-mapped attachment such as obi"
        )


def check_attachment(
    model: IntegerMlp,
    folded: FoldedEngine,
    attachment: str,
    options: AttachmentOptions | None = None,
) -> None:
    """Refuse a network that the coprocessor cannot be made of.

    options: of the attachment, its defaults if None. A network that passes can be made. A trained
    network is known late; `check_network` tells before what can be told.

    Raises:
        PulsewrightError: the network does not fit the register map, an instruction's operands and
            registers, or the windows; the sentence names the value and the remedy.
    """
    check_network(model.sizes, model.input_format.width, attachment)
    if attachment in INSTRUCTIONS:
        check_instruction_results(model.outputs)
    weights_end = WINDOW_BASE
    if folded.reloadable:
        check_reloadable(model)
        weights_end = weight_window(folded).end
    has_windows = data_windows(model, weights_end) is not None
    if has_windows and folded.incremental:
        raise PulsewrightError(
            f"incremental inference needs its {model.sizes[0]} inputs and {model.outputs} results "
            "among the registers, which have no room for them; leave incremental out of [engine]"
        )
    if has_windows and folded.piecewise_linear is not None:
        raise PulsewrightError(
            f'engine.curve = "piecewise_linear" needs the {model.sizes[0]} inputs of the network '
            "among the registers, which have no room for them; use a network with fewer inputs"
        )
    if has_windows and folded.shared_multiplier is not None:
        raise PulsewrightError(
            f"{SHARED_MULTIPLIER} needs the {model.sizes[0]} inputs and {model.outputs} results of "
            f"the network among the registers, which have no room for them; {MORE_MULTIPLIERS}"
        )
    if options is not None:
        makes_curves = folded.piecewise_linear is not None
        width = model.input_format.width
        check_jobs(options, model.sizes[0], model.outputs, width, makes_curves=makes_curves)
        if options.maps_inputs:
            check_maps_inputs(model, has_windows)
    built = reloadable_formats(model) if folded.reloadable else model
    check_result(built.output_format, folded.reloadable)
