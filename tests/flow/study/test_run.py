# SPDX-License-Identifier: Apache-2.0
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from pulsewright.flow.recipe import load_recipe
from pulsewright.flow.study.table import read_table
from tests.flow.conftest import invoke

REPOSITORY = Path(__file__).resolve().parents[3]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(REPOSITORY / "src"), "OMP_NUM_THREADS": "1"}


def run(study_file: Path, build: Path, *options: object) -> list[dict]:
    result = invoke("study", study_file, "--build", build, *options)
    assert result.exit_code == 0, result.output
    return read_table(build / "small" / "study.parquet")


@pytest.fixture
def finished(finished_study: Path) -> Path:
    return finished_study


@pytest.fixture
def build(finished: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(finished, tmp_path / "build"))


@pytest.fixture
def rows(finished: Path) -> list[dict]:
    return read_table(finished / "small" / "study.parquet")


def test_the_table_has_every_configuration_and_its_costs(rows, finished: Path) -> None:
    assert len(rows) == 2 * (4 + 4)
    assert [row["grids"] for row in rows] == [["widths"]] * 8 + [["scales"]] * 8
    first = rows[0]
    assert (first["network"], first["weight_bits"], first["activation_bits"]) == ("4", "3", "4")
    # 6-4-1: 24 + 4 MAC, and 28 weights and 5 biases; II 4 needs 6 + 1 multipliers.
    assert (first["mac"], first["parameters"], first["multipliers"]) == (28, 33, 7)
    assert first["initiation_interval"] == 4
    assert first["tier1_picojoule"] == pytest.approx(2 * 28 * 9.3)
    assert all(0 < row["tier2_logic_picojoule"] < row["tier2_sram_picojoule"] for row in rows)
    assert all(row["ratio"] == row["integer_mse"] / row["float_mse"] for row in rows)
    # Of one seed and split all rows are measured against one published network.
    references = {
        (row["split"], row["seed"], round(row["integer_mse"] / row["ratio_to_published"], 12))
        for row in rows
    }
    assert len(references) == 2 * 2
    same_float = {row["float_mse"] for row in rows[:8:2]}
    assert len(same_float) == 1
    made = {path.name for path in (finished / "small").iterdir()}
    assert {"study.parquet", "points.csv", "recipes"} <= made
    assert {"pareto_rows.png", "pareto_curves.png", "widths_widths_4_rows.png"} <= made


def test_a_second_run_trains_nothing_and_gives_the_same_table(
    study_file, build, rows, monkeypatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("trained twice")

    monkeypatch.setattr("pulsewright.quant.studies.float_rows.train_float", refuse)
    monkeypatch.setattr("pulsewright.quant.studies.evaluation.train_quantised", refuse)
    assert run(study_file, build, "--workers", 0) == rows


@pytest.mark.regression
def test_what_the_journals_lack_of_a_row_is_trained_again(study_file, build, rows) -> None:
    """A journal of another's folder, in which a row has a column less or a text for a number."""
    for path in build.rglob("*.jsonl"):
        header, *lines = map(json.loads, path.read_text().splitlines())
        for number, entry in enumerate(lines[::3]):
            row = entry["row"]
            column = list(row)[number % len(row)]
            if number % 2 and len(row) > 1:
                del row[column]
            else:
                row[column] = "[red]"
        path.write_text("".join(json.dumps(line) + "\n" for line in [header, *lines]))
    assert run(study_file, build, "--workers", 0) == rows


def test_more_values_on_an_axis_train_the_new_ones_alone(
    study_file, build, rows, monkeypatch
) -> None:
    trained = []
    from pulsewright.quant.studies import evaluation

    plain = evaluation.train_quantised

    def counted(*arguments: object, **options: object) -> object:
        trained.append(arguments)
        return plain(*arguments, **options)

    monkeypatch.setattr(evaluation, "train_quantised", counted)
    study_file.write_text(study_file.read_text().replace("[3, 8]", "[3, 5, 8]"))
    again = run(study_file, build, "--workers", 0)
    assert len(trained) == 2 * 2
    assert [row for row in again if row["weight_bits"] != "5"] == rows


@pytest.mark.regression
def test_winning_recipes_give_the_network_of_the_study(tmp_path, finished, rows) -> None:
    recipes = sorted((finished / "small" / "recipes").glob("*.toml"))
    assert recipes
    for path in recipes:
        recipe = load_recipe(path)
        text = [
            "-".join(map(str, widths)) if isinstance(widths, tuple) else str(widths)
            for widths in (recipe.bits.weights, recipe.bits.activations)
        ]
        (expected,) = [
            row
            for row in rows
            if row["seed"] == recipe.seed
            and [row["weight_bits"], row["activation_bits"]] == text
            and row["layers"] == "-".join(map(str, recipe.sizes))
            and row["split"] == recipe.data.split.value
            and row["refinement"] == recipe.training.quantised.refinement.value
        ]
        result = invoke("quantise", path, "--build", tmp_path / "again")
        assert result.exit_code == 0, result.output
        accuracy = json.loads((tmp_path / "again" / recipe.name / "accuracy.json").read_text())
        measured = accuracy["accuracy"][recipe.data.split.value]
        assert measured["integer_mse"] == expected["integer_mse"]
        assert measured["float_mse"] == expected["float_mse"]


def test_a_configuration_that_fails_is_a_row_with_its_error(
    study_file, tmp_path, monkeypatch
) -> None:
    from pulsewright.hls_model.errors import PulsewrightError
    from pulsewright.quant.studies import evaluation

    plain = evaluation.train_quantised

    def sometimes(curves, input_map, parts, start, widths, *rest):
        if widths.weights == 3:
            raise PulsewrightError("three bits are refused here")
        return plain(curves, input_map, parts, start, widths, *rest)

    monkeypatch.setattr(evaluation, "train_quantised", sometimes)
    text, _, _ = study_file.read_text().rpartition("[[grid]]")
    study_file.write_text(text.replace("seeds = [0, 1]", "seeds = [0]"))
    rows = run(study_file, tmp_path / "build", "--workers", 0)
    assert len(rows) == 4
    failed = [row for row in rows if row["error"] is not None]
    assert len(failed) == 2
    assert {row["error"] for row in failed} == {"three bits are refused here"}
    assert all(row["integer_mse"] is None and row["weight_bits"] == "3" for row in failed)
    monkeypatch.setattr(evaluation, "train_quantised", plain)
    mended = run(study_file, tmp_path / "build", "--workers", 0)
    assert all(row["integer_mse"] is not None for row in mended)


@contextmanager
def dask_over_tcp(tmp_path: Path) -> Iterator[str]:
    """A scheduler and two workers in processes of their own, joined by TCP."""
    address_file = tmp_path / "scheduler.json"
    processes = [
        subprocess.Popen(
            [
                *(sys.executable, "-m", "distributed.cli.dask_scheduler"),
                *("--host", "127.0.0.1", "--port", "0", "--no-dashboard"),
                *("--scheduler-file", str(address_file)),
            ],
            env=ENVIRONMENT,
            stderr=subprocess.DEVNULL,
        )
    ]
    try:
        waited = time.monotonic() + 60
        while not address_file.exists() and time.monotonic() < waited:
            time.sleep(0.1)
        time.sleep(0.2)
        address = json.loads(address_file.read_text())["address"]
        processes += [
            subprocess.Popen(
                [
                    *(sys.executable, "-m", "distributed.cli.dask_worker", address),
                    *("--nthreads", "1", "--no-dashboard", "--local-directory", str(tmp_path)),
                ],
                env=ENVIRONMENT,
                stderr=subprocess.DEVNULL,
            )
            for _ in range(2)
        ]
        from distributed import Client

        with Client(address, timeout=30) as client:
            client.wait_for_workers(2, timeout=60)
        yield address
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(timeout=30)


@pytest.mark.regression
def test_a_cluster_over_tcp_gives_the_same_table_bit_for_bit(
    study_file, tmp_path, finished, rows
) -> None:
    with dask_over_tcp(tmp_path) as address:
        assert address.startswith("tcp://")
        remote = run(study_file, tmp_path / "remote", "--scheduler", address)
    assert remote == rows
    names = ("small/study.parquet", "small/points.csv")
    for name in names:
        here, there = finished / name, tmp_path / "remote" / name
        assert here.read_bytes() == there.read_bytes()


def started(study_file: Path, build: Path, *options: str) -> subprocess.Popen:
    return subprocess.Popen(
        [
            *(sys.executable, "-m", "pulsewright.flow.cli", "study", str(study_file)),
            *("--build", str(build), *options),
        ],
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def journal_lines(build: Path) -> int:
    return sum(
        path.read_bytes().count(b"\n") - 1 for path in (build / "small").glob("rows-*.jsonl")
    )


def wait_for_rows(process: subprocess.Popen, build: Path, count: int) -> None:
    while journal_lines(build) < count:
        assert process.poll() is None, process.communicate()[0]
        time.sleep(0.02)


@pytest.mark.regression
@pytest.mark.parametrize("workers", ["0", pytest.param("2", marks=pytest.mark.regression)])
def test_a_killed_sweep_goes_on_where_it_stopped(study_file, tmp_path, rows, workers: str) -> None:
    study_file.write_text(study_file.read_text().replace("seeds = [0, 1]", "seeds = [0]"))
    build = tmp_path / "killed"
    process = started(study_file, build, "--workers", workers)
    try:
        wait_for_rows(process, build, 2)
        os.killpg(process.pid, signal.SIGKILL)
    finally:
        process.kill()
        process.communicate()
    kept = journal_lines(build)
    assert 2 <= kept < 8
    assert not (build / "small" / "study.parquet").exists()
    process = started(study_file, build, "--workers", workers)
    output, _ = process.communicate()
    assert process.returncode == 0, output
    # Every configuration is in the journal once: what was finished was not repeated.
    assert journal_lines(build) == 8
    assert read_table(build / "small" / "study.parquet") == [
        row for row in rows if row["seed"] == 0
    ]


@pytest.mark.regression
def test_killed_workers_cost_nothing_but_time(study_file, tmp_path, rows) -> None:
    build = tmp_path / "workers"
    process = started(study_file, build, "--workers", "2")
    try:
        wait_for_rows(process, build, 1)
        children = [
            child
            for child in psutil.Process(process.pid).children(recursive=True)
            if "spawn_main" in " ".join(child.cmdline())
        ]
        assert len(children) == 2
        for child in children:
            child.kill()
        output, _ = process.communicate(timeout=300)
    finally:
        process.kill()
    assert process.returncode == 0, output
    assert read_table(build / "small" / "study.parquet") == rows


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            ("weights = [3, 8]", "weights = []"),
            "[[grid]] 1: weights = []; give 1 or more of them",
        ),
        (("weights = [3, 8]", "weight = [3]"), "unknown key 'weight' in [[grid]] 1; did you mean"),
        (("weights = [3, 8]", "weights = [[2, 8, 8]]"), "3 weight widths [2, 8, 8] for 2 layers"),
        (("weights = [3, 8]", "weights = 8"), "[[grid]] 1: weights = 8; give a list"),
        (('name = "widths"', 'name = "../up"'), "[[grid]] 1: name = '../up'; give a text of"),
        (("[[4]]", "[[]]"), "network"),
        (("weights = [3, 8]", "weights = [1]"), "[[grid]] 1: weights, entry 1 = 1; give 2 or more"),
        (("[[4]]", '["A7"]'), "unknown network preset 'A7'"),
        (("seeds = [0, 1]", "seeds = []"), "seeds = []; give 1 or more of them"),
        (("seeds = [0, 1]", "seeds = [1, 1]"), "seed 1 is there twice"),
        (('name = "scales"', 'name = "widths"'), "grid 'widths' is there twice"),
        (('name = "small"', 'name = "../up"'), "name = '../up'; use at most 40"),
        (('source = "csv"', 'source = "cvs"'), "data.source = 'cvs'; choose 'synthetic'"),
        (("curves.csv", "none.csv"), "none.csv"),
        (("initiation_interval = 4", "initiation_interval = 0"), "initiation_interval = 0"),
    ],
)
def test_a_bad_study_is_refused_in_one_sentence(study_file, tmp_path, change, sentence) -> None:
    study_file.write_text(study_file.read_text().replace(*change))
    result = invoke("study", study_file, "--build", tmp_path / "build", "--workers", 0)
    assert result.exit_code == 2, result.output
    assert sentence in result.output
    assert result.output.count("\n") == 1


def test_a_program_that_listens_and_is_no_scheduler(study_file, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("pulsewright.quant.studies.cluster.CONNECT_SECONDS", 2)
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"tcp://127.0.0.1:{server.getsockname()[1]}"
        result = invoke("study", study_file, "--build", tmp_path, "--scheduler", address)
    assert result.exit_code == 2
    assert f"no Dask scheduler answers at {address}: no answer within 2 s" in result.output


def test_workers_here_and_a_scheduler_elsewhere_contradict_each_other(study_file) -> None:
    result = invoke("study", study_file, "--scheduler", "tcp://h:1", "--workers", 3)
    assert result.exit_code == 2
    assert "give one of the two" in result.output


def test_outputs_of_an_earlier_run_do_not_stay(study_file, build) -> None:
    folder = build / "small"
    for name in ("recipes/old.toml", "pareto_old.png", "widths_old.png"):
        (folder / name).write_text("old")
    run(study_file, build, "--workers", 0)
    assert not [path for path in folder.rglob("*") if "old" in path.name]


def test_a_split_that_cannot_be_drawn_is_found_out_before_any_training(
    study_file, tmp_path
) -> None:
    table = tmp_path / "curves.csv"
    header, *lines = table.read_text().splitlines()
    table.write_text("\n".join([header, *lines[: 3 * 12]]) + "\n")
    result = invoke("study", study_file, "--build", tmp_path / "build", "--workers", 0)
    assert result.exit_code == 2
    assert not list((tmp_path / "build").rglob("pareto*"))
    assert all(path.read_bytes().count(b"\n") == 1 for path in tmp_path.rglob("*.jsonl"))


def test_no_scheduler(study_file, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("pulsewright.quant.studies.cluster.CONNECT_SECONDS", 1)
    result = invoke("study", study_file, "--build", tmp_path, "--scheduler", "tcp://127.0.0.1:1")
    assert result.exit_code == 2
    assert "no Dask scheduler answers at tcp://127.0.0.1:1" in result.output


def test_a_table_of_another_version_is_not_overwritten(study_file, build) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    path = build / "small" / "study.parquet"
    table = pa.table({"a": [1]}, metadata={"pulsewright_study_table": "0"})
    parquet.write_table(table, path)
    result = invoke("study", study_file, "--build", build, "--workers", 0)
    assert result.exit_code == 2
    assert "has version 0, this release knows 1; move it away" in result.output
    assert parquet.read_table(path) == table


def test_a_damaged_table_is_written_again(study_file, build, rows) -> None:
    path = build / "small" / "study.parquet"
    path.write_bytes(b"nonsense")
    assert run(study_file, build, "--workers", 0) == rows


def test_every_configuration_fails(study_file, tmp_path, monkeypatch) -> None:
    def refuse(*_: object) -> None:
        raise ZeroDivisionError("broken")

    monkeypatch.setattr("pulsewright.quant.studies.evaluation.train_quantised", refuse)
    result = invoke("study", study_file, "--build", tmp_path, "--workers", 0)
    assert result.exit_code == 2
    assert "every configuration failed, the first with: ZeroDivisionError: broken" in result.output


@pytest.mark.regression
def test_a_full_disk_keeps_the_finished_rows(study_file, tmp_path, monkeypatch) -> None:
    from pulsewright.quant.studies import journal

    synced = []

    def full(_: int) -> None:
        synced.append(1)
        if len(synced) > 12:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(journal.os, "fsync", full)
    result = invoke("study", study_file, "--build", tmp_path / "full", "--workers", 0)
    assert result.exit_code == 2
    assert "No space left on device; make room and run again" in result.output
    monkeypatch.undo()
    assert journal_lines(tmp_path / "full") > 0
    assert len(run(study_file, tmp_path / "full", "--workers", 0)) == 16
