# SPDX-License-Identifier: Apache-2.0
"""OBI 1.6, the bus of PULP's and lowRISC's cores."""

from pulsewright.hls_model.words import WHOLE_WORD
from pulsewright.rtl.buses.bus import Access, Bus, Handshake, IdWidth, Phase, Refusal, Source
from pulsewright.rtl.buses.wrapper import Wrapper


def _phases(write: int) -> tuple[Phase, ...]:
    request: dict[str, int | Source] = {
        "obi_req_i": 1,
        "obi_we_i": write,
        "obi_be_i": Source.BYTE_ENABLE if write else WHOLE_WORD,
        "obi_addr_i": Source.ADDRESS,
        "obi_aid_i": Source.IDENTIFIER,
    }
    if write:
        request["obi_wdata_i"] = Source.DATA
    fields = tuple(port for port in request if port != "obi_req_i")
    return (
        Phase(request, (Handshake(("obi_gnt_o",), ("obi_req_i",), fields),)),
        Phase(handshakes=(Handshake(("obi_rvalid_o",), taken_by="obi_rready_i"),)),
    )


_REFUSAL = Refusal("obi_err_o", 1, 1)
OBI = Bus(
    name="obi",
    component="ObiSubordinate",
    title="OBI 1.6 subordinate",
    prefix="obi",
    read=Access(_phases(0), _REFUSAL, "obi_rdata_o"),
    write=Access(_phases(1), _REFUSAL),
    id_width=IdWidth(1, 32, 1, "obi_rid_o"),
    wrappers=(
        Wrapper(
            name="obi_structs",
            template="obi_structs.sv",
            title="PULP-style SoCs: structures `obi_req_t` and `obi_rsp_t`",
        ),
    ),
    idle={"obi_rready_i": 1},
)
