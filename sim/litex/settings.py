# SPDX-License-Identifier: Apache-2.0
"""What a LiteX SoC is asked to be, and what it came to be."""

from pydantic import BaseModel, ConfigDict


class SocSettings(BaseModel):
    """A SoC to be generated. Paths are absolute.

    name, package: of the coprocessor, and its hand-over folder. program: folder with the Makefile
    of the program. include: folder of its rows.h. folder: where everything goes. What is None is
    left to LiteX.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    package: str
    program: str
    include: str
    folder: str
    cpu_variant: str | None = None
    bus_standard: str | None = None
    bus_interconnect: str | None = None
    interconnect_register: bool | None = None
    rom_bytes: int = 0x20000
    ram_bytes: int = 0x2000


class GeneratedSoc(BaseModel):
    """What LiteX made of it.

    toplevel: module of the SoC. gateware: folder that the simulation runs in, where the memories'
    images are. sources: Verilog. base: address of the coprocessor. interrupt: its number.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    toplevel: str
    gateware: str
    sources: list[str]
    base: int
    interrupt: int
    bus_standard: str
    bus_interconnect: str
    interconnect_register: bool
