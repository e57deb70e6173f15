# SPDX-License-Identifier: Apache-2.0
import os
from pathlib import Path

import pytest

from pulsewright.flow.doctor.finding import Finding, State
from pulsewright.flow.doctor.places import place_findings
from pulsewright.flow.user_folders import ensure_writable_user_folders


def found(name: str) -> Finding:
    (one,) = [one for one in place_findings() if one.name == name]
    return one


def test_the_folder_of_the_data_must_have_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PULSEWRIGHT_DATA", raising=False)
    assert found("PULSEWRIGHT_DATA").state is State.NOT_SET
    monkeypatch.setenv("PULSEWRIGHT_DATA", str(tmp_path))
    assert found("PULSEWRIGHT_DATA").state is State.BROKEN
    for name in ("x.pck", "y.pck"):
        (tmp_path / name).touch()
    assert found("PULSEWRIGHT_DATA")[2:4] == (State.OK, str(tmp_path))


def test_a_design_kit_must_be_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PDK_ROOT", str(tmp_path))
    assert found("PDK_ROOT").state is State.OK
    monkeypatch.setenv("PDK_ROOT", str(tmp_path / "none"))
    assert found("PDK_ROOT").state is State.BROKEN
    assert not found("PDK_ROOT").hinders_run


def test_a_cache_that_cannot_be_written_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file where a folder should be: that stops root as well."""
    (tmp_path / "file").touch()
    for variable in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "HOME"):
        monkeypatch.setenv(variable, str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file" / "cache"))
    ensure_writable_user_folders()
    cache = found("XDG_CACHE_HOME")
    assert cache.state is State.NOT_WRITABLE
    assert cache.version == os.environ["XDG_CACHE_HOME"]
    assert "set XDG_CACHE_HOME" in cache.remedy
    assert found("XDG_DATA_HOME").state is State.OK


def test_a_build_folder_that_cannot_be_made_hinders_a_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert found("build").state is State.OK
    (tmp_path / "build").touch()
    assert found("build").hinders_run
