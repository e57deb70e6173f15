# SPDX-License-Identifier: Apache-2.0
"""The command that makes the image of a board, and tries it on one that is connected."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pulsewright.flow.commands import completion
from pulsewright.flow.commands.guarded import guarded
from pulsewright.flow.commands.option_groups import with_option_groups
from pulsewright.flow.commands.options import AsJson, BuildOptions, RecipeFile, open_workspace
from pulsewright.flow.errors import VerificationError
from pulsewright.flow.order import NETWORKS, make
from pulsewright.flow.output import Output, command_output
from pulsewright.flow.workspace import Workspace
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.python_packages import check_packages

if TYPE_CHECKING:
    from pulsewright.flow.steps.board import ChosenBoard

BoardName = Annotated[
    str,
    typer.Option("--board", help="ulx3s or icebreaker.", autocompletion=completion.boards),
]
Baud = Annotated[int, typer.Option("--baud", help="Of the serial line.")]
Port = Annotated[
    str | None,
    typer.Option("--port", help="Serial port of a board that holds the image, to be tried."),
]
RowsFile = Annotated[
    Path | None,
    typer.Option("--rows", help="CSV file with columns input_0, ...; else the image's rows.csv."),
]


@guarded
@with_option_groups
def board(
    recipe: RecipeFile,
    board: BoardName,
    baud: Baud = 115_200,
    port: Port = None,
    rows: RowsFile = None,
    *,
    options: BuildOptions,
    as_json: AsJson = False,
) -> None:
    """Image of an FPGA board: bitstream, program of its host, rows; and its results on one."""
    from pulsewright.flow.report.board_table import board_table
    from pulsewright.flow.steps.board import ChosenBoard, board_step
    from pulsewright.synth.boards.board import known_board
    from pulsewright.synth.boards.serial_timing import serial_timing

    known = known_board(board)
    chosen = ChosenBoard(known, serial_timing(baud, known.hertz, known.name))
    if rows is not None and port is None:
        raise PulsewrightError(f"--rows {rows} is for a board that is connected; give its --port")
    if port is not None:
        check_packages(["serial"])
    with (
        command_output("board", as_json, options.quiet) as output,
        open_workspace(recipe, options, output.console) as workspace,
    ):
        make(workspace, *NETWORKS, later=chosen.packages)
        result = board_step(workspace, chosen)
        output.table(board_table(workspace.recipe.name, known, result))
        image = chosen.image(workspace)
        output.file("image", image, "image")
        if port is None:
            bitstream = image / result.bitstream.file
            output.sentence(f"Load it with {known.load} {bitstream}, then give --port.")
        else:
            _try(output, workspace, chosen, port, rows)


def _try(
    output: Output, workspace: Workspace, chosen: "ChosenBoard", port: str, file: Path | None
) -> None:
    """Rows through the board, compared with the integer model."""
    import json

    import numpy as np

    from pulsewright.firmware.host import pulsewright_board as host
    from pulsewright.flow.report.board_table import comparison_table
    from pulsewright.flow.steps.board import expected_rows

    folder = chosen.image(workspace)
    image = json.loads((folder / "image.json").read_text(encoding="utf-8"))
    try:
        given = host.read_rows(file or folder / "rows.csv", expected_needed=False)
        host.check_rows(image, given)
        rows = expected_rows(workspace.model, np.array([row.codes for row in given]))
        found = host.compare_on_board(host.open_port(port, image), image, rows)
    except host.BoardError as error:
        raise PulsewrightError(str(error)) from error
    output.lines(comparison_table(found), [found.sentence])
    if found.mismatches:
        raise VerificationError(f"the board at {port} differs from the model: {found.sentence}")
