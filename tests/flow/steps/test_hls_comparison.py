# SPDX-License-Identifier: Apache-2.0
import json
import os
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

import pulsewright.hls_model.hls_cpp.emulator
from pulsewright.hls_model.files.checksums import is_intact
from pulsewright.hls_model.hls_cpp.emulator import Emulator
from pulsewright.hls_model.presets import preset_sizes
from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.quant.curve_sources import FLOAT_CODE_FORMAT, fit_input_map
from pulsewright.quant.datasets import measured
from pulsewright.quant.datasets.pulse_curves import PulseCurves
from pulsewright.quant.datasets.synthetic import synthetic_curves
from pulsewright.quant.settings import BitWidths, FloatTraining, QuantisedTraining
from pulsewright.quant.splits import SplitKind, split
from tests.flow.conftest import invoke
from tests.models import fold_model


def hls(folder: Path, exit_code: int = 0) -> str:
    result = invoke("hls", folder / "tiny.toml", "--build", folder / "build")
    assert result.exit_code == exit_code, result.output
    return " ".join(result.output.split())


def kernel(folder: Path) -> Path:
    return folder / "build" / "tiny" / "hls"


def summary(folder: Path) -> Path:
    return folder / "build" / "tiny" / "emulator" / "summary.json"


def say_other_recipe(folder: Path) -> None:
    recipe = folder / "tiny.toml"
    recipe.write_text(recipe.read_text().replace("pe = 2", "pe = 5"))


def test_a_run_leaves_a_kernel_whose_bench_passes(finished_copy: Path) -> None:
    folder = kernel(finished_copy)
    assert is_intact(folder)
    run = subprocess.run(
        "g++ -std=c++14 tiny.cpp tiny_tb.cpp -o tb && ./tb vectors.txt",
        shell=True,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "PASS: tiny, 194 rows, 0 mismatches" in run.stdout


def test_the_report_counts_all_rows(finished: Path) -> None:
    report = json.loads((finished / "build" / "tiny" / "report.json").read_text())
    assert report["mismatches"]["hls_cpp"] == {"rows": 192, "mismatches": 0}


def test_a_finished_step_is_not_done_again(finished_copy: Path) -> None:
    said = hls(finished_copy)
    assert "192 rows, 0 mismatches" in said
    assert "hls " not in said


@pytest.mark.parametrize("path", ["tiny.cpp", "SHA256SUMS", "vectors.txt"])
def test_a_damaged_kernel_is_made_again(finished_copy: Path, path: str) -> None:
    expected = (kernel(finished_copy) / path).read_bytes()
    (kernel(finished_copy) / path).write_bytes(b"damaged")
    assert "kernel, test bench and 194 vectors" in hls(finished_copy)
    assert (kernel(finished_copy) / path).read_bytes() == expected


@pytest.mark.parametrize(
    "engine", ['weights = "reloadable"', "incremental = true", "", "incremental = false"]
)
def test_what_the_engine_can_do(finished_copy: Path, engine: str) -> None:
    recipe = finished_copy / "tiny.toml"
    text = recipe.read_text().replace("[simulation]", f"[engine]\n{engine}\n[simulation]")
    recipe.write_text(text)
    assert "192 rows, 0 mismatches" in hls(finished_copy)
    assert is_intact(kernel(finished_copy))


def test_the_library_of_an_earlier_kernel_is_removed(finished_copy: Path) -> None:
    (before,) = summary(finished_copy).parent.glob("*.so")
    say_other_recipe(finished_copy)
    hls(finished_copy)
    (after,) = summary(finished_copy).parent.glob("*.so")
    assert before != after


def broken(self: Emulator, codes: IntegerArray) -> IntegerArray:
    results = self.model.infer(codes)
    return results + (np.arange(len(codes)) == 17)[:, None]


def test_a_kernel_that_differs_ends_with_1_and_no_success_beside_it(
    finished_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    say_other_recipe(finished_copy)
    monkeypatch.setattr(pulsewright.hls_model.hls_cpp.emulator.Emulator, "infer", broken)
    said = hls(finished_copy, exit_code=1)
    assert "differs from the reference on 1 of 192 rows, first on row 17" in said
    assert not summary(finished_copy).exists()
    monkeypatch.undo()
    assert "192 rows, 0 mismatches" in hls(finished_copy)


def without_compilers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    programs = tmp_path / "programs"
    programs.mkdir()
    for name in ("iverilog", "vvp"):
        found = shutil.which(name)
        if found:
            (programs / name).symlink_to(found)
    monkeypatch.delenv("CXX", raising=False)
    monkeypatch.setenv("PATH", str(programs))


def test_without_a_compiler_hls_says_what_to_install(
    finished_copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_compilers(tmp_path, monkeypatch)
    assert "no C++ compiler was found (g++, clang++, c++); install" in hls(finished_copy, 2)


def test_without_a_compiler_a_run_says_so_and_goes_on(
    finished_copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_compilers(tmp_path, monkeypatch)
    result = invoke("run", finished_copy / "tiny.toml", "--build", finished_copy / "build")
    assert result.exit_code == 0, result.output
    said = " ".join(result.output.split())
    assert "no C++ compiler was found, so the kernel is not compared" in said
    assert "HLS C++" not in said
    report = json.loads((finished_copy / "build" / "tiny" / "report.json").read_text())
    assert "hls_cpp" not in report["mismatches"]
    assert is_intact(kernel(finished_copy))


def test_a_wrong_cxx_is_named(finished_copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CXX", "no_such_compiler")
    assert "CXX = 'no_such_compiler' names no program" in hls(finished_copy, 2)


def test_a_build_folder_that_is_in_the_way(finished_copy: Path) -> None:
    shutil.rmtree(kernel(finished_copy))
    kernel(finished_copy).write_text("a file")
    say_other_recipe(finished_copy)
    hls(finished_copy)
    assert is_intact(kernel(finished_copy))


FOLDINGS = {
    "A1": [(8, 6), (1, 8)],
    "A2": [(8, 6), (8, 8), (1, 8)],
    "A3": [(8, 6), (8, 8), (8, 8), (1, 8)],
}
# Of layer 1; none divides its 6 inputs and 64 neurons.
ODD_FIRST_LAYER = (5, 4)
BITS = [(8, 8), (6, 6), (4, 4), (2, 8)]


@pytest.fixture(scope="module")
def all_curves() -> PulseCurves:
    """The measured ones where they are, else synthetic ones of the same number."""
    folder = os.environ.get("PULSEWRIGHT_DATA")
    return measured.load(Path(folder)) if folder else synthetic_curves(seed=0)


@pytest.mark.regression
@pytest.mark.parametrize("preset", FOLDINGS)
def test_every_row_of_trained_networks(
    preset: str, all_curves: PulseCurves, tmp_path: Path
) -> None:
    from pulsewright.quant.pipeline import integer_model, train_float, train_quantised

    sizes = preset_sizes(preset)
    rows = split(all_curves, SplitKind.ROWS, 0, 0.25, 0.1)
    float_map = fit_input_map(all_curves, FLOAT_CODE_FORMAT)
    quickly = FloatTraining(epochs=10, growth=1.0)
    start = train_float(all_curves, float_map, rows, sizes, quickly, 0)
    odd = [ODD_FIRST_LAYER, *FOLDINGS[preset][1:]]
    for weights, activations in BITS:
        widths = BitWidths(weights=weights, activations=activations)
        input_map = fit_input_map(all_curves, widths.code_format)
        training = QuantisedTraining(epochs=2)
        trained = train_quantised(all_curves, input_map, rows, start, widths, training, 0)
        model = integer_model(trained, input_map, preset)
        codes = input_map.codes(all_curves.inputs)
        assert len(codes) == 26600
        expected = model.infer(codes)
        assert len(np.unique(expected)) > 100, "the network says something"
        for engine in (
            fold_model(model, FOLDINGS[preset]),
            fold_model(model, odd, incremental=True),
            fold_model(model, odd, reloadable=True),
        ):
            results = Emulator.build("net", model, engine, tmp_path).infer(codes)
            assert int((results != expected).any(axis=1).sum()) == 0
