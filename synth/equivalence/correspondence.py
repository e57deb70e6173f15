# SPDX-License-Identifier: Apache-2.0
"""Which flip-flop of a netlist is which register of the Verilog.

Both keep the names of nets, so that a register is found by any name of what it drives. What is
found is a guess, and it does no harm when it is wrong: the proof that follows then fails.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.synth.equivalence.bit_netlist import Bit, BitNetlist, Name

# A bit of a memory that was split to cells: Yosys names them memory.row.column.
_PART_OF_MEMORY = re.compile(r"(?P<memory>.+)\.(?P<row>\d+)\.(?P<column>\d+)\.mem\[(?P<word>\d+)\]")


@dataclass(frozen=True)
class Pair:
    """A register's bit and what stands for it in the netlist.

    name: of the bit, for people. specified: the bit in the Verilog. mapped: the flip-flop's bit in
    the netlist. One of the two is "0" or "1" where the other one alone is there and never changes.
    inverted: the flip-flop holds the opposite.
    """

    name: str
    specified: Bit
    mapped: Bit
    inverted: bool = False

    @property
    def is_constant(self) -> bool:
        """Whether one side has no register."""
        return isinstance(self.mapped, str) or isinstance(self.specified, str)


def pair_registers(
    specified: BitNetlist, mapped: BitNetlist, memory_shape: tuple[int, int] = (1, 1)
) -> list[Pair]:
    """All that are found; a register that the netlist does not have is in none.

    memory_shape: words and bits of a cell that memories are split to.

    Raises:
        PulsewrightError: two that are paired differ in their clock, reset or initial value.
    """
    aliases: dict[Bit, list[Name]] = defaultdict(list)
    for name, bit in specified.names.items():
        aliases[bit].append(name)
    mapped_names = dict(_named_bits(mapped, memory_shape))
    pairs = []
    for bit in specified.flip_flops:
        pair = _pair(bit, aliases[bit], mapped, mapped_names)
        if pair is not None:
            check_pair(pair, specified, mapped)
            pairs.append(pair)
    return pairs


def _named_bits(mapped: BitNetlist, shape: tuple[int, int]) -> Iterator[tuple[Name, Bit]]:
    yield from mapped.names.items()
    words, bits = shape
    for (name, at), bit in mapped.names.items():
        part = _PART_OF_MEMORY.fullmatch(name)
        if part is not None:
            word = int(part["row"]) * words + int(part["word"])
            yield (f"{part['memory']}[{word}]", int(part["column"]) * bits + at), bit


def _pair(
    bit: Bit, names: list[Name], mapped: BitNetlist, mapped_names: dict[Name, Bit]
) -> Pair | None:
    constant = None
    for name in names:
        found = mapped_names.get(name)
        label = f"{name[0]}[{name[1]}]"
        if found in ("0", "1"):
            constant = Pair(label, bit, found)
        if found is not None:
            driver, inverted = mapped.behind_inverters(found)
            if driver in mapped.flip_flops:
                return Pair(label, bit, driver, inverted)
    return constant


def check_pair(pair: Pair, specified: BitNetlist, mapped: BitNetlist) -> None:
    """See that both begin alike and move at the same time.

    Raises:
        PulsewrightError: they differ in their clock, reset or initial value.
    """
    register = specified.flip_flops[pair.specified]
    if isinstance(pair.mapped, str):
        if register.reset is not None and register.reset_value != pair.mapped:
            raise PulsewrightError(
                f"register {pair.name} is reset to {register.reset_value} and constant "
                f"{pair.mapped} in the netlist"
            )
        return
    other = mapped.flip_flops[pair.mapped]
    for what, wanted, found in (
        ("clock", _port(specified, register.clock), _port(mapped, other.clock)),
        ("edges", *("rising" if one.rises else "falling" for one in (register, other))),
        ("reset", *("none" if one.reset is None else "one" for one in (register, other))),
        ("reset value", register.reset_value, _seen(pair, other.reset_value)),
    ):
        if wanted != found and not (what == "reset value" and register.reset is None):
            raise PulsewrightError(
                f"register {pair.name} has {what} {wanted} and {found} in the netlist"
            )
    initial = _seen(pair, other.initial)
    if "x" not in (register.initial, initial) and register.initial != initial:
        raise PulsewrightError(
            f"register {pair.name} begins with {register.initial} and with {initial} in the netlist"
        )


def _seen(pair: Pair, value: str) -> str:
    return {"0": "1", "1": "0"}.get(value, value) if pair.inverted else value


def _port(netlist: BitNetlist, bit: Bit) -> str:
    for name, bits in netlist.inputs():
        if bit in bits:
            return name
    raise PulsewrightError("a clock comes from within the design, of which nothing is proven here")
