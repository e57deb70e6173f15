# SPDX-License-Identifier: Apache-2.0
"""How the programming of an array grows with its side: reads, time, and where the energy goes."""

from collections.abc import Sequence
from itertools import product
from typing import NamedTuple

from pulsewright.flow.closed_loop.results import HISTORY, REFERENCE
from pulsewright.flow.closed_loop.settings import ClosedLoopSettings
from pulsewright.flow.closed_loop.tables import percent
from pulsewright.flow.progress import Advance, tracked
from pulsewright.flow.report.csv_tables import Line
from pulsewright.flow.report.result_table import Column, ResultTable, decimals, words
from pulsewright.hls_model.closed_loop.decision import decision_workload
from pulsewright.hls_model.energy.figures import energy_totals, tier1
from pulsewright.hls_model.energy.table import EnergyTable
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.folding_search import fastest_folding
from pulsewright.quant.closed_loop.array import ArrayFigures, RowBursts, program_array
from pulsewright.quant.closed_loop.controllers import Family
from pulsewright.quant.closed_loop.trials import MeasuredDevices

# Of the engine whose operations tier 2 counts, as in recipes/history_int8.toml.
MULTIPLIERS = 24
INFERENCES = 2
PICO = 1e-12
TITLES = {RowBursts.OWN: "own", RowBursts.COMMON: "least of the row"}


class CoprocessorJoules(NamedTuple):
    """Of one decision, two inferences, by the paper's estimate and by the default table."""

    tier1: float
    tier2: float


NO_COPROCESSOR = CoprocessorJoules(0.0, 0.0)


class ArrayLine(NamedTuple):
    """An array's figures by one controller, and what its coprocessor takes for a decision."""

    controller: str
    figures: ArrayFigures
    decision: CoprocessorJoules

    @property
    def coprocessor_joules(self) -> CoprocessorJoules:
        """Mean over cells."""
        return CoprocessorJoules(*(self.figures.decisions * one for one in self.decision))

    @property
    def array_joules(self) -> float:
        """Of the whole array: pulses, reads, and the coprocessor by tier 1."""
        one = self.figures
        cell = one.pulse_joules + one.read_joules + self.coprocessor_joules.tier1
        return cell * one.side**2

    @property
    def array_seconds(self) -> float:
        """Of the whole array, row by row."""
        return self.figures.row_seconds * self.figures.side


def array_lines(
    devices: MeasuredDevices,
    families: Sequence[Family],
    model: IntegerMlp,
    settings: ClosedLoopSettings,
    show: Advance,
) -> list[ArrayLine]:
    """Arrays of standard-pulse devices by the network and by the untuned extrapolation.

    model: any of the networks, all of one shape. Without devices of the standard pulse that can be
    used there is no line.
    """
    quality = devices.quality
    chosen = devices.standard & ~(quality.coarse | quality.dead | quality.spoilt)
    if not chosen.any():
        return []
    decision = decision_joules(model)
    compared = [family for family in families if family.name in (HISTORY, REFERENCE)]
    arrays = list(product(settings.array_sides, RowBursts, compared))
    return [
        ArrayLine(
            family.name,
            program_array(
                devices,
                chosen,
                side,
                family.members[family.usual],
                settings.training.seed,
                bursts,
                settings.read_voltage,
            ),
            decision if family.name == HISTORY else NO_COPROCESSOR,
        )
        for side, bursts, family in tracked(arrays, show)
    ]


def decision_joules(model: IntegerMlp) -> CoprocessorJoules:
    """Of two inferences: tier 1, and tier 2 by the default table with constant weights."""
    engine = fastest_folding(model.sizes, MULTIPLIERS)
    table = EnergyTable.load()
    total, *_ = energy_totals(model, engine, table, [decision_workload(engine)])
    return CoprocessorJoules(
        INFERENCES * tier1(model.sizes).picojoule * PICO, total.picojoule * PICO
    )


def array_table(lines: Sequence[ArrayLine]) -> ResultTable:
    """Reads and pulses, one row an array, controller and kind of bursts."""
    return ResultTable(
        "arrays",
        "Arrays of standard-pulse devices, random levels, programmed row by row",
        (
            *_HEAD,
            Column("reads", "reads a cell", decimals(2)),
            Column("pulses", "pulses a cell", decimals(1)),
            Column("overshoot", "over", percent),
            Column("row_reads", "reads a row", decimals(2)),
            Column("row_pulses", "pulse slots a row", decimals(1)),
        ),
        [
            (*_head(line), one.reads, one.pulses, one.overshoot, one.row_reads, one.row_pulses)
            for line in lines
            for one in [line.figures]
        ],
    )


def array_energy_table(lines: Sequence[ArrayLine], read_voltage: float) -> ResultTable:
    """Time and energy of the same arrays."""
    return ResultTable(
        "array_energy",
        f"The same arrays: time and energy, for currents read at {read_voltage:g} V",
        (
            *_HEAD,
            Column("row_seconds", "s a row", decimals(2)),
            Column("cell_seconds", "s, cell by cell", decimals(1)),
            Column("array_seconds", "s an array", decimals(0)),
            Column("pulse_joules", "pulses, uJ a cell", micro),
            Column("read_joules", "reads, uJ a cell", micro),
            Column("coprocessor_tier1_joules", "coprocessor, tier 1, nJ a cell", nano),
            Column("coprocessor_tier2_joules", "tier 2, nJ a cell", nano),
            Column("array_joules", "mJ an array", milli),
        ),
        [
            (
                *_head(line),
                one.row_seconds,
                one.cell_seconds,
                line.array_seconds,
                one.pulse_joules,
                one.read_joules,
                *line.coprocessor_joules,
                line.array_joules,
            )
            for line in lines
            for one in [line.figures]
        ],
    )


def array_csv(lines: Sequence[ArrayLine]) -> list[Line]:
    """One line an array, controller and kind of bursts."""
    return [
        {
            "controller": line.controller,
            **line.figures._asdict(),
            **{
                f"coprocessor_{name}_joules": joules
                for name, joules in line.coprocessor_joules._asdict().items()
            },
            "array_seconds": line.array_seconds,
            "array_joules": line.array_joules,
        }
        for line in lines
    ]


_HEAD = (words("array", "array"), words("controller", "controller"), words("bursts", "bursts"))


def _head(line: ArrayLine) -> tuple[str, str, str]:
    side = line.figures.side
    return f"{side} x {side}", line.controller, TITLES[RowBursts(line.figures.bursts)]


def milli(joules: float) -> str:
    """Thousandths with three digits."""
    return f"{1e3 * joules:.3g}"


def micro(joules: float) -> str:
    """Millionths with two decimals."""
    return f"{1e6 * joules:.2f}"


def nano(joules: float) -> str:
    """Billionths with three digits."""
    return f"{1e9 * joules:.3g}"
