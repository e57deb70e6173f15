# SPDX-License-Identifier: Apache-2.0
"""The header of integers of declared widths, in programs of its own."""

import shutil
import subprocess
from importlib.resources import files
from pathlib import Path

import pytest

from tests.hls_model.hls_cpp.kernels import compile_and_run

PROGRAM = """
#include "pulsewright_integer.h"
#include <iostream>
using namespace pulsewright;
template <int BITS, bool IS_SIGNED> void sizes() {
    typedef Integer<BITS, IS_SIGNED> Format;
    std::cout << sizeof(typename Format::type) << " ";
    for (std::int64_t value = -(1 << 6); value < (1 << 6); ++value) {
        if (fits<Format>(value)) {
            std::cout << value << " ";
        }
    }
    std::cout << "\\n";
}
int main() {
    sizes<1, true>();
    sizes<1, false>();
    sizes<3, true>();
    sizes<3, false>();
    std::cout << sizeof(Integer<9, true>::type) << sizeof(Integer<17, false>::type)
              << sizeof(Integer<33, true>::type) << "\\n";
    std::cout << shift_left<Integer<10, true>>(Integer<4, true>::type(-3), 5) << "\\n";
    std::cout << fits<Integer<64, true>>(INT64_MIN) << fits<Integer<63, false>>(INT64_MAX)
              << fits<Integer<63, false>>(-1) << fits<Integer<62, false>>(INT64_MAX) << "\\n";
    %s
}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for header in ("pulsewright_integer.h",):
        shutil.copy(str(files("pulsewright.hls_model.hls_cpp") / "kernel" / header), tmp_path)
    return tmp_path


def test_the_smallest_integers_that_hold_a_width(folder: Path) -> None:
    (folder / "main.cpp").write_text(PROGRAM % "")
    output = compile_and_run(folder, "main.cpp", flags=["-fsanitize=undefined"])
    assert output.splitlines() == [
        "1 -1 0 ",
        "1 0 1 ",
        "1 -4 -3 -2 -1 0 1 2 3 ",
        "1 0 1 2 3 4 5 6 7 ",
        "248",
        "-96",
        "1100",
    ]


def test_a_fast_program_has_integers_of_a_least_size(folder: Path) -> None:
    statement = 'std::cout << sizeof(Integer<3, true>::type) << "\\n";'
    (folder / "main.cpp").write_text(PROGRAM % statement)
    output = compile_and_run(folder, "main.cpp", flags=["-DPULSEWRIGHT_LEAST_BYTES=4"])
    assert output.splitlines()[-1] == "4"


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("narrow<Integer<4, true>>(8);", "8 leaves its 4 bits (signed)"),
        ("narrow<Integer<4, false>>(-1);", "-1 leaves its 4 bits (unsigned)"),
        ("shift_left<Integer<4, true>>(3, 2);", "12 leaves its 4 bits (signed)"),
    ],
)
def test_a_value_that_leaves_its_width_ends_a_checked_program(
    folder: Path, statement: str, message: str
) -> None:
    (folder / "main.cpp").write_text(PROGRAM % statement)
    compile_and_run(folder, "main.cpp")
    words = ["g++", "-std=c++14", "-DPULSEWRIGHT_CHECKED", "main.cpp", "-o", "checked"]
    subprocess.run(words, cwd=folder, check=True)
    run = subprocess.run(["./checked"], cwd=folder, capture_output=True, text=True, check=False)
    assert run.returncode != 0
    assert message in run.stderr
