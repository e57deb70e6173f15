# SPDX-License-Identifier: Apache-2.0
"""The step from the integer model to the image of a board, with its host's program and rows."""

import csv
import io
import json
from functools import partial
from itertools import count
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

from pulsewright.firmware.host import pulsewright_board
from pulsewright.flow.progress import progress_bar
from pulsewright.flow.results_file import load_result
from pulsewright.flow.steps import settings
from pulsewright.flow.steps.packages import GENERATOR
from pulsewright.flow.steps.step import Step
from pulsewright.flow.steps.stimulus import stimulus
from pulsewright.flow.steps.synthesised import write_result
from pulsewright.flow.steps.unused_options import say_unused_options
from pulsewright.flow.workspace import Workspace
from pulsewright.hls_model.files.atomic_write import write_folder
from pulsewright.hls_model.files.checksums import with_checksums
from pulsewright.hls_model.files.fresh_folder import fresh_folder
from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.synth.boards.bitstream import Bitstream, make_bitstream
from pulsewright.synth.boards.board import Board
from pulsewright.synth.boards.board_top import board_top
from pulsewright.synth.boards.constraints import constraint_suffix
from pulsewright.synth.boards.serial_timing import SerialTiming
from pulsewright.synth.tools.yowasp import YOSYS

SUMMARY = "board.json"
# Placements that are tried until one meets the clock.
SEEDS = (1, 2, 3)
MOST_ROWS = 1000


class BoardResult(BaseModel):
    """What was made for a board. rows: in rows.csv. versions: of the tools."""

    model_config = ConfigDict(extra="forbid")

    board: str
    baud: int
    rows: int
    bitstream: Bitstream
    versions: dict[str, str]


class ChosenBoard(NamedTuple):
    """A board and the bits of its serial line."""

    board: Board
    timing: SerialTiming

    @property
    def packages(self) -> tuple[str, ...]:
        """Import names of what makes the image."""
        router = self.board.target.router
        assert router is not None
        return (*GENERATOR, YOSYS.package, router.package)

    @property
    def versions(self) -> dict[str, str]:
        """Of the tools."""
        router = self.board.target.router
        assert router is not None
        return {"yosys": YOSYS.version, "nextpnr": router.version}

    def folder(self, workspace: Workspace) -> Path:
        """Where the image is, and the scripts, netlists and logs that it was made with."""
        return workspace.folder / "board" / self.board.name

    def image(self, workspace: Workspace) -> Path:
        """What goes to whoever has the board."""
        return self.folder(workspace) / "image"

    def module(self, workspace: Workspace) -> str:
        """Of the top level."""
        return f"{workspace.recipe.name}_{self.board.name}"


def board_step(workspace: Workspace, chosen: ChosenBoard) -> BoardResult:
    """Make the image unless it is there; what it is.

    Raises:
        PulsewrightError: a tool is missing, or the design does not fit the board or its clock.
    """
    say_unused_options(workspace, chosen.board.title)
    summary = chosen.folder(workspace) / SUMMARY
    Step(
        f"board_{chosen.board.name}",
        shows=f"an image for {chosen.board.title}",
        outputs=lambda w: [summary, chosen.image(w)],
        work=partial(_make, chosen=chosen),
        code=lambda w: ["pulsewright.flow.steps.board"],
        inputs=lambda w: [w.model_file, *settings.data_files(w)],
        settings=lambda w: {
            **settings.engine(w),
            **settings.chosen_rows(w),
            "baud": chosen.timing.baud,
            "versions": chosen.versions,
        },
    ).take(workspace)
    return load_result(summary, BoardResult)


def expected_rows(model: IntegerMlp, codes: IntegerArray) -> list[pulsewright_board.Row]:
    """Rows of codes (rows, inputs) with what the integer model has for them."""
    expected = model.infer(codes)
    return [
        pulsewright_board.Row(*row) for row in zip(codes.tolist(), expected.tolist(), strict=True)
    ]


def rows_text(rows: list[pulsewright_board.Row]) -> str:
    """A CSV file of rows, one or more, as the host's program reads it."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    inputs, results = len(rows[0].codes), len(rows[0].expected)
    writer.writerow(
        [*(f"input_{i}" for i in range(inputs)), *(f"expected_{i}" for i in range(results))]
    )
    writer.writerows([*row.codes, *row.expected] for row in rows)
    return text.getvalue()


def _make(workspace: Workspace, chosen: ChosenBoard) -> None:
    from pulsewright.rtl.uart.host_image import host_image
    from pulsewright.rtl.uart_top import UartTop
    from pulsewright.rtl.verilog.hex_files import write_hex_folder
    from pulsewright.rtl.verilog.writer import verilog_files

    recipe, board, timing = workspace.recipe, chosen.board, chosen.timing
    folder, module = fresh_folder(chosen.folder(workspace)), chosen.module(workspace)
    top = UartTop(workspace.model, workspace.folded)
    core = f"{recipe.name}_uart"
    text, hex_files = verilog_files(top, core, recipe.name, recipe.engine.tables)
    verilog = text + "\n" + board_top(module, core, board, timing)
    write_hex_folder(folder / "hex", hex_files)
    finished = count(1)
    with progress_bar(workspace.console, f"placing on {board.title}", "seeds") as show:
        show(0, len(SEEDS))
        bitstream = make_bitstream(
            verilog, module, board, SEEDS, folder, lambda: show(next(finished), len(SEEDS))
        )
    rows = expected_rows(workspace.model, stimulus(workspace, "test")[:MOST_ROWS])
    image = host_image(top.coprocessor.register_map, workspace.model)
    line = {"baud": timing.baud, "timeout_seconds": timing.timeout_seconds(_job_cycles(workspace))}
    constraint_file = f"{module}{constraint_suffix(board)}"
    contents = {
        bitstream.file: (folder / bitstream.file).read_bytes(),
        f"{module}.v": verilog.encode(),
        constraint_file: (folder / constraint_file).read_bytes(),
        "image.json": json.dumps({"board": board.name, **line, **image}, indent=1).encode(),
        "rows.csv": rows_text(rows).encode(),
        "pulsewright_board.py": Path(pulsewright_board.__file__).read_bytes(),
    }
    write_folder(chosen.image(workspace), with_checksums(contents))
    result = BoardResult(
        board=board.name,
        baud=timing.baud,
        rows=len(rows),
        bitstream=bitstream,
        versions=chosen.versions,
    )
    write_result(folder / SUMMARY, result)


def _job_cycles(workspace: Workspace) -> int:
    """More than the clock cycles that an access waits: two jobs, and vectors that go in steps."""
    folded = workspace.folded
    return 4 * (folded.latency + folded.initiation_interval + 1)
