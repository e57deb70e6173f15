# SPDX-License-Identifier: Apache-2.0
"""Pico Co-Processor Interface (PCPI), of PicoRV32."""

from pulsewright.rtl.buses.bus import Handshake, Phase, Source
from pulsewright.rtl.buses.instruction_interface import Execution, InstructionInterface

_REQUEST: dict[str, int | Source] = {
    "pcpi_valid_i": 1,
    "pcpi_insn_i": Source.INSTRUCTION,
    "pcpi_rs1_i": Source.RS1,
    "pcpi_rs2_i": Source.RS2,
}
_DONE = Handshake(("pcpi_ready_o",), ("pcpi_valid_i",), ("pcpi_insn_i", "pcpi_rs1_i", "pcpi_rs2_i"))
PCPI = InstructionInterface(
    name="pcpi",
    title="Pico Co-Processor Interface (PCPI)",
    component="Pcpi",
    prefix="pcpi",
    execution=Execution((Phase(_REQUEST, (_DONE,)),), "pcpi_rd_o"),
    accepted="pcpi_wait_o || pcpi_ready_o || pcpi_wr_o",
)
