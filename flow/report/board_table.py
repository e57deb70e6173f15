# SPDX-License-Identifier: Apache-2.0
"""What an image of a board takes, how fast it is, and how large, as a table."""

from pulsewright.firmware.host.pulsewright_board import Comparison
from pulsewright.flow.report.result_table import Column, ResultTable, decimals, words
from pulsewright.flow.steps.board import BoardResult
from pulsewright.synth.boards.board import Board


def board_table(name: str, board: Board, result: BoardResult) -> ResultTable:
    """One row. name: the recipe's."""
    made = result.bitstream
    taken = made.resources
    multipliers = "in logic" if made.multipliers_in_logic else "in DSP blocks"
    tools = ", ".join(f"{tool} {version}" for tool, version in result.versions.items())
    return ResultTable(
        "board",
        f"{name} on {board.title}",
        (
            words("board", "board"),
            Column("luts_with_carries", "LUT in all"),
            Column("flip_flops", "FF"),
            Column("dsps", "DSP"),
            Column("block_rams", "BRAM"),
            Column("clock_megahertz", "clock, MHz", decimals(1)),
            Column("megahertz", "reaches, MHz", decimals(1)),
            Column("baud", "baud"),
            Column("bitstream_bytes", "bitstream, bytes"),
        ),
        [
            (
                board.name,
                taken.luts_with_carries,
                taken.flip_flops,
                taken.dsps,
                taken.block_rams,
                board.megahertz,
                made.megahertz,
                result.baud,
                made.size,
            )
        ],
        f"Multipliers {multipliers}; seed {made.seed}; {tools}.",
    )


def comparison_table(found: Comparison) -> ResultTable:
    """What a board showed."""
    columns = (
        Column("rows", "rows"),
        Column("mismatches", "mismatches"),
        Column("first_mismatch", "first"),
        Column("repeats", "requests repeated"),
        Column("seconds", "seconds", decimals(1)),
    )
    return ResultTable("on_board", "Rows on the board", columns, [tuple(found)])
