# SPDX-License-Identifier: Apache-2.0
"""HWPE-Periph, the control bus of PULP's clusters."""

from pulsewright.hls_model.words import WHOLE_WORD
from pulsewright.rtl.buses.bus import Access, Bus, Handshake, IdWidth, Phase, Refusal, Source
from pulsewright.rtl.buses.wrapper import Wrapper


def _phases(write: int) -> tuple[Phase, ...]:
    request: dict[str, int | Source] = {
        "periph_req_i": 1,
        "periph_wen_i": 1 - write,
        "periph_be_i": Source.BYTE_ENABLE if write else WHOLE_WORD,
        "periph_add_i": Source.ADDRESS,
        "periph_id_i": Source.IDENTIFIER,
    }
    if write:
        request["periph_data_i"] = Source.DATA
    fields = tuple(port for port in request if port != "periph_req_i")
    return (
        Phase(request, (Handshake(("periph_gnt_o",), ("periph_req_i",), fields),)),
        Phase(handshakes=(Handshake(("periph_r_valid_o",)),)),
    )


# The protocol has no error signal; this word says so instead.
_REFUSAL = Refusal("periph_r_data_o", 0xFFFF_FFFF, 0xBADA_CCE5)
HWPE_PERIPH = Bus(
    name="hwpe_periph",
    component="HwpePeriphTarget",
    title="HWPE-Periph target",
    prefix="periph",
    read=Access(_phases(0), _REFUSAL, "periph_r_data_o"),
    write=Access(_phases(1), _REFUSAL),
    settled={"periph_r_data_o": "periph_r_valid_o", "periph_r_id_o": "periph_r_valid_o"},
    id_width=IdWidth(1, 32, 1, "periph_r_id_o"),
    wrappers=(
        Wrapper(
            name="cluster_hwpe",
            template="cluster_hwpe.sv",
            title="an accelerator of pulp_cluster, interface `hwpe_ctrl_intf_periph`",
        ),
    ),
)
