# SPDX-License-Identifier: Apache-2.0
"""The register file against its SystemRDL: statements of what every access does, by induction.

What is stated is made of the compiled map alone: addresses are compared whole, and each register
has a shadow that follows the accesses which the map says it takes.
"""

from collections.abc import Iterator, Sequence

from pulsewright.hls_model.words import WHOLE_WORD, WORD_BITS, WORD_BYTES
from pulsewright.rtl.registers.register import Register
from pulsewright.rtl.registers.register_file import port_name
from pulsewright.rtl.registers.register_map import RegisterMap
from pulsewright.sim.formal.module_text import modules_of, ports_of
from pulsewright.sim.formal.part_proof import PartProof
from pulsewright.sim.formal.symbiyosys import Mode

FILE, COPROCESSOR = "_coprocessor_registers", "_coprocessor"
# Signals by which jobs hold up an access.
_HELD = ("wait_", "refuse")
# Its port with the code that the input map stores.
LANE = "mapped_lane"
# The first cycle is the reset.
INDUCTION_DEPTH, COVER_DEPTH = 2, 4
_ALL = (1 << WORD_BITS) - 1


def register_proofs(verilog: str, register_map: RegisterMap) -> Iterator[PartProof]:
    """Of the register file in the text, and of the coprocessor around it.

    Assumed of the one is that only what depends on jobs waits or is refused because of them; this
    is what is shown of the other.
    """
    for name, text in modules_of(verilog).items():
        if name.endswith(FILE):
            statements = "\n".join(_statements(text, register_map))
            for mode, depth in ((Mode.PROVE, INDUCTION_DEPTH), (Mode.COVER, COVER_DEPTH)):
                yield _proof(name, "registers", mode, depth, statements)
        if name.endswith(COPROCESSOR):
            held = [one for one in _HELD if f" wire {one};" in text]
            if held:
                statements = "\n".join(_held_by_jobs(text, register_map, held))
                yield _proof(name, "held_by_jobs", Mode.PROVE, 1, statements)


def _proof(module: str, properties: str, mode: Mode, depth: int, statements: str) -> PartProof:
    return PartProof(
        module, properties, mode, depth, {}, {}, "t:$mul", inside=True, statements=statements
    )


def _held_by_jobs(module: str, register_map: RegisterMap, held: Sequence[str]) -> Iterator[str]:
    """What is added to the coprocessor of which this is the text."""
    address = _Addresses(module, register_map)
    yield f"wire spec_depends = {address.any_at(address.waiting)};"
    yield from (f"always @* if ({one}) assert (spec_depends);" for one in held)


class _Addresses:
    """Comparisons of whole addresses, of the registers that a module decodes."""

    def __init__(self, module: str, register_map: RegisterMap) -> None:
        self.ports = {port.name: port for port in ports_of(module)}
        self.width = self.ports["bus__address"].width
        self.registers = [one for one in register_map.registers if one.address < 1 << self.width]
        self.waiting = [one for one in self.registers if one.depends_on_jobs]

    def at(self, register: Register) -> str:
        """The access is to it."""
        return f"(bus__address == {self.width}'h{register.address:x})"

    def any_at(self, registers: Sequence[Register]) -> str:
        """The access is to one of them."""
        return " || ".join(map(self.at, registers)) or "1'b0"


def _statements(module: str, register_map: RegisterMap) -> Iterator[str]:
    """What is added to the module of which this is the text."""
    address = _Addresses(module, register_map)
    ports, registers = address.ports, address.registers
    yield f"wire spec_known = {address.any_at(registers)};"
    yield f"wire spec_writable = {address.any_at([one for one in registers if one.writable])};"
    yield f"wire spec_depends = {address.any_at(address.waiting)};"
    for held in _HELD:
        if held in ports:
            yield f"always @* assume (!({held} && !spec_depends));"
    waits, refuse = (one if one in ports else "1'b0" for one in _HELD)
    yield f"wire spec_whole = bus__byte_enable == 4'h{WHOLE_WORD:x};"
    yield (
        "wire spec_error = !spec_known || "
        f"{refuse} || (bus__write && (!spec_writable || !spec_whole));"
    )
    yield "always @* if (bus__valid) assert (bus__error == spec_error);"
    yield f"always @* assert (bus__ready == (bus__valid && (spec_error || !{waits})));"
    yield "wire spec_takes = bus__valid && bus__ready && !spec_error;"
    yield "always @* cover (spec_takes && bus__write);"
    yield "always @* cover (spec_takes && !bus__write && bus__read_data != 0);"
    clear = "clear_registers" if "clear_registers" in ports else "1'b0"
    for number, one in enumerate(registers):
        if one.storage:
            yield from _shadow(number, one, address.at(one), clear, module)
        constant = _ALL & ~one.storage & ~one.from_hardware
        stored = f"(shadow_{number} & 32'h{one.storage & one.readable:x})" if one.storage else "0"
        expected = f"({stored} | 32'h{one.reset & one.readable & constant:x})"
        kept = f"32'h{_ALL & ~one.from_hardware:x}"
        yield (
            f"always @* if (spec_takes && !bus__write && {address.at(one)}) "
            f"assert ((bus__read_data & {kept}) == ({expected} & {kept}));"
        )
        name = port_name(one.name)
        for strobe, kind in ((f"{name}__written", "bus__write"), (f"{name}__read", "!bus__write")):
            if strobe in ports:
                told = f"spec_takes && {kind} && {address.at(one)}"
                yield f"always @* assert ({strobe} == ({told}));"


def _shadow(
    number: int, register: Register, address: str, clear: str, module: str
) -> Iterator[str]:
    """What the register holds by the map, and that the design's holds the same."""
    name = port_name(register.name)
    held = next(one for one in (f"{name}__value", f"{name}_stored") if f" {one}" in module)
    reset = f"32'h{register.reset & register.storage:x}"
    yield f"reg [31:0] shadow_{number};"
    yield "always @(posedge clk, posedge rst)"
    yield f"    if (rst) shadow_{number} <= {reset};"
    yield f"    else if ({clear}) shadow_{number} <= {reset};"
    yield f"    else if (spec_takes && bus__write && {address})"
    yield f"        shadow_{number} <= bus__write_data & 32'h{register.storage:x};"
    if register.hardware_stores:
        yield from _stored_by_hardware(number, name, module)
    yield f"always @* if (!rst) assert ({held} == shadow_{number});"


def _stored_by_hardware(number: int, name: str, module: str) -> Iterator[str]:
    """Bytes that the input map stores while software writes nothing: those of a code's lane."""
    ports = {port.name: port for port in ports_of(module)}
    lane_bits = ports[LANE].width
    yield "    else begin"
    for i in range(WORD_BYTES):
        if f"{name}__stores__{i}" in ports:
            low = 8 * i % lane_bits
            yield f"        if ({name}__stores__{i})"
            yield f"            shadow_{number}[{8 * i + 7}:{8 * i}] <= {LANE}[{low + 7}:{low}];"
    yield "    end"
