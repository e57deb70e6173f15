# SPDX-License-Identifier: Apache-2.0
"""The buses and instructions by the names that recipes call them."""

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.rtl.buses.apb import APB
from pulsewright.rtl.buses.axi_lite import AXI_LITE
from pulsewright.rtl.buses.bus import Bus, IdWidth
from pulsewright.rtl.buses.cv_x_if import CV_X_IF
from pulsewright.rtl.buses.cv_x_if_v1 import CV_X_IF_V1
from pulsewright.rtl.buses.hwpe_periph import HWPE_PERIPH
from pulsewright.rtl.buses.instruction_interface import InstructionInterface
from pulsewright.rtl.buses.obi import OBI
from pulsewright.rtl.buses.options import AttachmentOptions
from pulsewright.rtl.buses.pcpi import PCPI
from pulsewright.rtl.buses.reg_interface import REG_INTERFACE
from pulsewright.rtl.buses.stream_options import checked_stream_options
from pulsewright.rtl.buses.wishbone import WISHBONE

LONGEST_MAX_WAIT = 65535
# What an access waits for a code at most that is on its way.
LONGEST_MAPPING = 8
# The one that is read, and one that may come meanwhile; and what STATUS.FIFO_LEVEL can tell.
FIFO_DEPTHS = range(2, 129)
# Every bus once; all else follows from its name (docs/attachments.md).
BUSES: dict[str, Bus] = {
    bus.name: bus for bus in (OBI, APB, HWPE_PERIPH, AXI_LITE, WISHBONE, REG_INTERFACE)
}
# Attachments that are an instruction of a core; `rtl/tops.py` has their top levels.
INSTRUCTIONS: dict[str, InstructionInterface] = {
    one.name: one for one in (CV_X_IF, CV_X_IF_V1, PCPI)
}


def known_attachment(name: str) -> str:
    """`name`, if it is one.

    Raises:
        PulsewrightError: there is no such attachment; the sentence names those there are.
    """
    known = (*BUSES, *INSTRUCTIONS)
    if name not in known:
        raise PulsewrightError(f"unknown bus {name!r}; choose one of {', '.join(known)}")
    return name


def known_bus(name: str) -> Bus:
    """The bus called `name`.

    Raises:
        PulsewrightError: there is no such bus.
    """
    if name not in BUSES:
        raise PulsewrightError(
            f"{name!r} is not a memory-mapped attachment; choose one of {', '.join(BUSES)}"
        )
    return BUSES[name]


def known_instruction(name: str) -> InstructionInterface:
    """The instruction interface called `name`.

    Raises:
        PulsewrightError: there is no such interface.
    """
    if name not in INSTRUCTIONS:
        raise PulsewrightError(
            f"{name!r} is not an instruction interface; choose one of {', '.join(INSTRUCTIONS)}"
        )
    return INSTRUCTIONS[name]


def known_description(name: str) -> Bus | InstructionInterface:
    """The bus or instruction interface of the attachment called `name`.

    Raises:
        PulsewrightError: there is no such attachment.
    """
    known: dict[str, Bus | InstructionInterface] = {**BUSES, **INSTRUCTIONS}
    return known[known_attachment(name)]


def known_id_width(name: str) -> IdWidth | None:
    """What the identifiers of the attachment called `name` may be; None: it has none.

    Raises:
        PulsewrightError: there is no such attachment.
    """
    return known_description(name).id_width


def checked_id_bits(name: str, id_bits: int | None) -> int | None:
    """The width of the identifiers of an attachment: as asked for, or the default.

    None: the attachment has none.

    Raises:
        PulsewrightError: there is no such attachment, it has no identifiers, or its standard does
            not allow that width.
    """
    width = known_id_width(name)
    if width is None:
        if id_bits is not None:
            having = [one for one in (*BUSES, *INSTRUCTIONS) if known_id_width(one)]
            raise PulsewrightError(
                f"id_bits = {id_bits}, and {name} has no identifiers; leave it out, or choose one "
                f"of {', '.join(having)}"
            )
        return None
    if id_bits is None:
        return width.default
    if not width.lowest <= id_bits <= width.highest:
        raise PulsewrightError(
            f"id_bits = {id_bits}; {name} has identifiers of {width.lowest} to {width.highest} bits"
        )
    return id_bits


def checked_options(name: str, options: AttachmentOptions | None = None) -> AttachmentOptions:
    """`options` of the attachment called `name`, its defaults in place of what they leave open.

    Raises:
        PulsewrightError: there is no such attachment, it has no such option, or the option cannot
            be that.
    """
    asked = AttachmentOptions() if options is None else options
    bits = checked_id_bits(name, asked.id_bits)
    found: dict[str, int | str] = {} if bits is None else {"id_bits": bits}
    found |= checked_stream_options(asked)
    wait = _checked_max_wait(name, asked.max_wait)
    if wait is not None:
        found["max_wait"] = wait
    if asked.clock_gate:
        found["clock_gate"] = True
    if asked.infer_only:
        if name not in BUSES:
            raise PulsewrightError(
                f'jobs = "infer", and {name} is no bus: behind an instruction there are all jobs; '
                f"leave it out, or choose one of {', '.join(BUSES)}"
            )
        found["jobs"] = "infer"
    depth = _checked_fifo_depth(name, asked)
    if depth is not None:
        found["fifo_depth"] = depth
    if asked.maps_inputs:
        _check_maps_inputs(name, wait)
        found["input_map"] = "hardware"
    choices = BUSES[name].choices if name in BUSES else {}
    for option, value in asked.of_port.items():
        if option != "id_bits" and value not in choices.get(option, {}):
            having = [bus.name for bus in BUSES.values() if value in bus.choices.get(option, {})]
            raise PulsewrightError(
                f"{option} = {value!r}, and {name} has no such choice; leave it out, or choose one "
                f"of {', '.join(having)}"
            )
    for option, texts in choices.items():
        found[option] = asked.given.get(option, next(iter(texts)))
    return AttachmentOptions.model_validate(found)


def _checked_max_wait(name: str, max_wait: int | None) -> int | None:
    if max_wait is None:
        return None
    if name not in BUSES:
        raise PulsewrightError(
            f"max_wait = {max_wait}, and {name} is no bus: a core waits for its instruction; leave "
            f"it out, or choose one of {', '.join(BUSES)}"
        )
    if not 1 <= max_wait <= LONGEST_MAX_WAIT:
        raise PulsewrightError(
            f"max_wait = {max_wait}; an access may wait 1 to {LONGEST_MAX_WAIT} cycles"
        )
    return max_wait


def _checked_fifo_depth(name: str, asked: AttachmentOptions) -> int | None:
    depth = asked.fifo_depth
    if depth is None:
        return None
    if name not in BUSES:
        raise PulsewrightError(
            f"fifo_depth = {depth}, and {name} is no bus: behind an instruction it is always 8; "
            f"leave it out, or choose one of {', '.join(BUSES)}"
        )
    if asked.infer_only:
        raise PulsewrightError(
            f'fifo_depth = {depth}, and jobs = "infer" has no result FIFO; leave one of them out'
        )
    if depth not in FIFO_DEPTHS:
        raise PulsewrightError(
            f"fifo_depth = {depth}; the result FIFO holds {FIFO_DEPTHS.start} to "
            f"{FIFO_DEPTHS.stop - 1} vectors"
        )
    return depth


def _check_maps_inputs(name: str, max_wait: int | None) -> None:
    if name not in BUSES:
        raise PulsewrightError(
            f'input_map = "hardware", and {name} is no bus: an instruction takes codes; leave it '
            f"out, or choose one of {', '.join(BUSES)}"
        )
    if max_wait is not None and max_wait < LONGEST_MAPPING:
        raise PulsewrightError(
            f'max_wait = {max_wait}, and with input_map = "hardware" an access waits up to '
            f"{LONGEST_MAPPING} cycles for the codes before it; raise max_wait to that"
        )
