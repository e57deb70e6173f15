# SPDX-License-Identifier: Apache-2.0
import os

import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.quant.studies.cluster import ClusterOptions
from pulsewright.quant.studies.journal import Journal
from pulsewright.quant.studies.sweep import Task, run_sweep
from tests.quant.studies.work import die_once, refuse, square

HERE = ClusterOptions(workers=0)


def tasks_of(work, xs, **more) -> list[Task]:
    return [Task(f"x={x}", work, {"x": x, **more}) for x in xs]


@pytest.fixture
def journal(tmp_path):
    with Journal.open(tmp_path / "rows", {}) as journal:
        yield journal


# That a worker is killed is tried by default, which needs workers as well.
@pytest.mark.parametrize("workers", [0, pytest.param(2, marks=pytest.mark.regression)])
def test_rows_in_the_order_of_the_tasks(journal, workers: int) -> None:
    seen = []
    rows = run_sweep(
        tasks_of(square, [3, 1, 2]),
        journal,
        ClusterOptions(workers=workers),
        lambda done, total: seen.append((done, total)),
        {"offset": 0.5},
    )
    assert [(key, row["y"]) for key, row in rows.items()] == [
        ("x=3", 9.5),
        ("x=1", 1.5),
        ("x=2", 4.5),
    ]
    assert seen == [(0, 3), (1, 3), (2, 3), (3, 3)]
    if workers:
        assert {row["thread"] for row in rows.values()} == {"1"}


def test_nothing_twice(journal) -> None:
    run_sweep(tasks_of(square, [1, 2]), journal, HERE, shared={"offset": 0.0})
    rows = run_sweep(tasks_of(square, [1, 2, 3]), journal, HERE, shared={"offset": 100.0})
    assert [row["y"] for row in rows.values()] == [1, 4, 109]


@pytest.mark.parametrize("workers", [0, pytest.param(1, marks=pytest.mark.regression)])
def test_a_task_that_fails_is_a_row_and_tried_again(journal, workers: int) -> None:
    rows = run_sweep(
        tasks_of(refuse, [1, 2, 3, 4]),
        journal,
        ClusterOptions(workers=workers),
        shared={"offset": 0},
    )
    assert rows == {
        "x=1": {"y": 1},
        "x=2": {"error": "x is 2; choose another"},
        "x=3": {"error": "ZeroDivisionError: by three"},
        "x=4": {"y": 4},
    }
    seen = []
    run_sweep(
        tasks_of(refuse, [1, 2, 3, 4]), journal, HERE, lambda *at: seen.append(at), {"offset": 0}
    )
    assert seen == [(2, 4), (3, 4), (4, 4)]


def test_a_worker_killed_costs_a_retry_alone(journal, tmp_path) -> None:
    environment = dict(os.environ)
    rows = run_sweep(
        tasks_of(die_once, range(2), folder=str(tmp_path)),
        journal,
        ClusterOptions(workers=2),
        shared={"offset": 1},
    )
    assert list(rows.values()) == [{"y": 1 + x} for x in range(2)]
    assert len(list(tmp_path.glob("died-*"))) == 2
    # Dask sets variables here for the workers that it starts.
    assert dict(os.environ) == environment


def test_two_tasks_with_one_key(journal) -> None:
    with pytest.raises(PulsewrightError, match="two tasks of the sweep have one key"):
        run_sweep(tasks_of(square, [1, 1]), journal, HERE)


def test_no_scheduler(journal, monkeypatch) -> None:
    monkeypatch.setattr("pulsewright.quant.studies.cluster.CONNECT_SECONDS", 1)
    options = ClusterOptions(scheduler="tcp://127.0.0.1:1")
    with pytest.raises(PulsewrightError, match=r"no Dask scheduler answers at tcp://127.0.0.1:1:"):
        run_sweep(tasks_of(square, [1]), journal, options, shared={"offset": 0})


def test_an_address_that_is_none(journal) -> None:
    options = ClusterOptions(scheduler="nonsense://x:y")
    with pytest.raises(PulsewrightError, match=r"no Dask scheduler answers at nonsense://x:y"):
        run_sweep(tasks_of(square, [1]), journal, options, shared={"offset": 0})


def test_a_row_that_is_no_result_is_computed_again(journal) -> None:
    journal.append("x=1", {"other": 1})
    journal.append("x=2", {"y": 5})
    tasks = [task._replace(is_finished=lambda row: "y" in row) for task in tasks_of(square, [1, 2])]
    rows = run_sweep(tasks, journal, HERE, shared={"offset": 0.0})
    assert [row["y"] for row in rows.values()] == [1, 5]
