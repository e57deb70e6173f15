# SPDX-License-Identifier: Apache-2.0
"""A user without a home, as in containers: tools write elsewhere, and nothing is said about it."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from pulsewright.flow.user_folders import ensure_writable_user_folders

VARIABLES = ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")
STRANGER = 12345


@pytest.fixture(autouse=True)
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own, no other folders set, and temporary files beside it."""
    for variable in VARIABLES:
        # Set first, so that what the code under test sets is taken back.
        monkeypatch.setenv(variable, "")
    (tmp_path / "home").mkdir()
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    return tmp_path


def own(folder: Path) -> Path:
    return folder / "temporary" / f"pulsewright-{os.getuid()}"


def test_a_writable_home_is_left_alone(environment: Path) -> None:
    before = dict(os.environ)
    ensure_writable_user_folders()
    assert dict(os.environ) == before
    assert not own(environment).exists()


@pytest.mark.parametrize("home", ["/dev/null/none", "/dev/null", "", "relative"])
def test_an_unusable_home_is_replaced_and_kept_for_the_next_run(
    home: str, environment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", home)
    ensure_writable_user_folders()
    assert os.environ["HOME"] == str(own(environment))
    assert own(environment).stat().st_mode & 0o777 == 0o700
    ensure_writable_user_folders()
    assert os.environ["HOME"] == str(own(environment))


@pytest.mark.parametrize("variable", VARIABLES)
def test_one_unusable_folder_is_replaced_alone(
    variable: str, environment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, "/dev/null/none")
    ensure_writable_user_folders()
    assert os.environ["HOME"] == str(environment / "home")
    assert Path(os.environ[variable]).is_relative_to(own(environment))
    assert [os.environ[name] for name in VARIABLES if name != variable] == ["", ""]


@pytest.mark.parametrize("kind", ["file", "link", "open to all"])
def test_a_folder_that_somebody_else_may_have_written_is_not_used(
    kind: str, environment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Code is loaded from caches."""
    planted = own(environment)
    if kind == "file":
        planted.write_text("")
    elif kind == "link":
        (environment / "theirs").mkdir(mode=0o700)
        planted.symlink_to(environment / "theirs")
    else:
        planted.mkdir()
        planted.chmod(0o777)
    monkeypatch.setenv("HOME", "/dev/null/none")
    ensure_writable_user_folders()
    home = Path(os.environ["HOME"])
    assert home not in (planted, planted.resolve())
    assert home.stat().st_mode & 0o777 == 0o700


PROGRAM = """
import os
from pulsewright.flow.user_folders import ensure_writable_user_folders
ensure_writable_user_folders()
import matplotlib.font_manager, amaranth.back.verilog
from amaranth.hdl import Module, Signal
module, a, b = Module(), Signal(), Signal()
module.d.comb += b.eq(a)
assert "module top" in amaranth.back.verilog.convert(module, ports=[a, b])
print(os.environ["HOME"])
"""


def as_a_stranger(program: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    """Run by a user whom the system does not know, if we may choose; without a home in any case."""
    stranger = {"user": STRANGER, "group": STRANGER, "extra_groups": []}
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": "/nonexistent", "TMPDIR": str(folder)},
        capture_output=True,
        text=True,
        check=False,
        **(stranger if os.getuid() == 0 else {}),  # type: ignore[call-overload]
    )


@pytest.mark.regression
def test_matplotlib_and_yosys_work_without_a_home_and_say_nothing() -> None:
    folder = Path(tempfile.mkdtemp(dir="/tmp"))
    folder.chmod(0o777)
    try:
        try:
            probe = as_a_stranger("import pulsewright", folder)
        except PermissionError:
            pytest.skip("other users cannot run this Python")
        assert probe.returncode == 0, probe.stderr
        run = as_a_stranger(PROGRAM, folder)
        assert run.returncode == 0, run.stderr
        assert run.stderr == ""
        assert run.stdout.startswith(str(folder))
    finally:
        shutil.rmtree(folder)
