# SPDX-License-Identifier: Apache-2.0
"""The bitstream of a board's top level: mapped, looked at, placed, timed, packed."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.files.plain_file import read_plain_text
from pulsewright.synth.boards.board import Board
from pulsewright.synth.boards.constraints import constraint_suffix, constraints
from pulsewright.synth.fpga.mapping import MappedDesign, map_design
from pulsewright.synth.fpga.routing import MOST_REPORT_BYTES
from pulsewright.synth.fpga.targets import ECP5, Resource
from pulsewright.synth.tools.yowasp import ECPPACK, ICEPACK


class Bitstream(BaseModel):
    """What was made.

    file: its name in the folder. size: in bytes. resources: what the design takes.
    multipliers_in_logic: they are look-up tables, since there are not enough DSP blocks. megahertz:
    highest clock frequency of the placement that is in it, from `seed`.
    """

    model_config = ConfigDict(extra="forbid")

    file: str
    size: int
    resources: MappedDesign
    multipliers_in_logic: bool
    megahertz: float
    seed: int


def make_bitstream(
    verilog: str,
    module: str,
    board: Board,
    seeds: Sequence[int],
    folder: Path,
    advance: Callable[[], None] = lambda: None,
) -> Bitstream:
    """Make the bitstream of `module` in `folder`, which keeps netlists, constraints and logs.

    seeds: of placements, which are tried until one meets the board's clock. advance: called after
    each.

    Raises:
        MissingPackageError: a tool is not installed.
        PulsewrightError: the design does not fit the board, or not its clock.
        ToolError: a tool refuses the design.
    """
    resources, in_logic = _mapped(verilog, module, board, folder)
    suffix = constraint_suffix(board)
    (folder / f"{module}{suffix}").write_text(constraints(board), encoding="utf-8")
    reached: dict[int, float] = {}
    for seed in seeds:
        reached[seed] = _placed(module, board, seed, folder)
        advance()
        if reached[seed] >= board.megahertz:
            break
    else:
        raise PulsewrightError(
            f"{module} reaches {max(reached.values()):.1f} MHz in the best of {len(reached)} "
            f"placements, and the clock of {board.title} has {board.megahertz:g} MHz; fold the "
            'network to fewer multipliers, or set pipeline = "deep" in [engine]'
        )
    file = _packed(module, board, folder)
    return Bitstream(
        file=file.name,
        size=file.stat().st_size,
        resources=resources,
        multipliers_in_logic=in_logic,
        megahertz=reached[seed],
        seed=seed,
    )


def _mapped(verilog: str, module: str, board: Board, folder: Path) -> tuple[MappedDesign, bool]:
    """What it takes, and whether multipliers are logic, for want of DSP blocks."""
    mapped = map_design(verilog, module, module, board.target, board.device, folder)
    in_logic = mapped.dsps > board.capacity[Resource.DSP]
    if in_logic:
        mapped = map_design(verilog, module, module, board.target, board.without_dsp, folder)
    taken = {
        Resource.LUT: ("LUT", mapped.luts_with_carries),
        Resource.FLIP_FLOP: ("FF", mapped.flip_flops),
        Resource.BLOCK_RAM: ("BRAM", mapped.block_rams),
    }
    beyond = [
        f"{count} {name} of {board.capacity[resource]}"
        for resource, (name, count) in taken.items()
        if count > board.capacity[resource]
    ]
    if beyond:
        raise PulsewrightError(
            f"{module} does not fit {board.title}, it takes {', '.join(beyond)}; fold the network "
            "to fewer multipliers, or take another board"
        )
    return mapped, in_logic


def _placed(module: str, board: Board, seed: int, folder: Path) -> float:
    """Clock frequency in MHz of a placement, which is left for the packer."""
    router = board.target.router
    assert router is not None
    suffix, report = constraint_suffix(board), f"seed_{seed}.report.json"
    arguments = [
        *board.device.placing,
        *("--json", f"{module}.json", suffix.replace(".", "--"), f"{module}{suffix}"),
        "--textcfg" if board.target is ECP5 else "--asc",
        _placement(module, board),
        *("--report", report, "--seed", str(seed), "--freq", f"{board.megahertz:g}"),
        # Told as a sentence of our own.
        *("--timing-allow-fail", "--quiet"),
    ]
    router.run(arguments, folder / f"seed_{seed}.log")
    document = json.loads(read_plain_text(folder / report, MOST_REPORT_BYTES))
    (clock,) = document["fmax"].values()
    return float(clock["achieved"])


def _packed(module: str, board: Board, folder: Path) -> Path:
    packer, suffix, options = (
        (ECPPACK, ".bit", ("--compress",)) if board.target is ECP5 else (ICEPACK, ".bin", ())
    )
    file = folder / f"{module}{suffix}"
    packer.run([*options, _placement(module, board), file.name], folder / "packer.log")
    return file


def _placement(module: str, board: Board) -> str:
    return f"{module}.config" if board.target is ECP5 else f"{module}.asc"
