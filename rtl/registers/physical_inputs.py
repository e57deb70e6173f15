# SPDX-License-Identifier: Apache-2.0
"""The words of physical inputs in front of the input map."""

from amaranth import Cat, Module, Mux, Signal, Value

from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.words import WORD_BYTES
from pulsewright.rtl.registers.input_mapper import InputMapper
from pulsewright.rtl.registers.register_file import RegisterFile, joined

STORING, STARTING = "PHYSICAL", "PHYSICAL_START"


class PhysicalInputs:
    """An `InputMapper` that the words of a register file fill, and what these words wait for.

    selected: the address is that of one of the words. starts: of one that starts.
    mapper: the `InputMapper`. busy: a code is on its way. starting: and a job is to begin with it.
    begins: it does; the code is stored in this cycle, or with `store_codes` in the one before.
    """

    def __init__(self, m: Module, model: IntegerMlp, registers: RegisterFile, clear: Value) -> None:
        m.submodules.input_mapper = self.mapper = mapper = InputMapper(model)
        stores, starts = (
            [registers.port(one.name) for one in registers.register_map.array(name)]
            for name in (STORING, STARTING)
        )
        written = [
            store.written | start.written for store, start in zip(stores, starts, strict=True)
        ]
        number = Signal.like(mapper.number, name="physical_number")
        # As words of which one is not 0: bits by themselves would be ports without a name.
        m.d.comb += number.eq(joined([Mux(one, i, 0) for i, one in enumerate(written)]))
        self.starts = Signal(name="starts_by_physical_input")
        self.selected = Signal(name="physical_input_selected")
        m.d.comb += [
            self.starts.eq(Cat(start.selected for start in starts).any()),
            self.selected.eq(self.starts | Cat(store.selected for store in stores).any()),
            mapper.load.eq(Cat(written).any()),
            mapper.number.eq(number),
            mapper.physical.eq(registers.bus.write_data),
            mapper.starts.eq(self.starts),
            mapper.clear.eq(clear),
        ]
        self.busy: Value = mapper.busy
        self.starting: Value = mapper.starting
        self.begins: Value = mapper.begins

    def store_codes(self, m: Module, registers: RegisterFile) -> None:
        """Store each code in its lane of the input words, and begin a job once it is there."""
        self.begins = Signal(name="begins_by_physical_input")
        m.d.sync += self.begins.eq(self.mapper.begins)
        self.busy |= self.begins
        self.starting |= self.begins
        register_map = registers.register_map
        lane_bytes = register_map.input_lane_bits // 8
        lanes = WORD_BYTES // lane_bytes
        # Sign extended, as software packs codes.
        lane = Signal(8 * lane_bytes, name="mapped_lane")
        m.d.comb += lane.eq(self.mapper.signed_code)
        for i, register in enumerate(register_map.array("INPUT")):
            port = registers.port(register.name)
            of_word = self.mapper.stores[lanes * i : lanes * (i + 1)]
            m.d.comb += port.hardware_value.eq(lane.replicate(lanes))
            for k, one in enumerate(of_word):
                for byte in range(k * lane_bytes, (k + 1) * lane_bytes):
                    m.d.comb += port.stores[byte].eq(one)


def waits_for_codes(registers: RegisterFile, physical: PhysicalInputs) -> Value:
    """True if the access that is presented has to wait for codes on their way.

    What depends on jobs waits for all of them, a further physical input for one that starts a job,
    and until the multiplier is free.
    """
    names = [one.name for one in registers.register_map.registers if one.depends_on_jobs]
    others = [name for name in names if not name.startswith((STORING, STARTING))]
    other = Cat(registers.port(name).selected for name in others).any()
    held = physical.selected & (physical.starting | ~physical.mapper.ready)
    return (other & physical.busy) | held
