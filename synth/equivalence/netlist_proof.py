# SPDX-License-Identifier: Apache-2.0
"""The proof that a mapped netlist does what its Verilog says, whatever comes.

Both are flattened and cut at their registers, and a miter of the two is simplified by ABC's sweep
of equivalent nodes, which proves with SAT what it merges. What is left, such as products that a
mapper adds up in another way, is tried with all values of what it depends on.
"""

import json
import time
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from pulsewright.synth.equivalence.bit_netlist import Bit, BitNetlist
from pulsewright.synth.equivalence.constants import constant_registers
from pulsewright.synth.equivalence.correspondence import Pair, check_pair, pair_registers
from pulsewright.synth.equivalence.cut import NEXT, RESETS, Cut, cut_at_registers
from pulsewright.synth.equivalence.evaluation import Gates
from pulsewright.synth.equivalence.exhaustion import always
from pulsewright.synth.equivalence.mapped_netlist import MappedNetlist, write_netlist
from pulsewright.synth.equivalence.miter import MAPPED, MITER, SPECIFIED, WRONG, miter
from pulsewright.synth.equivalence.refinement import pair_by_behaviour
from pulsewright.synth.tools.yosys import Module, read_netlist, run_script

_SWEEP = "+strash;ifraig;dc2;fraig;strash;ifraig"
NETLIST = "netlist.json"


class Equivalence(BaseModel):
    """What was shown.

    registers: bits that both have. renamed: of these, those whose names the mapper lost.
    constant: bits that are constant in the netlist. lost: bits that it does not have, since nothing
    depends on them. bits: of registers, resets and outputs that were compared; tried: of these,
    those with all values, where all others are by SAT. undecided, different: names of those for
    which this is too much, and of those that differ in some state, which need not be one that is
    ever reached.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    registers: int
    renamed: int
    constant: int
    lost: int
    bits: int
    tried: int
    undecided: tuple[str, ...] = ()
    different: tuple[str, ...] = ()
    seconds: float

    @property
    def holds(self) -> bool:
        """Whether all is proven."""
        return not self.undecided and not self.different


def prove_netlist(verilog: Path, top: str, netlist: MappedNetlist, folder: Path) -> Equivalence:
    """Compare the module `top` of the file with the netlist.

    folder: of the file, where scripts and logs stay.

    Raises:
        MissingPackageError: Yosys is not installed.
        PulsewrightError: a cell of the netlist is not known, or registers differ in their clock,
            reset or initial value.
    """
    started = time.monotonic()
    specified = _flattened(_reading(verilog, top, netlist), top, SPECIFIED, folder)
    write_netlist(netlist, top, folder / NETLIST)
    reading = (*netlist.models, f"read_json {NETLIST}", f"hierarchy -check -top {top}")
    mapped = _flattened(reading, top, MAPPED, folder)
    pairs = pair_registers(specified, mapped, netlist.memory_shape)
    pairs += _constants(specified, mapped, pairs)
    renamed = pair_by_behaviour(specified, mapped, _unpaired(specified, pairs), pairs)
    for pair in renamed:
        if not pair.is_constant:
            check_pair(pair, specified, mapped)
    pairs += renamed
    cut = cut_at_registers(specified, mapped, pairs)
    swept = _swept(cut, folder)
    verdicts: dict[bool | None, list[str]] = {True: [], False: [], None: []}
    compared, gates = list(_compared(swept, cut)), Gates(swept)
    for name, bit in compared:
        if bit != "0":
            verdicts[always(0, gates, bit)].append(name)
    constant = sum(isinstance(pair.mapped, str) for pair in pairs)
    return Equivalence(
        registers=sum(not pair.is_constant for pair in pairs),
        renamed=sum(not pair.is_constant for pair in renamed),
        constant=constant,
        lost=len(_unpaired(specified, pairs)),
        bits=len(compared),
        tried=len(verdicts[True]),
        undecided=tuple(verdicts[None]),
        different=tuple(verdicts[False]),
        seconds=round(time.monotonic() - started, 1),
    )


def _reading(verilog: Path, top: str, netlist: MappedNetlist) -> tuple[str, ...]:
    return f"{netlist.reading} {verilog.name}", f"hierarchy -check -top {top}"


def _flattened(reading: Sequence[str], top: str, name: str, folder: Path) -> BitNetlist:
    """The module as gates and flip-flops of one bit; files in `folder` are called `name`."""
    commands = (
        *reading,
        *("proc", "flatten", "opt_expr", "memory_map", "opt_expr", "opt_clean"),
        # A register on a gated clock is one with an enable.
        *("formalff -declockgate", "opt_clean"),
        # Products of a hard block's width are the ones of the Verilog, if they are as narrow.
        *("wreduce t:$mul", "opt_clean"),
        *("dffunmap", "simplemap t:$*dff* t:$*ff", "opt_clean", "techmap", "opt_clean"),
        f"write_json {name}.json",
    )
    run_script(commands, folder, name)
    return BitNetlist(read_netlist(folder / f"{name}.json", top))


def _constants(specified: BitNetlist, mapped: BitNetlist, pairs: Sequence[Pair]) -> list[Pair]:
    """Registers of either side that never change; the other side need not have them."""
    names = _unpaired(specified, pairs)
    known = {pair.specified: int(pair.mapped) for pair in pairs if isinstance(pair.mapped, str)}
    used = {pair.mapped for pair in pairs}
    free = [bit for bit in mapped.flip_flops if bit not in used]
    return [
        *(
            Pair(names[bit], bit, str(value))
            for bit, value in constant_registers(specified, names, known).items()
        ),
        *(
            Pair(mapped.flip_flops[bit].cell, str(value), bit)
            for bit, value in constant_registers(mapped, free, {}).items()
            if mapped.flip_flops[bit].begins_with(str(value))
        ),
    ]


def _unpaired(specified: BitNetlist, pairs: Sequence[Pair]) -> dict[Bit, str]:
    """Registers that no pair has, by name."""
    paired = {pair.specified for pair in pairs}
    names: dict[Bit, str] = {}
    for (name, at), bit in specified.names.items():
        names.setdefault(bit, f"{name}[{at}]")
    return {
        bit: names.get(bit, one.cell)
        for bit, one in specified.flip_flops.items()
        if bit not in paired
    }


def _swept(cut: Cut, folder: Path) -> Module:
    """The miter, in which all bits that ABC proves equal are 0."""
    modules = {SPECIFIED: cut.specified, MAPPED: cut.mapped}
    (folder / f"{MITER}_halves.json").write_text(json.dumps({"modules": modules}), encoding="utf-8")
    (folder / f"{MITER}.v").write_text(miter(cut.specified, cut.mapped), encoding="utf-8")
    commands = (
        f"read_json {MITER}_halves.json",
        *(f"select -module {SPECIFIED}", "opt_clean"),
        *("xprop -required -split-outputs -assume-def-inputs", "select -clear"),
        f"read_verilog {MITER}.v",
        *(f"hierarchy -top {MITER}", "flatten", "opt_expr", "opt_clean", "chformal -remove"),
        *("techmap", "opt -fast", f"abc -script {_SWEEP}", "lut2mux"),
        *("opt_expr", "opt_clean -purge", f"write_json {MITER}.json"),
    )
    run_script(commands, folder, MITER)
    return _without_unknowns(read_netlist(folder / f"{MITER}.json", MITER))


def _without_unknowns(module: Module) -> Module:
    """Where a bit is left open, one of its own that may be anything."""
    cells = module["cells"].values()
    ends = list(module["ports"].values())
    numbers = [bit for one in ends for bit in one["bits"]]
    numbers += [bit for cell in cells for bits in cell["connections"].values() for bit in bits]
    fresh = count(1 + max((bit for bit in numbers if isinstance(bit, int)), default=0))

    def known(bits: list[Bit]) -> list[Bit]:
        return [next(fresh) if bit in ("x", "z") else bit for bit in bits]

    for port in ends:
        port["bits"] = known(port["bits"])
    for cell in cells:
        cell["connections"] = {end: known(bits) for end, bits in cell["connections"].items()}
    return module


def _compared(swept: Module, cut: Cut) -> Iterator[tuple[str, Bit]]:
    """Names of what is compared, and the bit that is 0 where it is the same."""
    names = {NEXT: cut.next_names, RESETS: cut.reset_names}
    for port, ends in swept["ports"].items():
        if port.startswith(WRONG):
            name = port.removeprefix(WRONG)
            for at, bit in enumerate(ends["bits"]):
                yield names[name][at] if name in names else f"{name}[{at}]", bit
