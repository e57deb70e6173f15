# SPDX-License-Identifier: Apache-2.0
"""Wishbone B4, classic cycles."""

from typing import Literal

from pulsewright.hls_model.words import WHOLE_WORD
from pulsewright.rtl.buses.bus import Access, Bus, Handshake, Phase, Refusal, Source

# What the address counts, and how a cycle is terminated, by the words of the standard.
Addressing = Literal["byte", "word"]
Termination = Literal["synchronous", "asynchronous"]


def _phases(write: int) -> tuple[Phase, ...]:
    cycle: dict[str, int | Source] = {
        "wb_cyc_i": 1,
        "wb_stb_i": 1,
        "wb_we_i": write,
        "wb_sel_i": WHOLE_WORD,
        "wb_adr_i": Source.ADDRESS,
    }
    if write:
        cycle["wb_dat_i"] = Source.DATA
    done = Handshake(("wb_ack_o", "wb_err_o"), ("wb_cyc_i", "wb_stb_i"))
    return (Phase(cycle, (done,)),)


_REFUSAL = Refusal("wb_err_o", 1, 1)
WISHBONE = Bus(
    name="wishbone",
    component="WishboneSlave",
    title="Wishbone B4 slave",
    prefix="wb",
    read=Access(_phases(0), _REFUSAL, "wb_dat_o"),
    write=Access(_phases(1), _REFUSAL),
)
