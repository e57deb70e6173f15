# SPDX-License-Identifier: Apache-2.0
"""The weight window of the register bus, in front of the memories of the layers."""

from amaranth import Cat, Module, Mux, Signal, Value
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.hls_model.schedule.weight_window import LayerWindow, weight_window
from pulsewright.hls_model.words import WORD_BITS, WORD_BYTES
from pulsewright.rtl.engine.layer_memory import MemoryAccess
from pulsewright.rtl.module_component import ModuleComponent
from pulsewright.rtl.registers.register_bus import RegisterBus


class WeightAccess(ModuleComponent):
    """Decodes accesses to the window and refuses those that come while a job runs.

    Attributes:
        bus: accesses to 0x1000 and above.
        idle: no job runs or waits.
        stored: a weight or a bias changed in this cycle.
        refusals: accesses refused since they came while not idle.
        memory_<layer>: to the memories of that layer.

    A write takes one cycle, a read two; a refused access one.
    """

    def __init__(self, folded: FoldedEngine, address_bits: int) -> None:
        self.folded = folded
        self.window = weight_window(folded)
        members: dict[str, wiring.Member] = {
            "bus": In(RegisterBus(address_bits)),
            "idle": In(1),
            "stored": Out(1),
            "refusals": Out(WORD_BITS),
        }
        for number, layer in enumerate(folded.layers, start=1):
            members[f"memory_{number}"] = Out(MemoryAccess(layer))
        super().__init__(members)

    @property
    def memories(self) -> list[wiring.PureInterface]:
        """The ports to the memories of each layer."""
        return [getattr(self, f"memory_{i}") for i in range(1, len(self.folded.layers) + 1)]

    @property
    def comment(self) -> str:
        """See `ModuleComponent`."""
        return (
            "The weight window: decodes accesses to the memories and refuses those while a "
            "job runs.\n"
            "A write takes one cycle, a read two, a refused access one."
        )

    def elaborate(self, platform: object) -> Module:
        """Build the logic."""
        m = self.module()
        bus = self.bus
        fetched = Signal()
        there = Signal()
        refused = Signal()
        read_data = Signal(WORD_BITS)
        allowed = Signal()
        m.d.comb += allowed.eq(bus.valid & self.idle & (bus.byte_enable.all() | ~bus.write))
        hits, refusals = [], []
        for number, memory in enumerate(self.memories, start=1):
            window = self.window.layers[number - 1]
            in_weights = Signal(name=f"in_weights_{number}")
            in_biases = Signal(name=f"in_biases_{number}")
            hit = Signal(name=f"in_layer_{number}")
            m.d.comb += [
                in_weights.eq(self._is_in(window.weights_base, window.weights_size)),
                in_biases.eq(self._is_in(window.bias_base, window.bias_size)),
                hit.eq(in_weights | in_biases),
            ]
            hits.append(hit)
            refusals.append(hit & memory.refused)
            m.d.comb += [
                memory.weights.eq(allowed & in_weights),
                memory.biases.eq(allowed & in_biases),
                memory.word.eq(self._word(window, in_weights)),
                memory.write.eq(bus.write),
                memory.data.eq(bus.write_data),
            ]
            with m.If(hit):
                m.d.comb += read_data.eq(memory.read_data)
        m.d.comb += [
            there.eq(Cat(hits).any()),
            refused.eq(~allowed | ~there | Cat(refusals).any()),
            bus.error.eq(refused),
            bus.ready.eq(bus.valid & (refused | bus.write | fetched)),
            bus.read_data.eq(Mux(refused, 0, read_data)),
            self.stored.eq(bus.valid & bus.write & ~refused),
        ]
        m.d.sync += fetched.eq(bus.valid & ~bus.ready)
        with m.If(bus.valid & ~self.idle):
            m.d.sync += self.refusals.eq(self.refusals + 1)
        return m

    def _is_in(self, base: int, size: int) -> Value:
        """True if the address lies in the part of the window at `base`, aligned to `size` bytes."""
        bits = (size - 1).bit_length()
        return self.bus.address[bits:] == base >> bits

    def _word(self, window: LayerWindow, in_weights: Value) -> Value:
        """Number of the word within the part."""
        shift = (WORD_BYTES - 1).bit_length()
        weight_bits = (window.weights_size - 1).bit_length()
        bias_bits = (window.bias_size - 1).bit_length()
        address = self.bus.address
        return Mux(in_weights, address[shift:weight_bits], address[shift:bias_bits])
