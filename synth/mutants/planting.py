# SPDX-License-Identifier: Apache-2.0
"""Plants faults in a design: one Verilog text that has them all, each switched on by its number."""

import re
from collections.abc import Collection, Mapping
from itertools import zip_longest
from pathlib import Path

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.files.plain_file import read_plain_text
from pulsewright.synth.mutants.mutant import Mutant, Part, part_of
from pulsewright.synth.tools.yosys import run_script

# Arguments of the simulator: the number of the fault that is on, and the clock cycles after which a
# simulation ends that does not by itself; without them there is no fault, and no end.
PLUSARG, CYCLES_PLUSARG = "mutant", "cycles"
DESIGN, PLANTED, BASE = "design.v", "planted.v", "base.il"
MOST_TEXT_BYTES = 1 << 28
_SELECTOR = "mutant_number"
_ARGUMENTS = f"""\
  reg [63:0] {_SELECTOR}_cycle = 0, {_SELECTOR}_cycles = 0;
  initial begin
    if (!$value$plusargs("{PLUSARG}=%d", {_SELECTOR})) {_SELECTOR} = 0;
    if (!$value$plusargs("{CYCLES_PLUSARG}=%d", {_SELECTOR}_cycles)) {_SELECTOR}_cycles = 0;
  end
  always @(posedge clk_i) begin
    {_SELECTOR}_cycle <= {_SELECTOR}_cycle + 1;
    if ({_SELECTOR}_cycle == {_SELECTOR}_cycles && {_SELECTOR}_cycles != 0) $finish;
  end"""
_MODULE = re.compile(r"^module (\w+)", re.MULTILINE)
# Contents that a memory starts with are data of a cell, which Yosys cannot change by a signal.
_UNCHANGED = "t:$meminit*"


def plant(
    verilog: str,
    top: str,
    count: int,
    seed: int,
    folder: Path,
    parts: Collection[Part] = tuple(Part),
) -> tuple[Mutant, ...]:
    """Choose at most `count` faults of the design, spread over these parts, and plant them.

    verilog, top: a design without files beside it. `folder` keeps the scripts of Yosys, the design
    as it was read (`BASE`), and the text with the faults (`PLANTED`), for `top` as it stands: its
    ports are the same.

    Raises:
        MissingPackageError: Yosys is not installed.
        ToolError: it refuses the design.
        PulsewrightError: there is nothing to change.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / DESIGN).write_text(verilog, encoding="utf-8")
    mutants = _chosen(verilog, top, count, seed, folder, parts)
    if not mutants:
        where = "" if set(parts) >= set(Part) else f" of {', '.join(part.value for part in parts)}"
        raise PulsewrightError(f"Yosys finds nothing to change in {top}{where}; see {folder}")
    bits = len(mutants).bit_length()
    run_script(
        [
            f"read_rtlil {BASE}",
            *(mutant.command(_SELECTOR, bits) for mutant in mutants),
            f"delete -input {top}/w:{_SELECTOR}",
            f"write_verilog -noattr {PLANTED}",
        ],
        folder,
        "plant",
    )
    planted = read_plain_text(folder / PLANTED, MOST_TEXT_BYTES)
    (folder / PLANTED).write_text(_selected(planted, bits), encoding="utf-8")
    return mutants


def shares(modules: Mapping[str, int], count: int) -> dict[str, int]:
    """How many faults each module gets. modules: lines of each; parts share alike.

    A part's share is spread over its modules by their lines, at least one each.
    """
    parts: dict[Part, list[str]] = {}
    for module in modules:
        parts.setdefault(part_of(module, None, ()), []).append(module)
    # A layer has its requantiser as well, which is chosen with it.
    weight = {part: 2 if part is Part.ENGINE else 1 for part in parts}
    found = {}
    for part, names in parts.items():
        own = count * weight[part] / sum(weight.values())
        lines = sum(modules[name] for name in names)
        for name in names:
            found[name] = max(1, round(own * modules[name] / lines))
    return found


def _chosen(
    verilog: str, top: str, count: int, seed: int, folder: Path, parts: Collection[Part]
) -> tuple[Mutant, ...]:
    """Those that Yosys lists, module after module taken in turn until there are enough."""
    lines = verilog.splitlines()
    starts = [(found[1], found.start()) for found in _MODULE.finditer(verilog)]
    ends = [start for _, start in starts[1:]] + [len(verilog)]
    sizes = {
        name: verilog.count("\n", start, end)
        for (name, start), end in zip(starts, ends, strict=True)
        if part_of(name, None, ()) in parts
        or (part_of(name, None, ()) is Part.ENGINE and Part.REQUANTISER in parts)
    }
    wanted = shares(sizes, count)
    # Large case tables stay statements: as memories they would have no cells to change. A choice of
    # which a fault makes two true means something as a tree; simulators would take the first one.
    commands = [f"read_verilog {DESIGN}", f"hierarchy -check -top {top}", "proc -norom"]
    commands.append("pmuxtree")
    for index, (module, number) in enumerate(wanted.items()):
        chosen = f"{module}/* {module}/{_UNCHANGED} %d"
        commands.append(f"mutate -list {number} -seed {seed} -o mutations_{index}.txt {chosen}")
    run_script([*commands, f"write_rtlil {BASE}"], folder, "choose")
    listed = [
        read_plain_text(path, MOST_TEXT_BYTES).splitlines() if path.exists() else []
        for path in (folder / f"mutations_{index}.txt" for index in range(len(wanted)))
    ]
    in_turn = (one for turn in zip_longest(*listed) for one in turn if one is not None)
    mutants: list[Mutant] = []
    for command in in_turn:
        mutant = Mutant.read(command, len(mutants) + 1, lines)
        if mutant.part in parts and len(mutants) < count:
            mutants.append(mutant)
    return tuple(mutants)


def _selected(planted: str, bits: int) -> str:
    """The text, in which the top's own register says which fault is on."""
    text, changed = re.subn(
        rf"^ *wire (\[{bits - 1}:0\] )?{_SELECTOR};$",
        rf"  reg \1{_SELECTOR};\n{_ARGUMENTS}",
        planted,
        count=1,
        flags=re.MULTILINE,
    )
    if not changed:
        raise PulsewrightError(f"Yosys' Verilog has no signal {_SELECTOR}")
    return text
