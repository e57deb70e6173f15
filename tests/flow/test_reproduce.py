# SPDX-License-Identifier: Apache-2.0
import csv
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from pulsewright.flow.output import Output
from pulsewright.flow.recipe_sections import TrainingSection
from pulsewright.flow.report.result_table import Column, ResultTable, words
from pulsewright.flow.reproduce import training
from pulsewright.flow.reproduce.csv_files import write_csv_files
from pulsewright.flow.reproduce.error_carriers import carrier_sentences, carriers
from pulsewright.flow.reproduce.everything import reproduce
from pulsewright.flow.reproduce.grids import markdown_table
from pulsewright.flow.reproduce.report import report_text
from pulsewright.flow.reproduce.results import Results, check_rows
from pulsewright.flow.reproduce.settings import ReproductionSettings
from pulsewright.flow.reproduce.squared_errors import milli
from pulsewright.flow.reproduce.tables import (
    curve_grid,
    fraction_grid,
    split_grid,
    summary_grids,
)
from pulsewright.flow.reproduce.tasks import Point, Protocol, points, tasks
from pulsewright.flow.reproduce.verdicts import verdicts
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.quant.datasets.pulse_curves import PulseCurves
from pulsewright.quant.datasets.synthetic import synthetic_curves
from pulsewright.quant.paper.protocol import PublishedTraining
from pulsewright.quant.paper.targets import Target
from pulsewright.quant.settings import FloatTraining
from pulsewright.quant.splits import SplitKind
from pulsewright.quant.studies.cluster import ClusterOptions

IN_PROCESS = ClusterOptions(None, 0)
SETTINGS = ReproductionSettings(
    networks=("A1", "A2"),
    seeds=(42, 0),
    own_seeds=(0,),
    own_networks=("A1",),
    level_rows=(0.001, 0.1, 1.0),
    level_unseen=(1.0,),
    increment_rows=(0.1, 1.0),
    increment_unseen=(),
    published=PublishedTraining(epochs=2),
    own=TrainingSection(
        float=FloatTraining(epochs=2, growth=1), float_unseen=FloatTraining(epochs=2, growth=1)
    ),
)
CURVES = synthetic_curves(0, curves=40)


def to(file: StringIO) -> Output:
    return Output(console=Console(file=file, width=80))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The folder of a small reproduction and what it printed."""
    folder = tmp_path_factory.mktemp("reproduction")
    printed = StringIO()
    reproduce(CURVES, "synthetic", folder, IN_PROCESS, to(printed), SETTINGS)
    return folder, printed.getvalue()


@pytest.fixture(scope="module")
def results(made: tuple[Path, str]) -> Results:
    rows = training.trained_rows(CURVES, SETTINGS, made[0], IN_PROCESS, Console())
    return Results(CURVES, "synthetic", measured=False, settings=SETTINGS, rows=rows)


def lines(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_files(made: tuple[Path, str]) -> None:
    folder, _ = made
    for name in ("fig_4b.png", "splits.png", "fig_5.png"):
        assert (folder / name).read_bytes().startswith(b"\x89PNG")
    assert not list(folder.glob("*.part"))
    assert "synthetic curves" in (folder / "reproduction.md").read_text(encoding="utf-8")


def test_table_2_is_exact(made: tuple[Path, str]) -> None:
    folder, printed = made
    table = lines(folder / "table_2.csv")
    assert [line["flop"] for line in table] == ["896", "9088", "17280"]
    assert [line["flop"] for line in table] == [line["flop_paper"] for line in table]
    for line in table:
        assert f"{float(line['nanojoule']):.3g}" == line["nanojoule_paper"]
    for figure in ("896", "9088", "17280", "8.33", "84.5", "161"):
        assert figure in printed


def test_tables_fit_the_terminal_uncut(made: tuple[Path, str]) -> None:
    assert "…" not in made[1]
    assert max(map(len, made[1].splitlines()[:-1])) <= 80


def test_summary_is_that_of_the_seeds(made: tuple[Path, str]) -> None:
    summary, seeds = lines(made[0] / "fig_4b.csv"), lines(made[0] / "fig_4b_seeds.csv")
    names = ("protocol", "split", "target", "model", "fraction")
    for line in summary:
        own = [
            float(one["test_mse"])
            for one in seeds
            if all(one[name] == line[name] for name in names)
        ]
        assert len(own) == int(line["seeds"])
        assert float(line["test_mse_mean"]) == pytest.approx(np.mean(own), rel=1e-5)
        assert float(line["test_mse_least"]) == min(own)
        assert float(line["test_mse_most"]) == max(own)
    papers = {
        (line["model"], line["fraction"]): line["test_mse_paper"]
        for line in summary
        if line["test_mse_paper"]
    }
    assert papers == {
        ("A1", "0.001"): "0.07",
        ("A2", "0.001"): "0.06",
        ("A1", "1"): "0.006-0.008",
        ("A2", "1"): "0.006-0.008",
    }


def test_whole_curves(made: tuple[Path, str]) -> None:
    table = lines(made[0] / "fig_5.csv")
    assert {(line["fraction"], line["paper"]) for line in table} == {
        ("0.001", "0.0286"),
        ("0.1", "0.0008"),
        ("1", ""),
    }
    example = lines(made[0] / "fig_5_curves.csv")
    assert [line["pulse_number"] for line in example] == [str(n) for n in range(100)]
    given = CURVES.targets.reshape(40, 100)[int(example[0]["curve"])]
    assert np.allclose([float(line["given"]) for line in example], given, atol=1e-5)
    assert "A2_increment_0.1" in example[0]


def test_a_second_run_trains_nothing_and_writes_the_same(
    made: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, _ = made
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    def refuse(*_: object) -> None:
        raise AssertionError("trained again")

    for name in ("published_point", "own_point", "ridge_point"):
        monkeypatch.setattr(f"pulsewright.quant.paper.learning_task.{name}", refuse)
    reproduce(CURVES, "synthetic", folder, IN_PROCESS, to(StringIO()), SETTINGS)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_points_are_unique_and_long_ones_come_first() -> None:
    settings = ReproductionSettings()
    listed = points(settings)
    assert len({point.key for point in listed}) == len(listed) == len(tasks(settings))
    assert listed[0] == Point(Protocol.PUBLISHED, SplitKind.ROWS, Target.LEVEL, "A3", 1.0)
    assert listed[0].key == "published/rows/level/A3/1"
    assert {0.001, 0.01, 0.05, 0.1, 0.2, 1.0} <= set(settings.level_rows)


def test_other_seeds_are_other_work_and_other_fractions_are_not() -> None:
    def digest(**changed: object) -> object:
        return training.made_from(CURVES, SETTINGS.model_copy(update=changed))

    assert digest(level_rows=(0.5,)) == digest(networks=("A3",)) == digest()
    assert digest(seeds=(1,)) != digest()
    assert digest(published=PublishedTraining(epochs=3)) != digest()


def test_the_papers_figures_are_judged_on_its_own_curves_alone(results: Results) -> None:
    measured = Results(
        results.curves, "measured", measured=True, settings=results.settings, rows=results.rows
    )
    assert "## Verdicts" not in report_text(results)
    text = report_text(measured)
    assert "## Verdicts" in text
    found = {one.claim: one.holds for one in verdicts(measured)}
    assert found["Table II: FLOP and nJ of A1, A2, A3"]
    assert sum("at 0.1 %" in claim for claim in found) == 3
    assert not any("full data: at most" in claim and held for claim, held in found.items())
    for heading in ("Table II", "Fig. 4(b)", "The floor", "Three splits", "Fig. 5", "disagree"):
        assert heading in text


def test_a_verdict_follows_the_numbers(results: Results) -> None:
    point = Point(Protocol.PUBLISHED, SplitKind.ROWS, Target.LEVEL, "A1", 0.001)
    whole = point._replace(fraction=0.1)
    curves = [[0.0007] * CURVES.curves] * 2
    for low, held in ((0.05, True), (0.072, False)):
        changed = {
            **results.rows,
            point.key: {**results.rows[point.key], "test_mse": [low, 0.09]},
            whole.key: {
                **results.rows[whole.key],
                "curve_mse": curves,
                "script_curve_mse": [
                    [1, 1, error, 1, 1, 1, 1, 1, 1] for error in (0.0006, low / 100)
                ],
            },
        }
        judged = Results(CURVES, "measured", measured=True, settings=SETTINGS, rows=changed)
        found = {one.claim: one for one in verdicts(judged)}
        claim = "A1 at 0.1 %: the paper's test MSE is within our seeds"
        assert found[claim].holds is held
        claim = "whole curve at 10 %, 1e-3: the script's test curve 3, by the best network"
        judgement = next(one for one in found.values() if one.claim.startswith(claim))
        assert judgement.holds
        assert judgement.found.startswith(f"A1 {milli(0.0003 + low / 200)}, A2 ")
        row = next(row for row in curve_grid(judged).texts if row[:2] == ["10 %", "A1"])
        assert row[2:] == ["0.700", "0.700", "0.700", "0.8", "100 %"]


def test_what_carries_the_error(results: Results) -> None:
    point = Point(Protocol.OWN, SplitKind.ROWS, Target.LEVEL, "A1", 1.0)
    currents = CURVES.currents.copy()
    # Curve 3 on a grid of 50 steps; a glitch on curve 5 that doubles its range; 7 stays in noise.
    step = np.ptp(currents[3]) / 50
    currents[3] = step * np.rint(currents[3] / step)
    currents[5, 40] += np.ptp(currents[5])
    currents[7] = 1e-6 + 1e-8 * np.random.default_rng(0).standard_normal(100)
    error = np.full(CURVES.curves, 0.001)
    error[[3, 5, 7]] = 0.01, 0.02, 0.03
    judged = Results(
        PulseCurves(CURVES.parameters, currents),
        "synthetic",
        measured=False,
        settings=SETTINGS,
        rows={
            **results.rows,
            point.key: {**results.rows[point.key], "curve_mse": [error.tolist()]},
        },
    )
    found = {one.name: one for one in carriers(judged)}
    total = error.sum()
    for name, share in (("dead", 0.03), ("coarse", 0.01), ("glitched", 0.02)):
        assert found[name].curves == 1
        assert found[name].share_of_error == pytest.approx(share / total)
    assert (found["others"].curves, found["all"].curves, found["all but coarse"].curves) == (
        CURVES.curves - 3,
        CURVES.curves,
        CURVES.curves - 1,
    )
    assert found["all but coarse"].mean_mse == pytest.approx((total - 0.01) / (CURVES.curves - 1))
    text = report_text(judged)
    assert "## What carries the error" in text
    assert f"{step * 1e9:.6g} nA (1 curves)" in carrier_sentences(judged)


def test_grids(results: Results) -> None:
    assert len(summary_grids(results)) == 5
    first = fraction_grid(results).texts[0]
    assert (first[0], first[-1]) == ("0.1 %", "70/60/47")
    assert [row[0] for row in split_grid(results).rows][:4] == [
        "rows, published, A1",
        "rows, published, A2",
        "rows, own, A1",
        "rows, ridge",
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.104, "104"),
        (0.0589, "58.9"),
        (0.00589, "5.89"),
        (0.000589, "0.589"),
        (0.0, "0"),
        (3, "3000"),
    ],
)
def test_milli(value: float, text: str) -> None:
    assert milli(value) == text


def test_markdown() -> None:
    table = ResultTable("t", "title", (words("a", "a"), Column("b", "b")), [("1", 2)])
    assert markdown_table(table) == "**title**\n\n| a | b |\n|---|---:|\n| 1 | 2 |\n"


def test_failed_trainings_are_named() -> None:
    with pytest.raises(PulsewrightError, match=r"1 of 2 trainings failed, first b: no memory; "):
        check_rows({"a": {"test_mse": [1]}, "b": {"error": "no memory"}})


def test_bad_curves_are_refused_before_anything_is_trained(tmp_path: Path) -> None:
    same = PulseCurves(np.repeat(CURVES.parameters[:1], 9, axis=0), CURVES.currents[:9])
    few = PulseCurves(CURVES.parameters[:3], CURVES.currents[:3])
    for curves, sentence in ((same, "on every row"), (few, "curves")):
        with pytest.raises(PulsewrightError, match=sentence):
            reproduce(curves, "synthetic", tmp_path / "out", IN_PROCESS, Output(), SETTINGS)
    unknown = SETTINGS.model_copy(update={"networks": ("A9",)})
    with pytest.raises(PulsewrightError, match="unknown network preset 'A9'"):
        reproduce(CURVES, "synthetic", tmp_path / "out", IN_PROCESS, Output(), unknown)
    assert not (tmp_path / "out").exists()


def test_a_folder_that_is_a_file(results: Results, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(PulsewrightError, match="cannot write"):
        write_csv_files(results, tmp_path / "file")
