# SPDX-License-Identifier: Apache-2.0
"""A target asks for what it needs itself: nobody installs a RISC-V compiler for `make run`."""

import shutil
import subprocess
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
SCRIPT = REPOSITORY / "tools" / "system_packages.sh"
PROGRAMS = ("iverilog", "g++", "make", "perl")
RISCV = "riscv64-unknown-elf-gcc"
# A library is looked for by its header, which a test cannot take away.
LZ4 = [] if Path("/usr/include/lz4.h").exists() else ["liblz4-dev"]


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """A PATH of one folder: a user who is not root, apt-get, and a Python that has venv."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in (*PROGRAMS, RISCV, "apt-get", "python3"):
        _program(folder / name, "exit 0")
    _program(folder / "id", "echo 1000")
    return folder


def _program(path: Path, text: str) -> None:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def asked(programs: Path, *groups: str) -> list[str]:
    """The packages that the user is asked to install."""
    run = subprocess.run(
        ["/bin/sh", SCRIPT, *groups],
        env={"PATH": str(programs)},
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode == 0:
        assert run.stdout + run.stderr == ""
        return []
    assert run.returncode == 2, run.stderr
    (line,) = run.stderr.splitlines()
    _, _, packages = line.partition("sudo apt-get install ")
    return packages.split()


def test_where_everything_is_there_nothing_is_asked_for(programs: Path) -> None:
    assert asked(programs, "python", "simulators", "firmware") == LZ4


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_missing_program_of_the_simulators_is_asked_for(program: str, programs: Path) -> None:
    (programs / program).unlink()
    assert asked(programs, "simulators") == [program, *LZ4]
    assert asked(programs, "python", "firmware") == []


def test_the_compiler_for_risc_v_is_asked_for_by_firmware_alone(programs: Path) -> None:
    (programs / RISCV).unlink()
    assert asked(programs, "python", "simulators") == LZ4
    assert asked(programs, "firmware") == ["gcc-riscv64-unknown-elf"]
    _program(programs / "riscv32-unknown-elf-gcc", "exit 0")
    assert asked(programs, "firmware") == []


def test_what_times_and_lays_out_cells_is_asked_for_together(programs: Path) -> None:
    assert asked(programs, "cells") == ["opensta", "qflow", "qflow-tech-osu018"]
    for name in ("sta", "qflow"):
        _program(programs / name, "exit 0")
    assert asked(programs, "cells") == []


def test_a_python_without_venv_is_told_apart_from_none(programs: Path) -> None:
    _program(programs / "python3", "exit 1")
    assert asked(programs, "python") == ["python3-venv"]
    (programs / "python3").unlink()
    assert asked(programs, "python") == ["python3", "python3-venv", "python3-dev"]


def test_without_apt_the_sentence_names_no_apt(programs: Path) -> None:
    (programs / "apt-get").unlink()
    (programs / "perl").unlink()
    run = subprocess.run(
        ["/bin/sh", SCRIPT, "simulators"],
        env={"PATH": str(programs)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 2
    assert "with your package manager" in run.stderr
    assert "perl" in run.stderr


@pytest.mark.parametrize(
    ("target", "groups"),
    [
        ("run", {"simulators"}),
        ("lint", set()),
        ("format", set()),
        ("bench", {"simulators"}),
        ("soc", {"simulators", "firmware"}),
        ("closed-loop", {"simulators", "firmware"}),
        ("test", {"simulators", "firmware"}),
        ("regression", {"simulators", "firmware", "browser", "cells"}),
        ("pictures", {"simulators", "browser"}),
        ("bench-gates", {"cells"}),
        ("setup", {"simulators", "firmware"}),
    ],
)
def test_each_target_asks_for_its_own_groups(target: str, groups: set[str]) -> None:
    make = shutil.which("make")
    if make is None:
        pytest.skip("make is not installed")
    run = subprocess.run(
        [make, "--dry-run", target], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    lines = [line.split() for line in run.stdout.splitlines() if "system_packages.sh" in line]
    assert {group for line in lines for group in line[2:]} - {"python"} == groups
