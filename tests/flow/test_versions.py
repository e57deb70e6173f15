# SPDX-License-Identifier: Apache-2.0
import platform

import pytest

from pulsewright.flow.versions import tool_versions


def test_versions_name_python_and_the_installed_tools() -> None:
    versions = tool_versions()
    assert versions["python"] == platform.python_version()
    assert versions["pulsewright"].count(".") == 2
    assert versions["icarus"][0].isdigit()
    assert versions["c++"].split()[-1][0].isdigit()


def test_a_tool_that_is_absent_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("CXX", raising=False)
    assert not {"icarus", "c++"} & set(tool_versions())
    monkeypatch.setenv("CXX", "no_such_compiler")
    assert "c++" not in tool_versions()
