# SPDX-License-Identifier: Apache-2.0
import shutil
import subprocess
from collections.abc import Callable
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.files.atomic_write import write_folder
from pulsewright.hls_model.hls_cpp.kernel_files import kernel_files, vectors_text
from pulsewright.hls_model.reference.fixed_point import Rounding
from tests.hls_model.hls_cpp.kernels import (
    SANITIZED,
    Case,
    ac_int,
    ap_int,
    cases,
    needs_compiler,
    run_benches,
)
from tests.hls_model.hls_cpp.test_emulator import BATCHES
from tests.models import changed, fold_model, random_codes, random_model, slowly_changing_codes

COMPILERS = ["g++", "clang++"]
# Pragmas are unknown to g++, and in synthesis no array gets first values that it does not need.
AS_SYNTHESIS = ["-Wall", "-Wextra", "-Werror", "-Wno-unknown-pragmas", "-Wno-maybe-uninitialized"]


def corner_cases() -> list[Case]:
    """All roundings, both kinds of first layer and of weights; foldings that do not divide."""
    some = []
    for rounding, incremental, reloadable in product(Rounding, (False, True), (False, True)):
        model = random_model((6, 7, 5, 2), rounding=rounding, per_channel=reloadable)
        foldings = [(3, 4), (2, 3), (2, 4)]
        codes = slowly_changing_codes(model, 150)
        some.append(Case(model, fold_model(model, foldings, incremental, reloadable), codes))
    # The widest accumulators: nothing is requantised, all weights are extremes.
    wide = random_model((6, 7, 5, 2), input_width=16, requantised=False, extreme=True)
    some.append(Case(wide, fold_model(wide, [(3, 4), (2, 3), (2, 4)]), random_codes(wide, 150)))
    for output, multipliers in (("code", 21), ("argmax", 8)):
        model = random_model((6, 7, 5, 2), multipliers=multipliers, output=output)
        engine = fold_model(model, [(3, 4), (2, 3), (2, 4)], reloadable=output == "argmax")
        some.append(Case(model, engine, random_codes(model, 150)))
    return some


@pytest.mark.parametrize("compiler", COMPILERS)
def test_no_value_leaves_its_width_under_sanitizers(compiler: str, tmp_path: Path) -> None:
    needs_compiler(compiler)
    run_benches(tmp_path, corner_cases(), compiler)


@pytest.mark.parametrize("compiler", COMPILERS)
def test_optimised(compiler: str, tmp_path: Path) -> None:
    needs_compiler(compiler)
    run_benches(tmp_path, corner_cases()[:6], compiler, ["-O3", "-Wpedantic", "-Wshadow"])


@pytest.mark.parametrize("types", [ap_int, ac_int])
@pytest.mark.parametrize("checked", [True, False])
def test_with_the_integers_of_synthesis(
    types: Callable[[], list[str]], checked: bool, tmp_path: Path
) -> None:
    flags = [*types(), *(["-DPULSEWRIGHT_CHECKED"] if checked else [])]
    some = corner_cases()[-4:]
    run_benches(tmp_path, some, "g++", flags, ["-Wall", "-Wextra", "-Werror"])


@pytest.mark.parametrize(("types", "header"), [(ap_int, "ap_int.h"), (ac_int, "ac_int.h")])
def test_what_a_synthesis_tool_sees_compiles(
    types: Callable[[], list[str]], header: str, tmp_path: Path
) -> None:
    # In synthesis the headers of integers and of g++ would ask for another compiler.
    headers = [header, "fstream", "iostream", "string"]
    first_lines = "".join(f"#include <{name}>\n" for name in headers) + "#define __SYNTHESIS__\n"
    run_benches(tmp_path, corner_cases()[2:4], "g++", types(), AS_SYNTHESIS, first_lines)


def random_benches(some: list[Case], compiler: str) -> None:
    with TemporaryDirectory() as folder:
        run_benches(Path(folder), some, compiler, SANITIZED)


@settings(max_examples=1, **BATCHES)
@given(st.lists(cases(), min_size=12, max_size=12))
def test_random_networks_keep_their_widths(some: list[Case]) -> None:
    random_benches(some, "g++")


@pytest.mark.regression
@pytest.mark.parametrize("compiler", COMPILERS)
def test_many_random_networks_keep_their_widths(compiler: str) -> None:
    needs_compiler(compiler)

    @settings(max_examples=12, **BATCHES)
    @given(st.lists(cases(rows=100), min_size=50, max_size=50))
    def check(some: list[Case]) -> None:
        random_benches(some, compiler)

    check()


@pytest.mark.regression
@pytest.mark.parametrize("types", [ap_int, ac_int])
@pytest.mark.parametrize("compiler", COMPILERS)
def test_many_random_networks_with_the_integers_of_synthesis(
    types: Callable[[], list[str]], compiler: str
) -> None:
    needs_compiler(compiler)
    flags = [*types(), "-DPULSEWRIGHT_CHECKED"]

    @settings(max_examples=3, **BATCHES)
    @given(st.lists(cases(), min_size=40, max_size=40))
    def check(some: list[Case]) -> None:
        with TemporaryDirectory() as folder:
            run_benches(Path(folder), some, compiler, flags, ["-Wall", "-Wextra", "-Werror"])

    check()


@pytest.fixture
def net(tmp_path: Path) -> Path:
    model = random_model((3, 4, 2))
    engine = fold_model(model, [(2, 2), (1, 3)], incremental=True)
    files = kernel_files("net", model, engine, slowly_changing_codes(model, 100))
    write_folder(tmp_path / "hls", files)
    return tmp_path / "hls"


@pytest.fixture
def compared(tmp_path: Path) -> Path:
    """Hidden codes by multipliers, and the index of the largest of outputs that are often equal."""
    model = random_model((3, 4, 3), multipliers=7, output="argmax")
    equal = changed(model.layers[1], weights=[[1, 1, 0, 0]] * 2 + [[0, 0, 1, 1]], bias=[0] * 3)
    model = changed(model, layers=(model.layers[0], equal))
    engine = fold_model(model, [(2, 2), (1, 3)])
    write_folder(tmp_path / "hls2", kernel_files("net", model, engine, random_codes(model, 100)))
    return tmp_path / "hls2"


def make(folder: Path, target: str = "test") -> "subprocess.CompletedProcess[str]":
    if shutil.which("make") is None:
        pytest.skip("make is not installed (apt-get install make)")
    words = ["make", target, "CXXFLAGS=-O0"]
    return subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("target", ["test", "checked"])
def test_the_one_command(net: Path, target: str) -> None:
    run = make(net, target)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "PASS: net, 100 rows, 0 mismatches" in run.stdout


def test_the_bench_fails_on_another_result(net: Path) -> None:
    lines = (net / "vectors.txt").read_text().splitlines()
    words = lines[50].split()
    lines[50] = " ".join([*words[:-1], str(int(words[-1]) + 1)])
    (net / "vectors.txt").write_text("\n".join(lines) + "\n")
    run = make(net)
    assert run.returncode != 0
    assert "net: row 49 differs" in run.stderr
    assert "FAIL: net, 100 rows, 1 mismatches" in run.stdout


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "vectors.txt cannot be read; name the file of vectors"),
        ("1 9 1\n", "vectors of 9 inputs and 1 outputs, the kernel takes 3 and 2"),
        ("2 3 2\n0 0 0", "vectors.txt ends at row 0 of 2"),
    ],
)
def test_the_bench_refuses_other_vectors(net: Path, text: str, message: str) -> None:
    (net / "vectors.txt").write_text(text)
    run = make(net)
    assert run.returncode != 0
    assert message in run.stderr


@pytest.mark.quick_cases(3)
@pytest.mark.parametrize(
    ("path", "right", "wrong"),
    [
        ("pulsewright_requantise.h", "more || odd", "more || !odd"),
        ("pulsewright_requantise.h", "aligned < 0", "aligned > 0"),
        ("pulsewright_requantise.h", "product + narrow", "product - narrow"),
        ("pulsewright_argmax.h", "x[neuron] > largest", "x[neuron] >= largest"),
        ("pulsewright_dense.h", "step == 0", "step == 1"),
        ("pulsewright_incremental.h", "now - narrow", "now + narrow"),
        ("pulsewright_incremental.h", "x[input] != before", "false"),
    ],
)
def test_the_bench_finds_a_broken_kernel(
    net: Path, compared: Path, path: str, right: str, wrong: str
) -> None:
    if not (net / path).exists() or right == "product + narrow":
        net = compared
    text = (net / path).read_text()
    assert right in text
    (net / path).write_text(text.replace(right, wrong))
    run = make(net)
    assert run.returncode != 0
    assert "FAIL: net" in run.stdout


def test_the_same_model_gives_the_same_files() -> None:
    model = random_model((3, 4, 2))
    engine, codes = fold_model(model, [(2, 2), (1, 3)]), random_codes(model, 10)
    assert kernel_files("net", model, engine, codes) == kernel_files("net", model, engine, codes)


def test_vectors_are_codes_and_results() -> None:
    model = random_model((2, 3, 1))
    codes = random_codes(model, 5)
    head, *rows = vectors_text(model, codes).splitlines()
    assert head == "5 2 1"
    numbers = np.array([[int(word) for word in row.split()] for row in rows])
    np.testing.assert_array_equal(numbers[:, :2], codes)
    np.testing.assert_array_equal(numbers[:, 2:], model.infer(codes))


def test_a_folding_of_another_network_is_refused() -> None:
    model = random_model((2, 3, 1))
    engine = fold_model(random_model((2, 4, 1)), [(1, 1), (1, 1)])
    with pytest.raises(PulsewrightError, match=r"\(2, 3, 1\) does not fit a folding of layers"):
        kernel_files("net", model, engine, random_codes(model, 2))


@pytest.mark.parametrize("name", ["int", "class", "pulsewright"])
def test_a_keyword_is_refused(name: str) -> None:
    model = random_model((2, 3, 1))
    engine = fold_model(model, [(1, 1), (1, 1)])
    with pytest.raises(PulsewrightError, match=r"choose another name|begin with another word"):
        kernel_files(name, model, engine, random_codes(model, 2))


@pytest.mark.parametrize("name", ["main", "std"])
def test_a_recipe_may_be_named_as_a_word_of_the_language(name: str, tmp_path: Path) -> None:
    model = random_model((2, 3, 1))
    engine = fold_model(model, [(1, 1), (1, 1)], reloadable=True)
    write_folder(tmp_path / "hls", kernel_files(name, model, engine, random_codes(model, 20)))
    run = make(tmp_path / "hls")
    assert run.returncode == 0, run.stderr
