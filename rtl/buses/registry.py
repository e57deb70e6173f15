# SPDX-License-Identifier: Apache-2.0
"""The buses and instructions by the names that recipes call them."""

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.rtl.buses.apb import APB
from pulsewright.rtl.buses.axi_lite import AXI_LITE
from pulsewright.rtl.buses.bus import Bus
from pulsewright.rtl.buses.hwpe_periph import HWPE_PERIPH
from pulsewright.rtl.buses.obi import OBI
from pulsewright.rtl.buses.wishbone import WISHBONE

# Every bus once; all else follows from its name (docs/attachments.md).
BUSES: dict[str, Bus] = {bus.name: bus for bus in (OBI, APB, HWPE_PERIPH, AXI_LITE, WISHBONE)}
# Attachments that are an instruction of a core; `rtl/tops.py` has their top levels.
INSTRUCTIONS = ("cv_x_if", "pcpi")


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
