# SPDX-License-Identifier: Apache-2.0
"""One access of each bus as data, for the plain test bench and for recording waveforms alike.

An access is a sequence of phases. A phase raises some inputs of the coprocessor and lasts until its
handshakes are done; a handshake is done at the clock edge at which one of its outputs is high, and
then lowers its own inputs again. All inputs change after a clock edge, all outputs are looked at on
one, so that the same table serves a simulator of Verilog and Amaranth's.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.words import WHOLE_WORD


class Source(StrEnum):
    """What a port is driven with, if not with a constant."""

    ADDRESS = "address"
    DATA = "data"


@dataclass(frozen=True)
class Handshake:
    """Done at the clock edge at which one of `outputs` is high; `lowers` are then driven with 0."""

    outputs: tuple[str, ...]
    lowers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Phase:
    """Drives inputs from its first cycle on; without a handshake it takes one cycle."""

    drives: dict[str, int | Source] = field(default_factory=dict)
    handshakes: tuple[Handshake, ...] = ()


@dataclass(frozen=True)
class Refusal:
    """An access was refused if `output` & `mask` == `value` at the last edge of its last phase."""

    output: str
    mask: int
    value: int


@dataclass(frozen=True)
class Access:
    """A read or a write. data: the output with the word that was read."""

    phases: tuple[Phase, ...]
    refusal: Refusal
    data: str | None = None


@dataclass(frozen=True)
class BusProtocol:
    """How a manager of this bus reads and writes.

    title: the standard's name. prefix: of its ports. idle: inputs that are driven with something
    else than 0 from the start.
    """

    name: str
    title: str
    prefix: str
    read: Access
    write: Access
    idle: dict[str, int] = field(default_factory=dict)


def _obi() -> BusProtocol:
    def phases(write: int) -> tuple[Phase, ...]:
        request: dict[str, int | Source] = {
            "obi_req_i": 1,
            "obi_we_i": write,
            "obi_be_i": WHOLE_WORD,
            "obi_addr_i": Source.ADDRESS,
        }
        if write:
            request["obi_wdata_i"] = Source.DATA
        return (
            Phase(request, (Handshake(("obi_gnt_o",), ("obi_req_i",)),)),
            Phase(handshakes=(Handshake(("obi_rvalid_o",)),)),
        )

    refusal = Refusal("obi_err_o", 1, 1)
    return BusProtocol(
        name="obi",
        title="OBI 1.6 subordinate",
        prefix="obi_",
        read=Access(phases(0), refusal, "obi_rdata_o"),
        write=Access(phases(1), refusal),
        idle={"obi_rready_i": 1},
    )


def _apb() -> BusProtocol:
    def phases(write: int) -> tuple[Phase, ...]:
        setup: dict[str, int | Source] = {
            "apb_psel_i": 1,
            "apb_pwrite_i": write,
            "apb_pstrb_i": WHOLE_WORD if write else 0,
            "apb_paddr_i": Source.ADDRESS,
        }
        if write:
            setup["apb_pwdata_i"] = Source.DATA
        done = Handshake(("apb_pready_o",), ("apb_psel_i", "apb_penable_i"))
        return Phase(setup), Phase({"apb_penable_i": 1}, (done,))

    refusal = Refusal("apb_pslverr_o", 1, 1)
    return BusProtocol(
        name="apb",
        title="APB4 completer",
        prefix="apb_",
        read=Access(phases(0), refusal, "apb_prdata_o"),
        write=Access(phases(1), refusal),
    )


def _axi_lite() -> BusProtocol:
    write = (
        Phase(
            {
                "s_axi_awvalid_i": 1,
                "s_axi_awaddr_i": Source.ADDRESS,
                "s_axi_wvalid_i": 1,
                "s_axi_wdata_i": Source.DATA,
                "s_axi_wstrb_i": WHOLE_WORD,
            },
            (
                Handshake(("s_axi_awready_o",), ("s_axi_awvalid_i",)),
                Handshake(("s_axi_wready_o",), ("s_axi_wvalid_i",)),
            ),
        ),
        Phase(handshakes=(Handshake(("s_axi_bvalid_o",)),)),
    )
    read = (
        Phase(
            {"s_axi_arvalid_i": 1, "s_axi_araddr_i": Source.ADDRESS},
            (Handshake(("s_axi_arready_o",), ("s_axi_arvalid_i",)),),
        ),
        Phase(handshakes=(Handshake(("s_axi_rvalid_o",)),)),
    )
    return BusProtocol(
        name="axi_lite",
        title="AXI4-Lite subordinate",
        prefix="s_axi_",
        # SLVERR and DECERR both have the upper bit set.
        read=Access(read, Refusal("s_axi_rresp_o", 0b10, 0b10), "s_axi_rdata_o"),
        write=Access(write, Refusal("s_axi_bresp_o", 0b10, 0b10)),
        idle={"s_axi_bready_i": 1, "s_axi_rready_i": 1},
    )


def _wishbone() -> BusProtocol:
    def phases(write: int) -> tuple[Phase, ...]:
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

    refusal = Refusal("wb_err_o", 1, 1)
    return BusProtocol(
        name="wishbone",
        title="Wishbone B4 slave",
        prefix="wb_",
        read=Access(phases(0), refusal, "wb_dat_o"),
        write=Access(phases(1), refusal),
    )


def _hwpe_periph() -> BusProtocol:
    def phases(write: int) -> tuple[Phase, ...]:
        request: dict[str, int | Source] = {
            "periph_req_i": 1,
            "periph_wen_i": 1 - write,
            "periph_be_i": WHOLE_WORD,
            "periph_add_i": Source.ADDRESS,
        }
        if write:
            request["periph_data_i"] = Source.DATA
        return (
            Phase(request, (Handshake(("periph_gnt_o",), ("periph_req_i",)),)),
            Phase(handshakes=(Handshake(("periph_r_valid_o",)),)),
        )

    # The protocol has no error signal; this word says so instead.
    refusal = Refusal("periph_r_data_o", 0xFFFF_FFFF, 0xBADA_CCE5)
    return BusProtocol(
        name="hwpe_periph",
        title="HWPE-Periph target",
        prefix="periph_",
        read=Access(phases(0), refusal, "periph_r_data_o"),
        write=Access(phases(1), refusal),
    )


_PROTOCOLS: dict[str, Callable[[], BusProtocol]] = {
    "obi": _obi,
    "apb": _apb,
    "axi_lite": _axi_lite,
    "wishbone": _wishbone,
    "hwpe_periph": _hwpe_periph,
}


def bus_protocol(name: str) -> BusProtocol:
    """The protocol of the attachment called `name`.

    Raises:
        PulsewrightError: no package can be made for that attachment.
    """
    if name not in _PROTOCOLS:
        raise PulsewrightError(
            f"no package for the bus {name!r}; choose one of {', '.join(_PROTOCOLS)}"
        )
    return _PROTOCOLS[name]()
