# SPDX-License-Identifier: Apache-2.0
"""The register bus: what every memory-mapped attachment speaks to the register file."""

from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from rtl.register_map import ADDRESS_BITS


class RegisterBus(wiring.Signature):
    """One access at a time, answered in the cycle in which `ready` is high.

    valid: an access is presented and stays until `ready`. address: byte address. write,
    byte_enable, write_data: as on any bus. ready: the access is done in this cycle.
    read_data, error: the answer, in that cycle. A refused access (`error`) changes nothing.
    """

    def __init__(self) -> None:
        super().__init__(
            {
                "valid": Out(1),
                "address": Out(ADDRESS_BITS),
                "write": Out(1),
                "byte_enable": Out(4),
                "write_data": Out(32),
                "ready": In(1),
                "read_data": In(32),
                "error": In(1),
            }
        )
