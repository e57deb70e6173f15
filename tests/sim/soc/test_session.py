# SPDX-License-Identifier: Apache-2.0
"""Programs on the cores: 0 mismatches with the integer model, from physical integers on."""

from pathlib import Path
from typing import Any

import pytest

from pulsewright.sim.simulators import Simulator
from pulsewright.sim.soc.compiler import OPTIMISATIONS
from pulsewright.sim.soc.cores import CORES
from pulsewright.sim.soc.rows_header import Curve
from pulsewright.sim.soc.session import SocSession
from tests.models import fold_model, random_model
from tests.sim.soc.systems import (
    A1,
    SLOW,
    SMALL,
    build_session,
    check_interrupts,
    curves_of,
    exits_well,
    need_core,
    physical_rows,
)

ICARUS, VERILATOR = Simulator
SYSTEMS = [
    ("ibex", "obi", VERILATOR, SLOW, {"shallow": True}),
    ("picorv32", "pcpi", ICARUS, SMALL, {}),
    ("picorv32", "obi", ICARUS, SMALL, {}),
    ("picorv32", "pcpi", VERILATOR, A1, {}),
    ("picorv32", "obi", VERILATOR, A1, {}),
    ("ibex", "obi", VERILATOR, A1, {}),
    ("ibex", "obi", VERILATOR, ((6, 64, 1), [(8, 1), (1, 8)]), {"incremental": True}),
    ("ibex", "obi", VERILATOR, A1, {"reloadable": True}),
    ("cv32e40x", "cv_x_if", VERILATOR, SMALL, {"reloadable": True}),
    ("ibex", "obi", VERILATOR, ((6, 7, 5, 1), [(2, 4), (3, 2), (1, 3)]), {}),
    ("cv32e40x", "cv_x_if", VERILATOR, A1, {"shallow": True}),
    ("cv32e40x", "obi", VERILATOR, A1, {}),
    ("picorv32", "obi", ICARUS, SMALL, {"maps_inputs": True}),
    ("ibex", "obi", VERILATOR, A1, {"maps_inputs": True}),
]


def test_rows_and_a_curve_have_the_bits_of_the_integer_model(tmp_path: Path) -> None:
    """On a core that Icarus runs; a system takes Verilator half a minute to build."""
    session = build_session("picorv32", "pcpi", ICARUS, tmp_path)
    physical = physical_rows(session.model, 2)
    run = session.run("rows", physical, [Curve(physical[1], 7, 9)])
    assert (run.exit_code, run.failures) == (0, []), run.log.read_text()[-2000:]
    assert run.measures["rows"] == {"rows": 2, "mismatches": 0}
    compared = [fields for fields in run.measures.values() if "mismatches" in fields]
    assert len(compared) >= 8
    assert all(fields["mismatches"] == 0 for fields in compared)


@pytest.mark.regression
@pytest.mark.parametrize(("core", "attachment", "simulator", "case", "engine"), SYSTEMS)
def test_firmware_has_the_bits_of_the_integer_model(
    core: str, attachment: str, simulator: Simulator, case: Any, engine: Any, tmp_path: Path
) -> None:
    session = build_session(core, attachment, simulator, tmp_path, case, **engine)
    rows = 8 if simulator is ICARUS else 64
    found = exits_well(session, "rows", rows)
    assert found["rows"] == {"rows": rows, "mismatches": 0}
    compared = [fields for fields in found.values() if "mismatches" in fields]
    assert len(compared) >= 8
    assert all(fields["mismatches"] == 0 for fields in compared)
    of_units = {name for name in found if name.endswith("_of_units")}
    wanted = {f"{name}_of_units" for name in ("rows", "curves", "increments", "reach")}
    assert of_units == (wanted if engine.get("maps_inputs") else set())
    faults = exits_well(session, "faults", 1)
    assert len(faults) > 10
    assert all(one["status"] == one["expected"] for one in faults.values())
    assert ("fault_weights_corrupted" in faults) == session.folded.reloadable, faults.keys()
    hello = exits_well(session, "hello", 2)
    assert hello["hello"]["cycles"] > 0
    restarts = exits_well(session, "warm_restart", 1)
    assert len(restarts) > 10
    assert all(one["status"] == one["expected"] for one in restarts.values())
    if core != "picorv32":
        check_interrupts(session, 200)


@pytest.mark.regression
@pytest.mark.parametrize(
    ("core", "attachment"), [("ibex", "obi"), ("cv32e40x", "obi"), ("cv32e40x", "cv_x_if")]
)
def test_of_thousands_of_interrupts_none_is_lost(
    core: str, attachment: str, tmp_path: Path
) -> None:
    """Jobs of random length with random gaps: some end before the core sleeps, others after."""
    session = build_session(core, attachment, VERILATOR, tmp_path, SLOW)
    found = check_interrupts(session, 1000)
    for name in ("jobs_by_handler", "jobs_by_sleep"):
        assert 100 < found[name]["slept"] < 900


@pytest.mark.parametrize(
    ("core", "simulator"),
    [
        ("picorv32", ICARUS),
        pytest.param("ibex", VERILATOR, marks=pytest.mark.regression),
        pytest.param("cv32e40x", VERILATOR, marks=pytest.mark.regression),
    ],
)
def test_increments_of_results_that_fill_a_word(
    core: str, simulator: Simulator, tmp_path: Path
) -> None:
    """The hardware refuses them, and the driver says so before it asks."""
    need_core(core)
    sizes, foldings = (6, 8, 6, 1), [(2, 6), (2, 2), (1, 2)]
    model = random_model(sizes, requantised=False, input_width=4, pulses=16)
    assert model.output_format.width == 32
    folded = fold_model(model, foldings)
    session = SocSession.build(model, folded, CORES[core], "obi", simulator, tmp_path)
    physical = physical_rows(model, 2)
    run = session.run("wide_results", physical, [Curve(physical[1], 0, 15)])
    assert (run.exit_code, run.failures) == (0, []), run.log.read_text()[-2000:]
    assert run.measures["wide_increments"] == {"status": -4, "expected": -4}
    assert run.measures["wide_curve"] == {"rows": 16, "mismatches": 0}


@pytest.mark.regression
@pytest.mark.parametrize("width", [1, 2, 3])
def test_faults_of_narrow_weights_are_told_apart(width: int, tmp_path: Path) -> None:
    """Weights of few bits have neighbours that the hardware refuses to store."""
    need_core("picorv32")
    model = random_model(SMALL[0], weight_width=width, extreme=True)
    folded = fold_model(model, SMALL[1], reloadable=True)
    session = SocSession.build(model, folded, CORES["picorv32"], "obi", ICARUS, tmp_path)
    run = session.check_faults(physical_rows(model, 2))
    assert run.exit_code == 0, run.log.read_text()[-2000:]
    faults = {name: fields for name, fields in run.measures.items() if "status" in fields}
    assert all(one["status"] == one["expected"] for one in faults.values())
    assert ("fault_weights_corrupted" in faults) == (width > 1)
    assert "fault_weights_verified" in faults


@pytest.mark.regression
@pytest.mark.parametrize("optimisation", OPTIMISATIONS)
@pytest.mark.parametrize(("core", "attachment"), [("ibex", "obi"), ("cv32e40x", "obi")])
def test_every_way_to_infer_is_measured_and_right(
    core: str, attachment: str, optimisation: str, tmp_path: Path
) -> None:
    session = build_session(core, attachment, VERILATOR, tmp_path, A1)
    physical = physical_rows(session.model, 32)
    runs = session.measure_cycles(physical, curves_of(physical))
    measures = runs[optimisation].measures
    methods = {name for name, fields in measures.items() if "mismatches" in fields}
    assert {"hardware_packed", "software_fused", "curve_job", "curve_software_incremental"} <= (
        methods
    )
    assert ("software_dot4" in methods) == (core == "cv32e40x")
    assert all(measures[name]["mismatches"] == 0 for name in methods)
    assert measures["hardware_packed"]["cycles"] < measures["software_fused"]["cycles"]


@pytest.mark.regression
@pytest.mark.parametrize("architecture", ["rv32i", "rv32ic"])
def test_a_core_without_a_multiplier_runs_them_too(architecture: str, tmp_path: Path) -> None:
    """What C needs in its place comes from libgcc; weights are what the driver needs it for."""
    case = (3, 2, 1), [(1, 1), (1, 1)]
    session = build_session("picorv32", "obi", ICARUS, tmp_path, case, reloadable=True)
    found = exits_well(session, "rows", 3, architecture=architecture)
    assert found["rows"] == {"rows": 3, "mismatches": 0}
    assert found["curves"]["mismatches"] == found["reach"]["mismatches"] == 0


@pytest.mark.regression
def test_rows_that_do_not_fit_at_once_go_in_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pulsewright.sim.soc.session.ROWS_AT_ONCE", 3)
    session = build_session("picorv32", "pcpi", ICARUS, tmp_path)
    physical = physical_rows(session.model, 5)
    runs = session.check_rows(physical, curves_of(physical)[1:2])
    assert [run.measures["rows"]["rows"] for run in runs] == [3, 2]
    assert [run.exit_code for run in runs] == [0, 0]
