# SPDX-License-Identifier: Apache-2.0
"""`report.html` of a study."""

from collections.abc import Iterable, Mapping, Sequence

from pulsewright.flow.report.page.html_tables import table_document
from pulsewright.flow.report.page.page_section import Choice, Fact, PageSection, TextBlock
from pulsewright.flow.report.page.template import results_page
from pulsewright.flow.report.result_table import ResultTable
from pulsewright.flow.study.fronts import costs_of, points_of_split
from pulsewright.flow.study.page_figures import front_figure, width_figure
from pulsewright.flow.study.study_file import StudyFile
from pulsewright.flow.study.summary import WORDS, front_table, words
from pulsewright.quant.splits import SplitKind
from pulsewright.quant.studies.points import Point
from pulsewright.quant.studies.study import StudyResult


def study_page(
    file: StudyFile,
    points: Sequence[Point],
    result: StudyResult,
    recipes: Mapping[int, str],
    tables: Iterable[ResultTable],
    command: str,
) -> str:
    """The page of a finished study.

    recipes: text by `id` of the point. tables: those beside the fronts'. command: what made it.
    """
    kinds = [kind for kind in SplitKind if points_of_split(points, kind)]
    return results_page(
        file.name,
        f"{len(points)} configurations on {file.data.source.value} curves.",
        _facts(file, points, result),
        [
            *(_section(points_of_split(points, kind), kind, result, recipes) for kind in kinds),
            PageSection("tables", "Tables", tables=[table_document(one) for one in tables]),
        ],
        command,
    )


def _facts(file: StudyFile, points: Sequence[Point], result: StudyResult) -> list[Fact]:
    best = min(points, key=lambda point: float(point["integer_mse"]))
    trained = sum(len(point.seeds) for point in points)
    failed = len(result.rows) - trained
    varied = [column for column in WORDS if len({point[column] for point in points}) > 1]
    return [
        Fact("configurations", f"{len(points)}"),
        Fact("seeds", f"{len(file.seeds)}"),
        Fact("failed trainings", f"{failed}", "bad" if failed else "good"),
        Fact("initiation interval", f"{file.initiation_interval} cycles"),
        Fact("least test MSE", f"{best['integer_mse']:.5f}: {words(best, varied)}"),
    ]


def _section(
    points: Sequence[Point], kind: SplitKind, result: StudyResult, recipes: Mapping[int, str]
) -> PageSection:
    """Fronts, recipes of their points, and accuracy by bit width of each network."""
    texts = [
        (point, TextBlock(f"{words(point)}, {point['integer_mse']:.5f}", recipes[id(point)]))
        for point in sorted(points, key=lambda point: float(point["integer_mse"]))
        if id(point) in recipes
    ]
    places = {id(point): place for place, (point, _) in enumerate(texts)}
    fronts = [front_figure(points, kind, cost, result, places) for cost in costs_of(points)]
    widths = [
        width_figure([one for one in points if one["network"] == network], network, kind)
        for network in dict.fromkeys(point["network"] for point in points)
    ]
    choice = Choice(f"recipe-{kind.value}", "Recipe of", [text for _, text in texts])
    return PageSection(
        f"split-{kind.value}",
        f"Split by {kind.value}",
        figures=[*fronts, *(one for one in widths if one is not None)],
        tables=[table_document(front_table(points, kind))],
        choice=choice if texts else None,
    )
