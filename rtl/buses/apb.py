# SPDX-License-Identifier: Apache-2.0
"""APB4, AMBA's bus of peripherals."""

from pulsewright.rtl.buses.bus import Access, Bus, Handshake, Phase, Refusal, Source
from pulsewright.rtl.buses.wrapper import Wrapper


def _phases(write: int) -> tuple[Phase, ...]:
    setup: dict[str, int | Source] = {
        "apb_psel_i": 1,
        "apb_pwrite_i": write,
        "apb_pstrb_i": Source.BYTE_ENABLE if write else 0,
        "apb_paddr_i": Source.ADDRESS,
    }
    if write:
        setup["apb_pwdata_i"] = Source.DATA
    fields = tuple(port for port in setup if port != "apb_psel_i")
    done = Handshake(("apb_pready_o",), ("apb_psel_i", "apb_penable_i"), fields)
    return Phase(setup), Phase({"apb_penable_i": 1}, (done,))


# PULPissimo's slot for accelerators is one page of its peripherals.
_SLOT_BYTES = 0x1000
_REFUSAL = Refusal("apb_pslverr_o", 1, 1)
APB = Bus(
    name="apb",
    component="ApbCompleter",
    title="APB4 completer",
    prefix="apb",
    read=Access(_phases(0), _REFUSAL, "apb_prdata_o"),
    write=Access(_phases(1), _REFUSAL),
    quiet={
        "apb_prdata_o": "apb_psel_i && apb_penable_i && apb_pready_o && !apb_pwrite_i",
        "apb_pslverr_o": "apb_pready_o",
    },
    wrappers=(
        Wrapper(
            name="fc_hwpe",
            template="fc_hwpe.sv",
            title="`fc_hwpe` of PULPissimo v5, interface `APB`",
            room=_SLOT_BYTES,
            words={"interface": "APB"},
        ),
        Wrapper(
            name="fc_hwpe_apb_bus",
            template="fc_hwpe.sv",
            title="`fc_hwpe` of PULPissimo v3 and v4, interface `APB_BUS`",
            room=_SLOT_BYTES,
            words={"interface": "APB_BUS"},
        ),
    ),
)
