# SPDX-License-Identifier: Apache-2.0
import ctypes
from pathlib import Path

import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.hls_cpp.compiler import (
    compiler_version,
    find_compiler,
    needed_compiler,
    shared_library,
)

SEVEN = b'extern "C" int seven();\nint seven() { return 7; }\n'


def test_the_first_compiler_that_is_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("CXX", raising=False)
    for name in ("c++", "clang++"):
        (tmp_path / name).write_text("#!/bin/sh\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_compiler() == ["clang++"]


def test_cxx_is_taken_with_its_arguments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CXX", "g++ -pipe")
    assert find_compiler() == ["g++", "-pipe"]


@pytest.mark.parametrize("value", ["no_such_compiler", "'g++", '""'])
def test_a_cxx_that_is_no_program_is_named(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("CXX", value)
    with pytest.raises(PulsewrightError, match=r"CXX = .* names no program; unset it"):
        find_compiler()


def test_without_a_compiler_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("CXX", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_compiler() is None
    with pytest.raises(PulsewrightError, match=r"no C\+\+ compiler was found .*apt-get install"):
        needed_compiler()


def test_the_version_is_one_line() -> None:
    assert "\n" not in compiler_version("g++")
    assert compiler_version("g++").startswith("g++")


def test_a_library_is_loadable_and_nothing_else_is_left(tmp_path: Path) -> None:
    library = shared_library(tmp_path, "seven", {"seven.cpp": SEVEN}, "seven.cpp")
    assert ctypes.CDLL(str(library)).seven() == 7
    assert list(tmp_path.iterdir()) == [library]


def test_other_flags_or_files_make_another_library(tmp_path: Path) -> None:
    files = {"seven.cpp": SEVEN}
    paths = {
        shared_library(tmp_path, "seven", files, "seven.cpp"),
        shared_library(tmp_path, "seven", files, "seven.cpp", ["-O0"]),
        shared_library(tmp_path, "seven", {**files, "more.h": b""}, "seven.cpp"),
        shared_library(tmp_path, "seven", files, "seven.cpp"),
    }
    assert len(paths) == 3


def test_what_does_not_compile_leaves_nothing_and_the_reason(tmp_path: Path) -> None:
    with pytest.raises(PulsewrightError, match=r"cannot compile the emulator bad: .*error") as info:
        shared_library(tmp_path, "bad", {"bad.cpp": b"int x = y;\n"}, "bad.cpp")
    assert "\n" not in str(info.value)
    assert list(tmp_path.iterdir()) == []


def test_a_warning_is_an_error(tmp_path: Path) -> None:
    source = b"void f(int);\nvoid f(int unused) {}\n"
    with pytest.raises(PulsewrightError, match="unused"):
        shared_library(tmp_path, "bad", {"bad.cpp": source}, "bad.cpp")
