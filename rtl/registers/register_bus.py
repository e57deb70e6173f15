# SPDX-License-Identifier: Apache-2.0
"""The register bus: what every memory-mapped attachment speaks to the register file."""

from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from pulsewright.rtl.registers.register_map import ADDRESS_BITS


class RegisterBus(wiring.Signature):
    """One access at a time, answered in the cycle in which `ready` is high.

    address_bits: width of `address`, which spans the registers and the weight window.
    A refused access (`error`) changes nothing.

    Attributes:
        valid: an access is presented and stays until `ready`.
        address: byte address.
        write: the access writes.
        byte_enable: bytes to be written.
        write_data: word to be written.
        ready: the access is done in this cycle.
        read_data: the word that was read, in that cycle; means nothing if it is refused.
        error: the access is refused, in that cycle.
    """

    def __init__(self, address_bits: int = ADDRESS_BITS) -> None:
        self.address_bits = address_bits
        super().__init__(
            {
                "valid": Out(1),
                "address": Out(address_bits),
                "write": Out(1),
                "byte_enable": Out(4),
                "write_data": Out(32),
                "ready": In(1),
                "read_data": In(32),
                "error": In(1),
            }
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RegisterBus) and self.address_bits == other.address_bits

    def __repr__(self) -> str:
        return f"RegisterBus({self.address_bits})"
