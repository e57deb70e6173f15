# SPDX-License-Identifier: Apache-2.0
"""The register map of one coprocessor, compiled from its SystemRDL source."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import as_file, files
from math import ceil
from typing import Any

from systemrdl.compiler import RDLCompiler
from systemrdl.node import AddrmapNode, FieldNode, RegNode

from hls_model.errors import PulsewrightError
from hls_model.integer_mlp import IntegerMlp

WORD_BITS = 32
MAX_LANE_BITS = 16
# Every coprocessor takes 8 KiB of address space: registers below 0x1000, weights above.
ADDRESS_BITS = 13
MAX_INPUT_WORDS = 32
MAX_RESULT_WORDS = 64


@dataclass(frozen=True)
class Register:
    """One 32-bit register.

    name: RDL name, indexed for arrays ("INPUT[0]"). address: byte offset. Masks are of the bits
    that software can read or write; `storage` bits keep what was written. reset: value after reset.
    waits_for_idle: an access that would disturb or miss a running job waits for its end.
    from_hardware: bits that the hardware drives. strobes: a write is announced to the hardware.
    """

    name: str
    address: int
    reset: int
    readable: int
    writable: int
    storage: int
    from_hardware: int
    strobes: bool
    waits_for_idle: bool


@dataclass(frozen=True)
class RegisterMap:
    """All registers of one coprocessor and the RDL node that they come from."""

    node: AddrmapNode
    registers: tuple[Register, ...]
    input_lane_bits: int

    def __getitem__(self, name: str) -> Register:
        for register in self.registers:
            if register.name == name:
                return register
        raise KeyError(name)

    def array(self, name: str) -> list[Register]:
        """The registers of an array, in order."""
        return [r for r in self.registers if r.name.startswith(f"{name}[")]


def lane_bits(input_width: int) -> int:
    """Bits of one input in the input words: a byte, or a half word for wide codes."""
    return 8 if input_width <= 8 else MAX_LANE_BITS


def compile_register_map(model: IntegerMlp) -> RegisterMap:
    """Compile the map for the shape of `model`.

    Raises:
        PulsewrightError: the network has more inputs or outputs than the map has room for, or its
            inputs do not fit a 16-bit lane or its results a 32-bit word.
    """
    if model.input_format.width > MAX_LANE_BITS:
        raise PulsewrightError(
            f"input codes of {model.input_format.width} bits do not fit the {MAX_LANE_BITS}-bit "
            "lanes of the input words; use fewer input bits"
        )
    lane = lane_bits(model.input_format.width)
    input_words = ceil(model.sizes[0] / (WORD_BITS // lane))
    result_words = model.sizes[-1]
    if input_words > MAX_INPUT_WORDS:
        raise PulsewrightError(
            f"{model.sizes[0]} inputs of {lane} bits need {input_words} input words, the register "
            f"map has {MAX_INPUT_WORDS}; use at most {MAX_INPUT_WORDS * WORD_BITS // lane} inputs"
        )
    if result_words > MAX_RESULT_WORDS:
        raise PulsewrightError(
            f"{result_words} outputs exceed the {MAX_RESULT_WORDS} result words of the register map"
        )
    result = model.output_format
    if result.width > WORD_BITS:
        raise PulsewrightError(
            f"results of {result.width} bits do not fit the {WORD_BITS}-bit result word; "
            "use fewer weight or activation bits"
        )
    parameters: dict[str, Any] = {
        "INPUT_WORDS": input_words,
        "RESULT_WORDS": result_words,
        "INPUTS": model.sizes[0],
        "INPUT_WIDTH": model.input_format.width,
        "INPUT_LANE_BITS": lane,
        "RESULT_WIDTH": result.width,
        "RESULT_FRAC": result.frac & 0xFF,
        "LAYERS": len(model.layers),
        "MODEL_DIGEST_VALUE": int(model.digest[:8], 16),
    }
    compiler = RDLCompiler()
    with as_file(files("rtl") / "pulsewright.rdl") as source:
        compiler.compile_file(str(source))
    node = compiler.elaborate("pulsewright", parameters=parameters).top
    registers = tuple(_register(register) for register in _registers(node))
    return RegisterMap(node=node, registers=registers, input_lane_bits=lane)


def _registers(node: AddrmapNode) -> Iterator[RegNode]:
    yield from node.registers(unroll=True)


def _register(node: RegNode) -> Register:
    fields = list(node.fields())
    return Register(
        name=node.get_path_segment(),
        address=node.absolute_address,
        reset=sum(_reset(f) << f.low for f in fields),
        readable=sum(_mask(f) for f in fields if f.is_sw_readable),
        writable=sum(_mask(f) for f in fields if f.is_sw_writable),
        storage=sum(_mask(f) for f in fields if f.is_sw_writable and f.is_sw_readable),
        from_hardware=sum(_mask(f) for f in fields if f.is_hw_writable),
        strobes=any(f.get_property("swmod") for f in fields),
        waits_for_idle=bool(node.get_property("waits_for_idle")),
    )


def _reset(field: FieldNode) -> int:
    reset = field.get_property("reset")
    return reset if isinstance(reset, int) else 0


def _mask(field: FieldNode) -> int:
    return ((1 << field.width) - 1) << field.low
