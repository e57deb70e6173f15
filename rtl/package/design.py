# SPDX-License-Identifier: Apache-2.0
"""What every file of a package is made from."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from amaranth import Shape
from amaranth.lib.wiring import In

from pulsewright.hls_model.escape.identifiers import checked_identifier
from pulsewright.hls_model.reference.fixed_point import FixedPoint
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.axi_stream_timing import AxiStreamTiming
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.hls_model.schedule.requantiser_stages import with_transfer
from pulsewright.hls_model.schedule.vector_transfer import VectorTransfer
from pulsewright.hls_model.schedule.weight_window import weight_window
from pulsewright.hls_model.schedule.windowed_job import windowed_cycles
from pulsewright.hls_model.words import WORD_BYTES
from pulsewright.rtl.attachments.instruction_set import InstructionSet
from pulsewright.rtl.axi_stream.chosen_shape import chosen_shape
from pulsewright.rtl.axi_stream_top import AXI_STREAM_PORTS, axi_stream_ports, axi_stream_timing
from pulsewright.rtl.buses.bus import Bus
from pulsewright.rtl.buses.instruction_interface import InstructionInterface
from pulsewright.rtl.buses.options import AttachmentOptions
from pulsewright.rtl.buses.registry import INSTRUCTIONS, known_bus, known_description
from pulsewright.rtl.buses.wrapper import Wrapper
from pulsewright.rtl.instruction_top import InstructionTop
from pulsewright.rtl.registers.register_map import RegisterMap
from pulsewright.rtl.top import CLOCK_PORTS, BusTop


@dataclass(frozen=True)
class Port:
    """A port of the coprocessor: its name, whether it is an input, and its width in bits."""

    name: str
    is_input: bool
    width: int

    @property
    def direction(self) -> str:
        """As Verilog calls it."""
        return "input" if self.is_input else "output"

    @property
    def vector(self) -> str:
        """The range of the port in Verilog with a blank behind it; nothing for one bit."""
        return f"[{self.width - 1}:0] " if self.width > 1 else ""


@dataclass(frozen=True)
class PackagedStream:
    """The top level with AXI4-Streams: module, cycles, and ports with a line on each."""

    module: str
    timing: AxiStreamTiming
    ports: tuple[Port, ...]
    port_comments: Mapping[str, str]


@dataclass(frozen=True)
class PackagedDesign:
    """One coprocessor, its names and its ports.

    name: of the coprocessor, prefix of all files and modules. bus: the attachment. options: of it,
    all that it has.
    address_bits: of a byte address within the coprocessor. stream: the top level with streams, if
    there is one.
    """

    name: str
    bus: str
    options: AttachmentOptions
    model: IntegerMlp
    folded: FoldedEngine
    register_map: RegisterMap
    ports: tuple[Port, ...]
    address_bits: int
    stream: PackagedStream | None = None

    @property
    def coprocessor(self) -> str:
        """Module of the coprocessor with its bus."""
        return f"{self.name}_{self.bus}"

    @property
    def engine(self) -> str:
        """Module of the bare engine."""
        return f"{self.name}_engine"

    @property
    def test_bench(self) -> str:
        """Module of the plain test bench."""
        return f"{self.name}_tb"

    @property
    def wrappers(self) -> tuple[Wrapper, ...]:
        """Modules around the coprocessor for families of SoCs, as far as it fits them."""
        return tuple(
            wrapper
            for wrapper in self.description.wrappers
            if wrapper.room is None or self.used_space <= wrapper.room
        )

    @property
    def description(self) -> Bus | InstructionInterface:
        """Of its attachment."""
        found = known_description(self.bus)
        return found.chosen(self.options) if isinstance(found, Bus) else found

    @property
    def protocol(self) -> Bus:
        """How its bus is driven.

        Raises:
            PulsewrightError: it is an instruction.
        """
        return known_bus(self.bus).chosen(self.options)

    @cached_property
    def instructions(self) -> InstructionSet | None:
        """What it executes, if it is an instruction of a core."""
        return InstructionSet.of(self.model) if self.bus in INSTRUCTIONS else None

    @property
    def option_texts(self) -> dict[str, tuple[str, str]]:
        """Of each option that is a choice by words: which it is, and what it means."""
        if not isinstance(self.description, Bus):
            return {}
        given = self.options.given
        return {
            option: (str(given[option]), texts[str(given[option])])
            for option, texts in self.description.choices.items()
        }

    @property
    def version(self) -> str:
        """Version of the register map, what firmware and integration depend on: "1.0.0"."""
        word = self.register_map["VERSION"].reset
        return f"{word >> 16}.{word & 0xFFFF}.0"

    @property
    def address_space(self) -> int:
        """Bytes of address space that the coprocessor takes."""
        return 1 << self.address_bits

    def wrapper_module(self, wrapper: Wrapper) -> str:
        """Name of the module of `wrapper`."""
        return f"{self.name}_{wrapper.name}"

    @property
    def used_space(self) -> int:
        """Bytes from the first register to the end of the last one, or of the last window."""
        for window in (self.register_map.data_windows, self.register_map.window):
            if window is not None:
                return window.end
        return max(register.address for register in self.register_map.registers) + WORD_BYTES

    @property
    def bus_ports(self) -> tuple[Port, ...]:
        """The ports that belong to the bus."""
        return tuple(
            port for port in self.ports if port.name.startswith(f"{self.description.prefix}_")
        )

    @property
    def side_outputs(self) -> tuple[Port, ...]:
        """The outputs beside the bus."""
        return tuple(
            port for port in self.ports if not port.is_input and port not in self.bus_ports
        )

    @property
    def constant_words(self) -> dict[str, tuple[int, int]]:
        """Address and word of every register that always reads the same, by name.

        They are the identity, the version, the capability words, and the shapes and foldings of
        the layers.
        """
        words = {
            r.name: (r.address, r.reset)
            for r in self.register_map.registers
            if r.readable and not (r.writable or r.from_hardware)
        }
        for i, layer in enumerate(self.folded.layers):
            for name, low, high in (
                (f"LAYER[{i}].SHAPE", layer.inputs, layer.neurons),
                (f"LAYER[{i}].FOLDING", layer.pe, layer.simd),
            ):
                if self.has_register(name):
                    words[name] = self.register_map[name].address, low | high << 16
        return words

    def has_register(self, name: str) -> bool:
        """True if this configuration has a register called `name`."""
        return any(register.name == name for register in self.register_map.registers)

    @property
    def has_curves(self) -> bool:
        """True if curve and reach jobs are there, on a network with a pulse number."""
        return self.register_map.data_windows is None and not self.register_map.infer_only

    @cached_property
    def inference_cycles(self) -> int:
        """CYCLES of an inference; of an incremental engine those of a fresh vector."""
        if self.register_map.data_windows is None:
            return self.folded.latency + 1
        return windowed_cycles(self.stepped)

    @cached_property
    def stepped(self) -> FoldedEngine:
        """The engine as it stands behind windows."""
        return with_transfer(self.folded, self.model, VectorTransfer.STEPS)

    @property
    def has_two_port_memories(self) -> bool:
        """True if windows or a double buffer are in memories that SRAM macros may replace."""
        buffered = any(layer.buffered_in_memory for layer in self.folded.layers)
        return buffered or self.register_map.data_windows is not None

    @cached_property
    def weight_image(self) -> list[tuple[int, int]]:
        """(byte offset, word) of all that is to be loaded before the first inference."""
        if not self.folded.reloadable:
            return []
        return weight_window(self.folded).image(self.model)

    @property
    def result_format(self) -> FixedPoint:
        """Format of a result, as its capability word says: wider if any weights may be loaded."""
        word = self.register_map["RESULT_CAPABILITY"].reset
        frac = word >> 24
        return FixedPoint(
            width=word >> 16 & 0xFF, frac=frac - 256 if frac > 127 else frac, signed=True
        )

    @property
    def unmapped_address(self) -> int:
        """The last word below the weight window that is no register."""
        taken = {register.address for register in self.register_map.registers}
        return next(a for a in range(0x0FFC, 0, -4) if a not in taken)


def packaged_design(
    top: BusTop | InstructionTop, model: IntegerMlp, name: str, bus: str
) -> PackagedDesign:
    """What the package of `top`, coprocessor `name` with the attachment `bus`, is made from.

    model: what it computes, whose weights may be those of its memories.

    Raises:
        PulsewrightError: `name` is no identifier.
    """
    checked_identifier(name)
    ports = [
        Port(port, is_input=member.flow is In, width=len(getattr(top, port)))
        for port, member in top.signature.members.items()
    ]
    coprocessor = top.coprocessor
    return PackagedDesign(
        name=name,
        bus=bus,
        options=top.options,
        model=model,
        folded=coprocessor.folded,
        register_map=coprocessor.register_map,
        ports=tuple(ports),
        address_bits=len(coprocessor.bus.address),
        stream=_stream(model, coprocessor.folded, top.options, name),
    )


def _stream(
    model: IntegerMlp, folded: FoldedEngine, options: AttachmentOptions, name: str
) -> PackagedStream | None:
    if options.stream is None:
        return None
    timing = axi_stream_timing(model, folded, chosen_shape(model, folded, options))
    members = {**dict.fromkeys(CLOCK_PORTS, In(1)), **axi_stream_ports(timing)}
    ports = tuple(
        Port(port, is_input=member.flow is In, width=Shape.cast(member.shape).width)
        for port, member in members.items()
    )
    comments = {**CLOCK_PORTS, **AXI_STREAM_PORTS}
    return PackagedStream(f"{name}_axi_stream", timing, ports, comments)
