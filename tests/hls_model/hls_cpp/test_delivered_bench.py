# SPDX-License-Identifier: Apache-2.0
import sys
from pathlib import Path

import numpy as np
import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.hls_cpp.compiler import needed_compiler
from pulsewright.hls_model.hls_cpp.delivered_bench import run_delivered_bench
from pulsewright.hls_model.hls_cpp.kernel_files import kernel_files
from tests.models import fold_model, random_model

ROWS = 7


@pytest.fixture
def files() -> dict[str, bytes]:
    model = random_model((3, 2, 1))
    codes = np.random.default_rng(0).integers(-8, 8, (ROWS, 3))
    return kernel_files("net", model, fold_model(model, [(1, 3), (1, 2)]), codes)


def test_the_makefile_compiles_and_runs_the_bench(
    files: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What a user's shell and an outer make would say.
    for name in ("CXXFLAGS", "MAKEFLAGS", "CPPFLAGS"):
        monkeypatch.setenv(name, "--no-such-option")
    log = tmp_path / "out" / "bench.log"
    assert run_delivered_bench(files, needed_compiler(), log) == (ROWS, 0)
    assert f"PASS: net, {ROWS} rows, 0 mismatches" in log.read_text()
    assert [path.name for path in log.parent.iterdir()] == ["bench.log"]


def test_vectors_that_differ_are_counted(files: dict[str, bytes], tmp_path: Path) -> None:
    lines = files["vectors.txt"].decode().splitlines()
    for number in (2, 5):
        *codes, result = lines[number].split()
        lines[number] = " ".join([*codes, str(int(result) + 1)])
    files["vectors.txt"] = "\n".join(lines).encode()
    assert run_delivered_bench(files, needed_compiler(), tmp_path / "log") == (ROWS, 2)
    assert "row 1 differs" in (tmp_path / "log").read_text()


@pytest.mark.parametrize(
    ("name", "data"), [("net.cpp", b"#error no\n"), ("vectors.txt", b"7 3 1\n"), ("Makefile", b"")]
)
def test_a_bench_without_a_verdict_is_an_error(
    files: dict[str, bytes], tmp_path: Path, name: str, data: bytes
) -> None:
    files[name] = data
    with pytest.raises(PulsewrightError, match=r"does not compile or run with .*; see .*log"):
        run_delivered_bench(files, needed_compiler(), tmp_path / "log")


def test_without_make_the_remedy_is_named(
    files: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CXX", sys.executable)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(PulsewrightError, match="apt-get install make"):
        run_delivered_bench(files, ["g++"], tmp_path / "log")
