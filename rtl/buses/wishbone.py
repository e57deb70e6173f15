# SPDX-License-Identifier: Apache-2.0
"""Wishbone B4, classic cycles."""

from pulsewright.hls_model.words import WHOLE_WORD
from pulsewright.rtl.buses.bus import Access, Bus, Handshake, Phase, Refusal, Source

CHOICES = {
    "addressing": {
        "byte": "`wb_adr_i` is a byte address",
        "word": "`wb_adr_i` is ADR[31:2], the byte address without its two lowest bits",
    },
    "termination": {
        "synchronous": "ACK and ERR come from registers, the cycle after STB unless the register "
        "waits; an access every 2 cycles",
        "asynchronous": "ACK and ERR follow STB in the same cycle unless the register waits; an "
        "access every cycle",
    },
}


def _phases(write: int) -> tuple[Phase, ...]:
    cycle: dict[str, int | Source] = {
        "wb_cyc_i": 1,
        "wb_stb_i": 1,
        "wb_we_i": write,
        "wb_sel_i": Source.BYTE_ENABLE if write else WHOLE_WORD,
        "wb_adr_i": Source.ADDRESS,
    }
    if write:
        cycle["wb_dat_i"] = Source.DATA
    fields = tuple(port for port in cycle if port not in ("wb_cyc_i", "wb_stb_i"))
    done = Handshake(("wb_ack_o", "wb_err_o"), ("wb_cyc_i", "wb_stb_i"), fields)
    return (Phase(cycle, (done,)),)


_REFUSAL = Refusal("wb_err_o", 1, 1)
WISHBONE = Bus(
    name="wishbone",
    component="WishboneSlave",
    title="Wishbone B4 slave",
    prefix="wb",
    read=Access(_phases(0), _REFUSAL, "wb_dat_o"),
    write=Access(_phases(1), _REFUSAL),
    quiet={"wb_dat_o": "!(wb_err_o || (wb_ack_o && wb_we_i))"},
    choices=CHOICES,
)
