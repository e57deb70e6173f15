# SPDX-License-Identifier: Apache-2.0
"""Pico Co-Processor Interface (PCPI), of PicoRV32."""

from pulsewright.rtl.buses.instruction_interface import InstructionInterface

PCPI = InstructionInterface(
    name="pcpi",
    title="Pico Co-Processor Interface (PCPI)",
    component="Pcpi",
    prefix="pcpi",
)
