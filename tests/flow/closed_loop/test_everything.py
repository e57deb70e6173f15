# SPDX-License-Identifier: Apache-2.0
import csv
import json
import re
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from pulsewright.flow.closed_loop.everything import closed_loop
from pulsewright.flow.closed_loop.held_out import HeldOut, folds, trained_models
from pulsewright.flow.closed_loop.results import (
    BAYES,
    BEST_BLIND,
    HISTORY,
    LEARNED,
    REMEMBERING,
    TUNED,
    TUNED_REMEMBERING,
    TrialSet,
)
from pulsewright.flow.closed_loop.tables import interval, percent, percent_interval
from pulsewright.flow.output import Output
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.quant.datasets.pulse_curves import PulseCurves
from pulsewright.quant.datasets.sessions import sessions
from pulsewright.quant.datasets.synthetic import synthetic_curves
from tests.flow.closed_loop.conftest import COMMAND
from tests.flow.closed_loop.small_comparison import CURVES, IN_PROCESS, SETTINGS


def to(file: StringIO) -> Output:
    return Output(console=Console(file=file, width=200))


@pytest.fixture
def made(compared: tuple[Path, str, list[TrialSet]]) -> tuple[Path, str]:
    return compared[:2]


def lines(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_files(made: tuple[Path, str]) -> None:
    folder, printed = made
    for name in ("pareto.png", "error_by_reads.png", "costs.png", "instruments.png"):
        assert (folder / name).read_bytes().startswith(b"\x89PNG")
    text = (folder / "closed_loop.md").read_text(encoding="utf-8")
    for heading in ("Standard pulse, sessions", "Other pulses, curves", "Coarse reads", "cannot"):
        assert heading in text
    assert "2 inferred sessions; 10 are read on a coarse grid" in text
    assert HISTORY in printed
    document = json.loads((folder / "closed_loop.json").read_text(encoding="utf-8"))
    assert document["folds"] == {"sessions": 2, "curves": 2}


def test_figures_are_those_of_the_trials(made: tuple[Path, str]) -> None:
    tried = lines(made[0] / "trials.csv")
    controllers = lines(made[0] / "controllers.csv")
    assert {line["controller"] for line in controllers} >= {
        HISTORY,
        TUNED,
        TUNED_REMEMBERING,
        REMEMBERING,
        BAYES,
        BEST_BLIND,
        "single",
    }
    for line in controllers:
        own = [
            one
            for one in tried
            if (one["set"], one["controller"]) == (line["set"], line["controller"])
        ]
        assert len(own) == int(line["trials"])
        mean = np.mean([int(one["reads"]) for one in own])
        assert float(line["reads"]) == pytest.approx(mean, rel=1e-5)
        over = [int(one["current"]) > int(one["level"]) + int(one["tolerance"]) for one in own]
        assert float(line["overshoot"]) == pytest.approx(np.mean(over), abs=1e-6)


def test_arrays_grow(made: tuple[Path, str]) -> None:
    arrays = lines(made[0] / "arrays.csv")
    assert [(line["side"], line["bursts"], line["controller"]) for line in arrays] == [
        (side, bursts, controller)
        for side in ("2", "5")
        for bursts in ("own", "common")
        for controller in ("extrapolated", HISTORY)
    ]
    for line in arrays:
        assert float(line["row_reads"]) >= float(line["reads"]) >= 1
    assert "Arrays" in made[1]


def test_energy_of_an_array_is_that_of_its_cells(made: tuple[Path, str]) -> None:
    """13-4-2: 2 * 2 * 60 * 9.3 pJ a decision by tier 1; nothing without a network."""
    for line in lines(made[0] / "arrays.csv"):
        tier1, decisions = float(line["coprocessor_tier1_joules"]), float(line["decisions"])
        network = line["controller"] == HISTORY
        assert tier1 == pytest.approx(decisions * 2232e-12 if network else 0, rel=1e-5)
        assert 0 <= float(line["coprocessor_tier2_joules"]) <= tier1
        cell = float(line["pulse_joules"]) + float(line["read_joules"]) + tier1
        assert float(line["array_joules"]) == pytest.approx(cell * int(line["side"]) ** 2, rel=1e-4)
        seconds = float(line["row_seconds"]) * int(line["side"])
        assert float(line["array_seconds"]) == pytest.approx(seconds, rel=1e-4)
    assert "time and energy, for currents read at 0.5 V" in made[1]


def test_instruments_are_compared_on_the_first_set(made: tuple[Path, str]) -> None:
    found = lines(made[0] / "instruments.csv")
    trials = {line["trials"] for line in lines(made[0] / "controllers.csv")[:1]}
    assert [(line["instrument"], line["controller"]) for line in found] == [
        (instrument, controller)
        for instrument in ("as measured", "6 bits", "2 % noise")
        for controller in ("extrapolated", HISTORY)
    ]
    assert {line["trials"] for line in found} == trials
    measured = [
        line for line in lines(made[0] / "controllers.csv") if line["controller"] == HISTORY
    ]
    assert found[1]["reads"] == measured[0]["reads"]
    assert found[3]["reads"] != found[1]["reads"] or found[3]["pulses"] != found[1]["pulses"]
    assert "by instrument" in made[1]


def test_every_controller_has_the_same_trials(made: tuple[Path, str]) -> None:
    by_controller: dict[tuple[str, str], list[tuple[str, ...]]] = {}
    for line in lines(made[0] / "trials.csv"):
        key = (line["set"], line["controller"])
        trial = tuple(line[name] for name in ("curve", "session", "level", "tolerance"))
        by_controller.setdefault(key, []).append(trial)
    for (title, _), tried in by_controller.items():
        assert tried == by_controller[title, HISTORY]


@pytest.mark.regression
def test_a_second_run_trains_nothing_shows_how_far_it_is_and_writes_the_same(
    made: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, _ = made
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    def refuse(*_: object) -> None:
        raise AssertionError("trained again")

    monkeypatch.setattr("pulsewright.quant.closed_loop.fold_task.fold_row", refuse)
    watched = StringIO()
    output = Output(console=Console(file=watched, width=200, force_terminal=True))
    closed_loop(CURVES, "synthetic", folder, IN_PROCESS, output, SETTINGS, COMMAND)
    for step in ("coarse reads, sessions held out, device memory", "errors by reads", "arrays"):
        assert re.search(rf"{step} +\x1b\[\S*━", watched.getvalue())
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_no_network_saw_what_it_is_tried_on(made: tuple[Path, str]) -> None:
    """Curves of one fold changed: the network that was trained without them stays the same."""
    fold = {kind: folds(CURVES, kind, SETTINGS) for kind in HeldOut}
    assert np.array_equal(fold[HeldOut.SESSIONS], sessions(CURVES))
    models = trained_models(CURVES, fold, SETTINGS, made[0], IN_PROCESS, Console(file=StringIO()))
    currents = CURVES.currents.copy()
    currents[20:] = currents[20:, :1] * (currents[20:] / currents[20:, :1]) ** 2
    changed = PulseCurves(CURVES.parameters, currents)
    other = trained_models(
        changed, {HeldOut.SESSIONS: fold[HeldOut.SESSIONS]}, SETTINGS, made[0] / "other",
        IN_PROCESS, Console(file=StringIO()),
    )  # fmt: skip
    same = [
        models[HeldOut.SESSIONS][one].to_json() == other[HeldOut.SESSIONS][one].to_json()
        for one in (0, 1)
    ]
    assert same == [False, True]


def test_the_best_blind_is_one_of_the_blind(compared: tuple[Path, str, list[TrialSet]]) -> None:
    assert len(compared[2]) > 1
    for one in compared[2]:
        best = one.chosen[BEST_BLIND]
        blind = [
            member
            for name, members in one.families.items()
            if name not in LEARNED
            for member in members.values()
        ]
        for trial in range(len(best.reads)):
            assert any(
                (best.reads[trial], best.current[trial])
                == (member.reads[trial], member.current[trial])
                for member in blind
            )


def test_curves_of_one_session_are_refused(tmp_path: Path) -> None:
    with pytest.raises(PulsewrightError, match="1 sessions in 2 folds"):
        closed_loop(
            synthetic_curves(0, curves=30), "synthetic", tmp_path, IN_PROCESS, Output(), SETTINGS
        )


def test_texts() -> None:
    assert percent(0.0812) == "8.1 %"
    assert percent(None) == interval(None) == percent_interval(None) == ""
    assert interval({"mean": -1.381, "low": -1.79, "high": -1.0}) == "-1.38 [-1.79, -1.00]"
    assert percent_interval({"mean": 0.01, "low": 0.0, "high": 0.02}) == "1.00 [0.00, 2.00]"
