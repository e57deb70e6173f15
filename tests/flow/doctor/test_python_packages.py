# SPDX-License-Identifier: Apache-2.0
from importlib.metadata import PackageNotFoundError

import pytest

from pulsewright.flow.doctor import python_packages
from pulsewright.flow.doctor.finding import Finding, State
from pulsewright.flow.doctor.python_packages import FOR_RUN, PURPOSES, python_findings
from pulsewright.hls_model.python_packages import extras

LEFT_OUT = {"all", "bench", "peers", "dev", "docs", "release"}


def found(name: str) -> Finding:
    (one,) = [one for one in python_findings() if one.name == name]
    return one


def test_every_extra_that_users_meet_has_a_purpose() -> None:
    assert set(PURPOSES) >= set(extras()) - LEFT_OUT
    assert set(PURPOSES) <= set(extras())


def test_what_run_needs_is_among_the_packages() -> None:
    needed = {one.name for one in python_findings() if one.for_run}
    assert needed >= FOR_RUN | {"numpy", "typer"}
    assert "pyserial" not in needed


def test_what_is_installed_has_its_version() -> None:
    assert found("numpy").state is State.OK
    assert found("numpy").version.split(".")[0].isdigit()
    assert found("numpy").remedy == ""


def test_a_missing_package_comes_with_the_command_of_its_extra(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def absent(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(python_packages, "version", absent)
    amaranth = found("amaranth")
    assert amaranth.state is State.MISSING
    assert amaranth.hinders_run
    assert "pip install" in amaranth.remedy
    assert "systemrdl-compiler" in amaranth.remedy
    assert not found("pyserial").hinders_run


def test_a_package_that_is_too_old_says_what_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(python_packages, "version", lambda name: "0.1")
    cocotb = found("cocotb")
    assert cocotb.state is State.TOO_OLD
    assert cocotb.version == "0.1, needs <2.2,>=2.1"
    assert cocotb.hinders_run
