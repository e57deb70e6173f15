# SPDX-License-Identifier: Apache-2.0
"""Folders whose names mean something to make, to a shell or to a simulator."""

import tempfile
from pathlib import Path

import numpy as np
import pytest

from pulsewright.hls_model.hls_cpp.emulator import Emulator
from pulsewright.sim.simulators import Simulator
from pulsewright.sim.soc.cores import known_core
from pulsewright.sim.soc.session import SocSession
from tests.models import fold_model, random_codes, random_model
from tests.pulse_models import pulse_model
from tests.sim.designs import run_design

MODEL = random_model((3, 4, 2))
FOLDINGS = [(2, 3), (1, 2)]
ROWS = 20
# Every letter at once, and a name that looks like an option.
ODD = "-a b#c$d:e;f'g\"h%i\\j\nkä=+&|(`l`)*?~{}[]<>!@,^"
SEPARATE = (
    "a b",
    "a#b",
    "a$b",
    "a:b",
    "a;b",
    "a'b",
    'a"b',
    "a%b",
    "a\\b",
    "a\nb",
    "ä",
    "-a",
    "a+b",
)
ALL = [
    # Verilator takes a minute to build; that its build may stand anywhere is the longer list's.
    *((Simulator.ICARUS, ODD, False),),
    pytest.param(Simulator.VERILATOR, ODD, False, marks=pytest.mark.regression),
    *(
        pytest.param(simulator, name, waves, marks=pytest.mark.regression)
        for simulator in Simulator
        for name, waves in ((ODD, True), *((name, False) for name in SEPARATE))
    ),
]


@pytest.mark.parametrize(("simulator", "name", "waves"), ALL)
def test_a_simulator_works_in_any_folder(
    simulator: Simulator, name: str, waves: bool, tmp_path: Path
) -> None:
    run = run_design(simulator, "stream_bench", tmp_path / name, MODEL, FOLDINGS, ROWS, waves=waves)
    assert (run.tests, run.failures, run.skipped) == (3, 0, 0)
    assert run.junit == tmp_path / name / "run" / "results.xml"
    recorded = {path.suffix for path in (tmp_path / name).rglob("*")} & {".vcd", ".fst"}
    assert bool(recorded) == waves


@pytest.mark.regression
@pytest.mark.parametrize("simulator", Simulator)
def test_temporary_files_may_be_in_any_folder(
    simulator: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = tmp_path / ODD
    odd.mkdir()
    monkeypatch.setenv("TMPDIR", str(odd))
    monkeypatch.setattr(tempfile, "tempdir", str(odd))
    run = run_design(simulator, "stream_bench", odd / "design", MODEL, FOLDINGS, ROWS)
    assert (run.tests, run.failures, run.skipped) == (3, 0, 0)
    assert [path.name for path in odd.iterdir()] == ["design"]


@pytest.mark.regression
def test_the_emulator_is_compiled_in_any_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = tmp_path / ODD
    odd.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(odd))
    emulator = Emulator.build("net", MODEL, fold_model(MODEL, FOLDINGS), odd / "emulator")
    codes = random_codes(MODEL, ROWS)
    assert np.array_equal(emulator.infer(codes), MODEL.infer(codes))


@pytest.mark.regression
@pytest.mark.parametrize(
    ("core", "attachment", "simulator"),
    [
        ("picorv32", "pcpi", Simulator.ICARUS),
        ("picorv32", "pcpi", Simulator.VERILATOR),
        ("ibex", "obi", Simulator.VERILATOR),
    ],
)
def test_a_system_is_built_and_runs_in_any_folder(
    core: str, attachment: str, simulator: Simulator, tmp_path: Path
) -> None:
    model = pulse_model((6, 8, 1))
    folded = fold_model(model, [(2, 6), (1, 2)])
    # An image by its whole path would be longer than the RAM's parameter holds.
    folder = tmp_path / ODD / ("long" * 50) / ("longer" * 40)
    session = SocSession.build(model, folded, known_core(core), attachment, simulator, folder)
    features = model.input_map.features
    ends = [[one.minimum for one in features], [one.maximum for one in features]]
    run = session.run("rows", np.array(ends))
    assert run.exit_code == 0
    assert run.measures["rows"] == {"rows": 2, "mismatches": 0}
