# SPDX-License-Identifier: Apache-2.0
"""The platform that a design is elaborated for when it becomes Verilog."""

from collections.abc import Sequence
from typing import Protocol

from amaranth import ClockSignal, Instance, Signal, Value

from pulsewright.rtl.clock_gate_text import CLOCK_GATE
from pulsewright.rtl.memory_text import MemoryModule
from pulsewright.rtl.table_options import TableOptions
from pulsewright.rtl.table_text import Table, combinational_text, file_text, registered_text


class MemoryPorts(Protocol):
    """Of a memory with a read and a write port; see `rtl/engine/memory_1r1w.py`."""

    write_enable: Signal
    write_address: Signal
    write_data: Signal
    read_enable: Signal
    read_address: Signal
    read_data: Signal


class VerilogPlatform:
    """Keeps the constants of the design out of the netlist and writes them itself.

    Amaranth's netlist holds every bit of a constant as an object, which took most of the time of
    writing a network of 9000 weights; and what Yosys makes of a table is no table to read.

    tables: how large ones are written.
    """

    ROM_PREFIX = "pulsewright_rom_"
    MEMORY_PREFIX = "pulsewright_memory_"

    def __init__(self, tables: TableOptions | None = None) -> None:
        self.tables = tables or TableOptions()
        self._roms: dict[str, Table] = {}
        self._registered: set[str] = set()
        self._memories: dict[str, tuple[MemoryModule, str]] = {}
        self.has_clock_gate = False

    def rom(self, index: Signal, word: Signal, words: Sequence[int]) -> Instance:
        """An instance of a module whose text `rom_text` gives; `word` = words[index]."""
        name = self._new_name(Table(len(index), len(word), words))
        return Instance(name, i_index=index, o_word=word)

    def registered_rom(
        self, index: Value, load: Value, word: Signal, words: Sequence[int]
    ) -> Instance:
        """The same with a register: `word` takes words[index] when `load` is high."""
        name = self._new_name(Table(len(index), len(word), words))
        self._registered.add(name)
        return Instance(name, i_clk=ClockSignal(), i_load=load, i_index=index, o_word=word)

    def _new_name(self, table: Table) -> str:
        name = f"{self.ROM_PREFIX}{len(self._roms)}"
        self._roms[name] = table
        return name

    def memory(self, module: MemoryModule, ports: MemoryPorts, depth: int, lanes: int) -> Instance:
        """An instance of `module`, with the parameters `memory_parameters`."""
        name = f"{self.MEMORY_PREFIX}{len(self._memories)}"
        parameters = (
            f".WIDTH({len(ports.read_data)}), .DEPTH({depth}), .LANES({lanes}), "
            f".ADDRESS_BITS({len(ports.read_address)})"
        )
        self._memories[name] = module, parameters
        return Instance(
            name,
            i_clk_i=ClockSignal(),
            i_write_enable_i=ports.write_enable,
            i_write_address_i=ports.write_address,
            i_write_data_i=ports.write_data,
            i_read_enable_i=ports.read_enable,
            i_read_address_i=ports.read_address,
            o_read_data_o=ports.read_data,
        )

    def clock_gate(self, clock: Signal, enable: Signal, gated: Signal) -> Instance:
        """An instance of the gate of the clock."""
        self.has_clock_gate = True
        return Instance(CLOCK_GATE, i_clk_i=clock, i_enable_i=enable, o_clk_o=gated)

    def memory_parameters(self, name: str) -> tuple[MemoryModule, str]:
        """Module of the memory with the provisional name `name`, and its parameters in Verilog."""
        return self._memories[name]

    def reads_file(self, name: str) -> bool:
        """True if the table with the provisional name `name` is in a file."""
        return self.tables.files and name in self._registered

    def hex_text(self, name: str) -> str:
        """The file of the table with the provisional name `name`."""
        return self._roms[name].hex_text

    def rom_text(self, name: str, module: str) -> str:
        """Verilog-2005 of the table with the provisional name `name` as module `module`."""
        table = self._roms[name]
        if name not in self._registered:
            return combinational_text(table, module)
        memory = self.tables.memory_of(len(table.words), table.width)
        return (file_text if self.tables.files else registered_text)(table, module, memory)
