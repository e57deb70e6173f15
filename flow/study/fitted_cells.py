# SPDX-License-Identifier: Apache-2.0
"""Columns of a study that are fitted to what synthesis made of some of its engines."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from rich.console import Console

from pulsewright.flow.report.result_table import Column, ResultTable, decimals
from pulsewright.flow.report.result_table import words as column_of_words
from pulsewright.flow.steps.cells import ChosenCells
from pulsewright.flow.steps.fpga import ChosenFpga
from pulsewright.flow.study.mapped_samples import (
    ENERGY_FIGURES,
    Figure,
    figures_of,
    mapped_samples,
)
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.schedule.folding_search import cheapest_folding
from pulsewright.quant.studies.points import Point
from pulsewright.quant.studies.study import Study
from pulsewright.synth.estimate.fit import Fit, spread_out
from pulsewright.synth.estimate.shape import ENERGY_TERMS, TERMS, EngineShape

# One that is left out is told by as many as there are terms.
FEWEST_SAMPLES = len(TERMS) + 1


class SampledTarget(NamedTuple):
    """What the engines of a study are mapped to, and of how many of them.

    rows: whose energy is counted in each; none if 0. synthesise_front: whether the recipes of the
    fronts are synthesised themselves.
    """

    chosen: ChosenFpga | ChosenCells
    samples: int
    rows: int = 0
    synthesise_front: bool = False

    def check(self, study: Study) -> None:
        """Refuse, before anything is trained, what no fit can be made of.

        Raises:
            PulsewrightError: too few samples are asked for, or the study has too few engines.
        """
        if self.samples < FEWEST_SAMPLES:
            raise PulsewrightError(
                f"--samples {self.samples}: a fit has {len(TERMS)} terms; ask for "
                f"{FEWEST_SAMPLES} or more"
            )
        _different(shape_of(one.columns()) for one in study.configurations().values())


class FittedCells(NamedTuple):
    """The points with their new columns, and the fit of each figure."""

    points: list[Point]
    fits: dict[Figure, Fit]


def shape_of(point: Point | Mapping[str, Any]) -> EngineShape | None:
    """Sizes and widths of a configuration's engine; None if its requantisers multiply.

    point: its columns.
    """
    if "float" in f"{point['weight_scales']} {point['activation_scales']}":
        return None
    sizes = _numbers(point["layers"])
    layers = len(sizes) - 1
    activations = _numbers(point["activation_bits"])
    return EngineShape(
        sizes,
        _by_layer(_numbers(point["weight_bits"]), layers),
        point["input_bits"],
        _by_layer(activations, layers - 1),
    )


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split("-")))


def _by_layer(widths: tuple[int, ...], layers: int) -> tuple[int, ...]:
    return widths * layers if len(widths) == 1 else widths


def _different(shapes: Iterable[EngineShape | None]) -> list[EngineShape]:
    different = list(dict.fromkeys(shape for shape in shapes if shape is not None))
    if len(different) < FEWEST_SAMPLES:
        raise PulsewrightError(
            f"--target fits {len(TERMS)} terms to engines of different sizes and widths whose "
            f"scales are powers of two, and the study has {len(different)} of them; it takes "
            f"{FEWEST_SAMPLES}"
        )
    return different


def with_fitted_cells(
    points: Sequence[Point], interval: int, target: SampledTarget, folder: Path, console: Console
) -> FittedCells:
    """Map some of the engines, and tell the cells of all from them.

    Engines whose requantisers multiply have no such columns: no sample has one.

    Raises:
        PulsewrightError: the study has too few different engines, a tool is missing, or refuses a
            design or the library.
    """
    shapes = [shape_of(point) for point in points]
    different = _different(shapes)
    terms = {shape: shape.terms(cheapest_folding(shape.sizes, interval)) for shape in different}
    places = spread_out(list(terms.values()), target.samples)
    samples = [different[place] for place in places]
    rows = mapped_samples(samples, interval, target.chosen, folder, console, target.rows)
    terms_by_figure = dict.fromkeys(figures_of(target.chosen), terms)
    if target.rows:
        spent = {
            shape: shape.energy_terms(cheapest_folding(shape.sizes, interval))
            for shape in different
        }
        terms_by_figure |= dict.fromkeys(ENERGY_FIGURES, spent)
    fits = {
        figure: Fit.of([ours[one] for one in samples], [row[figure.name] for row in rows])
        for figure, ours in terms_by_figure.items()
    }
    told = [
        {}
        if shape is None
        else {one.column: fit.value(terms_by_figure[one][shape]) for one, fit in fits.items()}
        for shape in shapes
    ]
    fitted = [
        replace(point, columns=point.columns | columns)
        for point, columns in zip(points, told, strict=True)
    ]
    return FittedCells(fitted, fits)


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def fit_tables(target: str, fits: dict[Figure, Fit]) -> list[ResultTable]:
    """What each figure is a sum of, and how far off samples were that their fit had not seen."""
    cells = {one: fit for one, fit in fits.items() if one not in ENERGY_FIGURES}
    energies = {one: fit for one, fit in fits.items() if one in ENERGY_FIGURES}
    tables = [_fit_table("fits", f"Cells on {target}", cells, TERMS)]
    if energies:
        title = f"Energy of an inference in cells of {target}"
        tables.append(_fit_table("energy_fits", title, energies, ENERGY_TERMS))
    return tables


def _fit_table(name: str, title: str, fits: dict[Figure, Fit], terms: Sequence[str]) -> ResultTable:
    return ResultTable(
        name,
        f"{title}, fitted to engines that were mapped",
        (
            column_of_words("figure", "figure"),
            Column("samples", "samples"),
            Column("median_error", "median error", _percent),
            Column("worst_error", "worst", _percent),
            *(Column(f"term_{number}", term, decimals(5)) for number, term in enumerate(terms)),
        ),
        [
            (figure.title, fit.samples, fit.median_error, fit.worst_error, *fit.weights)
            for figure, fit in fits.items()
        ],
        "errors: of each sample, told by a fit to the others. Samples have the sizes and widths of "
        "the study, and drawn weights.",
    )
