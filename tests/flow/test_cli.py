# SPDX-License-Identifier: Apache-2.0
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pulsewright.flow.build_lock import LOCK
from pulsewright.quant.splits import TEST_FRACTION
from tests.flow.conftest import invoke, stamp_again, write_curves
from tests.heeded_signals import heed_signals

REPOSITORY = Path(__file__).parents[2]


def artefacts(build: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(build)): path.read_bytes()
        for path in build.rglob("*")
        if path.is_file() and path.name != LOCK
    }


def test_run_makes_every_artefact_and_prints_the_tables(finished_copy: Path) -> None:
    build = finished_copy / "build" / "tiny"
    for name in (
        "dataset.npz",
        "float.pt",
        "qat.pt",
        "model.json",
        "rtl/tiny_obi.v",
        "rtl/tiny_engine.v",
        "rtl/tiny_registers.h",
        "sim/icarus/summary.json",
        "sim/icarus/obi/results.xml",
        "report.json",
        "curves.png",
        "energy.png",
    ):
        assert (build / name).stat().st_size > 0, name
    result = invoke("run", finished_copy / "tiny.toml", "--build", finished_copy / "build")
    assert result.exit_code == 0, result.output
    for word in ("rows", "parameter_sets", "mismatches", "icarus", "Brevitas", "FLOP"):
        assert word in result.output


def test_the_report_holds_what_the_contract_names(finished: Path) -> None:
    report = json.loads((finished / "build" / "tiny" / "report.json").read_text())
    for split in ("rows", "curves", "parameter_sets"):
        assert set(report["accuracy"][split]) >= {"float", "qat", "integer"}
        assert report["accuracy"][split]["qat"] == pytest.approx(
            report["accuracy"][split]["integer"], rel=1e-5
        )
    assert report["mismatches"]["brevitas"] == {"rows": 3 * 192, "mismatches": 0}
    tested = round(192 * TEST_FRACTION)
    assert report["mismatches"]["icarus"] == {"rows": tested, "mismatches": 0}
    cycles = report["cycles"]
    # 5 neurons by 2, 6 inputs by 3: 3 * 2 cycles; 5 inputs by 2: 3 cycles.
    assert cycles["ii"] == cycles["ii_formula"] == 6
    assert cycles["latency"] == cycles["latency_formula"]
    # 12 pulses, of which each takes the interval; the first waits for the latency.
    assert cycles["curve_formula"] == cycles["latency"] + 2 + 11 * 6
    assert cycles["curve"]["icarus"] == cycles["curve_formula"]
    assert cycles["stream_ii"] == cycles["stream_latency"] == {}
    for figure in report["energy"]:
        assert set(figure) == {"tier", "node", "what", "picojoule", "table"}
        assert figure["picojoule"] > 0
        assert "nm" in figure["node"]
    totals = {(one["table"], one["what"]) for one in report["energy"]}
    for table in ("horowitz_45nm", "aladdin_40nm", "han_45nm", "qtools_45nm"):
        assert (table, "inference, weights in logic") in totals
        assert (table, "curve of 12 pulses, weights in registers") in totals
    assert report["command"].startswith("pulsewright")
    assert "icarus" in report["versions"]


def test_a_second_run_does_no_work_and_changes_nothing(finished_copy: Path) -> None:
    build = finished_copy / "build"
    before = artefacts(build)
    result = invoke("run", finished_copy / "tiny.toml", "--build", build)
    assert result.exit_code == 0
    assert artefacts(build) == before
    for step in ("dataset  ", "float  ", "quantise  ", "rtl  ", "sim  ", "report  "):
        assert not any(line.startswith(step) for line in result.output.splitlines())


def test_the_same_recipe_gives_the_same_model_in_another_folder(
    finished: Path, recipe: Path, tmp_path: Path
) -> None:
    assert invoke("quantise", recipe, "--build", tmp_path / "other").exit_code == 0
    first = (finished / "build" / "tiny" / "model.json").read_bytes()
    assert (tmp_path / "other" / "tiny" / "model.json").read_bytes() == first


def test_another_seed_gives_another_model(finished: Path, recipe: Path, tmp_path: Path) -> None:
    recipe.write_text(recipe.read_text().replace("seed = 3", "seed = 4"))
    assert invoke("quantise", recipe, "--build", tmp_path / "other").exit_code == 0
    first = (finished / "build" / "tiny" / "model.json").read_bytes()
    assert (tmp_path / "other" / "tiny" / "model.json").read_bytes() != first


def test_another_folding_repeats_the_hardware_but_no_training(finished_copy: Path) -> None:
    recipe = finished_copy / "tiny.toml"
    recipe.write_text(recipe.read_text().replace("pe = 2", "pe = 5", 1))
    result = invoke("rtl", recipe, "--build", finished_copy / "build")
    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert any(line.startswith("rtl  ") for line in lines)
    assert not any(line.startswith(("dataset  ", "float  ", "quantise  ")) for line in lines)


@pytest.mark.quick_cases(2)
@pytest.mark.parametrize("artefact", ["dataset.npz", "float.pt", "model.json", "rtl/tiny_obi.v"])
def test_a_half_written_build_folder_is_mended(finished_copy: Path, artefact: str) -> None:
    path = finished_copy / "build" / "tiny" / artefact
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    result = invoke("rtl", finished_copy / "tiny.toml", "--build", finished_copy / "build")
    assert result.exit_code == 0, result.output
    assert path.read_bytes() == whole


def test_energy_prints_the_papers_table(finished_copy: Path) -> None:
    result = invoke("energy")
    assert result.exit_code == 0
    for figure in ("896", "9088", "17280", "8.33", "84.5", "161", "22 nm"):
        assert figure in result.output
    result = invoke("energy", finished_copy / "tiny.toml", "--build", finished_copy / "build")
    assert result.exit_code == 0
    for words in ("45 nm", "multiply", "SRAM", "weights in logic", "aladdin_40nm", "half of", "1/"):
        assert words in " ".join(result.output.split())


def test_energy_by_a_table_of_the_users_own_is_explained(finished_copy: Path) -> None:
    """5 neurons of 6 inputs by 2 and 3: 36 products; 1 by 2 of 5: 6. A picojoule a bit^2."""
    mine = finished_copy / "mine.toml"
    mine.write_text(
        'name = "mine"\nnode = "28 nm"\nsupply = "1 V"\nsource = "a report"\n'
        '[fit]\nsource = "its Table 1"\nadd_linear = 0.5\nmultiply_quadratic = 1.0\n'
    )
    arguments = ("--build", finished_copy / "build", "--table", mine, "--explain")
    result = invoke("energy", finished_copy / "tiny.toml", *arguments)
    assert result.exit_code == 0, result.output
    assert "42 x (1 x 8 x 8) pJ = 2688 pJ  multiply, 8 x 8 bits  [fit.multiply]" in result.output
    assert "[fit.multiply] its Table 1" in result.output
    assert "mine: 28 nm, 1 V; a report" in result.output
    assert "horowitz" not in result.output


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("none", "no energy table named 'none'; choose one of horowitz_45nm"),
        ("none.toml", "cannot read energy table none.toml"),
    ],
)
def test_energy_by_a_table_that_is_not_there_is_refused_before_anything_is_trained(
    tmp_path: Path, table: str, message: str
) -> None:
    result = invoke("energy", tmp_path / "none_either.toml", "--table", table)
    assert result.exit_code == 2
    assert message in result.output


@pytest.mark.parametrize("command", ["run", "train", "quantise", "rtl", "sim", "energy", "report"])
def test_every_command_refuses_a_missing_recipe(command: str, tmp_path: Path) -> None:
    result = invoke(command, tmp_path / "none.toml", "--build", tmp_path / "build")
    assert result.exit_code == 2
    assert "cannot read recipe" in result.output
    assert "Traceback" not in result.output
    assert not (tmp_path / "build").exists()


def failing(recipe: Path, *arguments: object) -> str:
    """The sentence; nothing must be left behind, half written or whole."""
    result = invoke("quantise", recipe, "--build", recipe.parent / "build", *arguments)
    assert result.exit_code == 2, result.output
    assert "Traceback" not in result.output
    build = recipe.parent / "build"
    assert not build.exists() or not artefacts(build)
    return " ".join(result.output.split())


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        (lambda text: text.replace("2.1,", "nan,", 1), "v_set = 'nan'"),
        (lambda text: text.replace("1,2", "1,inf", 1), "inf"),
        (lambda text: text.replace("current", "amps", 1), "current"),
        (lambda text: text.replace(",v_set", "", 1), "v_set"),
        (lambda text: "\n".join(text.splitlines()[:13]) + "\n", "on every row"),
        (lambda text: "", "curves.csv"),
        (lambda text: text.replace("2.2,", "two,", 1), "two"),
    ],
)
def test_bad_curves_are_refused(recipe: Path, edit, sentence: str) -> None:  # type: ignore[no-untyped-def]
    table = recipe.parent / "curves.csv"
    table.write_text(edit(table.read_text()))
    assert sentence in failing(recipe)


@pytest.mark.parametrize("command", ["train", "quantise", "run"])
def test_curves_longer_than_a_table_of_logarithms_are_refused_before_training(
    recipe: Path, command: str
) -> None:
    write_curves(recipe.parent / "curves.csv", curves=8, pulses=4097)
    text = recipe.read_text().replace("hidden = [5]", 'hidden = [5]\npulse_number = "log"')
    recipe.write_text(text)
    build = recipe.parent / "build"
    result = invoke(command, recipe, "--build", build)
    assert result.exit_code == 2, result.output
    said = " ".join(result.output.split())
    assert "the 4097 values 0 to 4096, a table of its logarithm takes 4096" in said
    assert 'pulse_number = "affine"' in said
    assert all("dataset" in name for name in artefacts(build))


def test_bad_curves_leave_the_artefacts_of_good_ones(finished_copy: Path) -> None:
    build, table = finished_copy / "build", finished_copy / "curves.csv"
    before = artefacts(build)
    lines = table.read_text().splitlines()
    constant = [
        lines[0],
        *(",".join([n, "2.0", *rest]) for n, _, *rest in (line.split(",") for line in lines[1:])),
    ]
    for bad in ("\n".join(constant), "\n".join(lines[:25]), ""):
        table.write_text(bad + "\n")
        result = invoke("run", finished_copy / "tiny.toml", "--build", build)
        assert result.exit_code == 2, result.output
        after = artefacts(build)
        before.pop("tiny/.stamps/dataset.json", None)
        assert {name: after.get(name) for name in before} == before


def test_a_data_path_that_would_not_be_read_is_refused(recipe: Path) -> None:
    text = recipe.read_text().replace('source = "csv"\npath = "curves.csv"', "")
    recipe.write_text(text)
    assert "would not be read" in failing(recipe, "--data", recipe.parent / "curves.csv")
    assert "--download" in failing(recipe, "--download")


def test_a_file_where_a_folder_belongs_is_named(finished_copy: Path) -> None:
    build = finished_copy / "build"
    sim = build / "tiny" / "sim"
    shutil.rmtree(sim)
    sim.write_text("in the way")
    result = invoke("run", finished_copy / "tiny.toml", "--build", build)
    assert result.exit_code == 2, result.output
    assert "Traceback" not in result.output
    assert "sim" in result.output
    shutil.rmtree(build / "tiny" / ".stamps")
    (build / "tiny" / ".stamps").mkdir()
    (build / "tiny" / ".stamps" / "float.json").mkdir()
    result = invoke("train", finished_copy / "tiny.toml", "--build", build)
    assert result.exit_code == 2, result.output
    assert "Traceback" not in result.output


def test_a_model_of_another_shape_is_refused(finished_copy: Path, recipe: Path) -> None:
    recipe.write_text(recipe.read_text().replace("hidden = [5]", "hidden = [4]"))
    other = recipe.parent / "other"
    assert invoke("quantise", recipe, "--build", other).exit_code == 0
    build = finished_copy / "build" / "tiny"
    shutil.copy(other / "tiny" / "model.json", build / "model.json")
    stamp_again(build, "quantise")
    result = invoke("rtl", finished_copy / "tiny.toml", "--build", finished_copy / "build")
    assert result.exit_code == 2
    assert "layers of (6, 4, 1), the recipe of (6, 5, 1)" in " ".join(result.output.split())


def test_an_empty_split_is_refused(recipe: Path) -> None:
    recipe.write_text(
        recipe.read_text().replace("[network]", "test_fraction = 0.0001\n[network]", 1)
    )
    assert "test" in failing(recipe)


def test_measured_curves_without_a_folder_are_refused(
    recipe: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PULSEWRIGHT_DATA", raising=False)
    text = recipe.read_text().replace('source = "csv"\npath = "curves.csv"', 'source = "measured"')
    recipe.write_text(text)
    assert "PULSEWRIGHT_DATA" in failing(recipe)
    folder = recipe.parent / "wrong"
    folder.mkdir()
    assert "x.pck" in failing(recipe, "--data", folder)
    (folder / "x.pck").write_bytes(b"cos\nsystem\n(S'true'\ntR.")
    assert "SHA-256" in failing(recipe, "--data", folder)


def test_a_build_folder_that_is_a_file_is_refused(recipe: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    result = invoke("run", recipe, "--build", tmp_path / "file")
    assert result.exit_code == 2
    assert "cannot make the build folder" in " ".join(result.output.split())


def test_a_simulator_that_is_not_installed_is_named_with_its_remedy(
    finished_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe = finished_copy / "tiny.toml"
    summary = finished_copy / "build" / "tiny" / "sim" / "icarus" / "summary.json"
    before = summary.read_bytes()
    recipe.write_text(recipe.read_text().replace("pe = 2", "pe = 4", 1))
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent))
    result = invoke("sim", recipe, "--build", finished_copy / "build")
    assert result.exit_code == 2
    assert "iverilog" in result.output
    assert "apt-get install iverilog" in " ".join(result.output.split())
    assert summary.read_bytes() == before


# Shortly after the step began Torch is still importing.
@pytest.mark.parametrize(
    "delay",
    [
        pytest.param(0.3, marks=pytest.mark.regression),
        1.2,
        pytest.param(5, marks=pytest.mark.regression),
    ],
)
def test_ctrl_c_ends_with_130_and_leaves_the_finished_artefacts(
    finished_copy: Path, delay: float
) -> None:
    recipe, build = finished_copy / "tiny.toml", finished_copy / "build"
    recipe.write_text(recipe.read_text().replace("epochs = 3", "epochs = 100000"))
    before = artefacts(build)
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "pulsewright.flow.cli",
            "quantise",
            str(recipe),
            "--build",
            str(build),
        ],
        env={**os.environ, "PYTHONPATH": str(REPOSITORY / "src")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=heed_signals,
    )
    stamp = build / "tiny" / ".stamps" / "float.json"
    try:
        waited = time.monotonic() + 120
        while stamp.exists() and process.poll() is None and time.monotonic() < waited:
            time.sleep(0.05)
        # The stamp is gone, so the float step has begun; it would train for hours.
        time.sleep(delay)
        process.send_signal(signal.SIGINT)
        _, error = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 130, error
    assert "interrupted" in error
    assert "Traceback" not in error
    after = artefacts(build)
    before.pop("tiny/.stamps/float.json")
    assert {name: after.get(name) for name in before} == before
    assert not [name for name in after if name.endswith(".part")]


def test_reproduce_without_the_measured_curves_says_where_they_come_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PULSEWRIGHT_DATA", raising=False)
    result = invoke("reproduce", "--build", tmp_path)
    assert result.exit_code == 2, result.output
    assert "set PULSEWRIGHT_DATA or --data to the folder with x.pck and y.pck" in result.output
    result = invoke("reproduce", "--curves", "synthetic", "--download", "--build", tmp_path)
    assert result.exit_code == 2, result.output
    assert "--download fetches the measured curves" in result.output
    assert not artefacts(tmp_path)
