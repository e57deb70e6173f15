# SPDX-License-Identifier: Apache-2.0
"""The register interface of PULP, the bus of X-HEEP's and Cheshire's peripherals."""

from pulsewright.rtl.buses.bus import Access, Bus, Handshake, Phase, Refusal, Source
from pulsewright.rtl.buses.wrapper import Wrapper


def _phases(write: int) -> tuple[Phase, ...]:
    request: dict[str, int | Source] = {
        "reg_valid_i": 1,
        "reg_write_i": write,
        "reg_wstrb_i": Source.BYTE_ENABLE if write else 0,
        "reg_addr_i": Source.ADDRESS,
    }
    if write:
        request["reg_wdata_i"] = Source.DATA
    fields = tuple(port for port in request if port != "reg_valid_i")
    return (Phase(request, (Handshake(("reg_ready_o",), ("reg_valid_i",), fields),)),)


_REFUSAL = Refusal("reg_error_o", 1, 1)
REG_INTERFACE = Bus(
    name="reg_interface",
    component="RegInterfaceSubordinate",
    title="register interface (PULP)",
    prefix="reg",
    read=Access(_phases(0), _REFUSAL, "reg_rdata_o"),
    write=Access(_phases(1), _REFUSAL),
    quiet={
        "reg_rdata_o": "reg_valid_i && reg_ready_o && !reg_write_i",
        "reg_error_o": "reg_valid_i && reg_ready_o",
    },
    wrappers=(
        Wrapper(
            name="reg_structs",
            template="reg_structs.sv",
            title="PULP-style SoCs and X-HEEP: structures `reg_req_t` and `reg_rsp_t`",
        ),
    ),
)
