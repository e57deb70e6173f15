# SPDX-License-Identifier: Apache-2.0
import json
import subprocess
from pathlib import Path

import pytest

from pulsewright.synth.cells.cell_library import CellLibrary
from pulsewright.synth.cells.mapping import map_to_cells
from pulsewright.synth.cells.technology import TYPICAL, Technology
from pulsewright.synth.cells.timing import PROGRAM, is_available
from pulsewright.synth.layout.librelane import CONFIGURATION, clock_period, librelane_files
from tests.synth.designs import COUNTER
from tests.synth.layout.librelane_kit import load, loaded, make_kit


def test_the_period_leaves_room_for_wires() -> None:
    assert clock_period(4.0) == 5.0
    assert clock_period(4.01) == 5.1
    assert clock_period(6.71) == 8.4


def written(folder: Path, period: float = 5.1) -> Path:
    folder.mkdir()
    for name, text in librelane_files("counter", COUNTER, period).items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder / CONFIGURATION


def test_the_folder_is_whole(tmp_path: Path) -> None:
    configuration = json.loads(written(tmp_path / "counter").read_text())
    named = [*configuration["VERILOG_FILES"], configuration["PNR_SDC_FILE"]]
    for one in named:
        assert (tmp_path / "counter" / one.removeprefix("dir::")).is_file()


@pytest.mark.regression
def test_librelane_takes_the_configuration(tmp_path: Path) -> None:
    root = make_kit(tmp_path / "kits")
    path = written(tmp_path / "counter")
    found = loaded(path, root)
    assert found["DESIGN_NAME"] == "counter"
    assert found["CLOCK_PORT"] == "clk_i"
    assert float(found["CLOCK_PERIOD"]) == 5.1
    assert float(found["FP_CORE_UTIL"]) == 60
    assert found["SYNTH_MUL_BOOTH"] is True
    assert found["VERILOG_FILES"] == [str(tmp_path / "counter" / "counter.v")]
    assert found["PNR_SDC_FILE"] == found["SIGNOFF_SDC_FILE"]
    # The loader knows what it reads: a name or a value of its own making is refused.
    text = path.read_text()
    for given, changed in (
        ("CLOCK_PERIOD", "CLOCK_PERIODS"),
        ('"CLOCK_PERIOD": 5.1', '"CLOCK_PERIOD": "soon"'),
        ("dir::counter.v", "dir::absent.v"),
    ):
        path.write_text(text.replace(given, changed))
        assert load(path, root).returncode != 0, changed


@pytest.mark.skipif(not is_available(), reason="OpenSTA is not installed")
def test_a_timer_obeys_the_constraints(
    mini_technology: Technology, mini: CellLibrary, tmp_path: Path
) -> None:
    """The kit's figures change the slack of the path as they are meant to."""
    netlist = map_to_cells(
        COUNTER, "counter", mini_technology, mini, 4.0, clock_gates=False, folder=tmp_path
    )
    (tmp_path / "cells.v").write_text(netlist.verilog())
    (tmp_path / "counter.sdc").write_text(librelane_files("counter", COUNTER, 5.0)["counter.sdc"])

    def slack(period: float, uncertainty: float, derating: float = 0.0) -> float:
        kit = {
            "CLOCK_PERIOD": period,
            "CLOCK_UNCERTAINTY_CONSTRAINT": uncertainty,
            "CLOCK_TRANSITION_CONSTRAINT": 0.1,
            "SYNTH_DRIVING_CELL": "BUF/Y",
            "OUTPUT_CAP_LOAD": 6.0,
            "MAX_FANOUT_CONSTRAINT": 10,
            "TIME_DERATING_CONSTRAINT": derating,
        }
        script = [f"set ::env({name}) {value}" for name, value in kit.items()]
        script += [
            f"read_liberty {mini_technology.corners[TYPICAL]}",
            "read_verilog cells.v",
            "link_design counter",
            "read_sdc counter.sdc",
            "report_checks -path_delay max -digits 4",
        ]
        (tmp_path / "time.tcl").write_text("\n".join(script) + "\n")
        run = subprocess.run(
            [PROGRAM, "-exit", "time.tcl"], cwd=tmp_path, capture_output=True, text=True, check=True
        )
        assert "rror" not in run.stdout + run.stderr, run.stdout + run.stderr
        assert "Startpoint: rst_ni" not in run.stdout
        (line,) = [one for one in run.stdout.splitlines() if one.strip().endswith("slack (MET)")]
        return float(line.split()[0])

    plain = slack(5.0, 0.0)
    assert 0 < plain < 5
    assert slack(7.0, 0.0) == pytest.approx(plain + 2.0, abs=2e-4)
    assert slack(5.0, 0.3) == pytest.approx(plain - 0.3, abs=2e-4)
    assert slack(5.0, 0.0, 10.0) < plain
