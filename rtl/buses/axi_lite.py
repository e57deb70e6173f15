# SPDX-License-Identifier: Apache-2.0
"""AXI4-Lite, AMBA's AXI without bursts."""

from pulsewright.rtl.buses.bus import Access, Bus, Handshake, Phase, Refusal, Source
from pulsewright.rtl.buses.wrapper import Wrapper

_WRITE = (
    Phase(
        {
            "s_axi_awvalid_i": 1,
            "s_axi_awaddr_i": Source.ADDRESS,
            "s_axi_wvalid_i": 1,
            "s_axi_wdata_i": Source.DATA,
            "s_axi_wstrb_i": Source.BYTE_ENABLE,
        },
        (
            Handshake(("s_axi_awready_o",), ("s_axi_awvalid_i",), ("s_axi_awaddr_i",)),
            Handshake(("s_axi_wready_o",), ("s_axi_wvalid_i",), ("s_axi_wdata_i", "s_axi_wstrb_i")),
        ),
    ),
    Phase(handshakes=(Handshake(("s_axi_bvalid_o",), taken_by="s_axi_bready_i"),)),
)
_READ = (
    Phase(
        {"s_axi_arvalid_i": 1, "s_axi_araddr_i": Source.ADDRESS},
        (Handshake(("s_axi_arready_o",), ("s_axi_arvalid_i",), ("s_axi_araddr_i",)),),
    ),
    Phase(handshakes=(Handshake(("s_axi_rvalid_o",), taken_by="s_axi_rready_i"),)),
)
AXI_LITE = Bus(
    name="axi_lite",
    component="AxiLiteSubordinate",
    title="AXI4-Lite subordinate",
    prefix="s_axi",
    # OKAY and SLVERR are all that it answers.
    read=Access(_READ, Refusal("s_axi_rresp_o", 0b11, 0b10), "s_axi_rdata_o"),
    write=Access(_WRITE, Refusal("s_axi_bresp_o", 0b11, 0b10)),
    idle={"s_axi_bready_i": 1, "s_axi_rready_i": 1},
    wrappers=(
        Wrapper(
            name="axi_ip",
            template="axi_ip.v",
            title="names and attributes that Vivado and Kactus2 recognise",
        ),
    ),
)
