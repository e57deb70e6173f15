# SPDX-License-Identifier: Apache-2.0
"""Every software baseline gives the bits of IntegerMlp."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pulsewright.hls_model.reference.fixed_point import Rounding
from pulsewright.hls_model.schedule.pulse_sweep import pulse_sweep
from pulsewright.sim.soc.network_header import network_header
from tests.firmware.compiled_baselines import BASELINE, STANDARD, WARNINGS, Baselines, baselines
from tests.firmware.register_model import swept
from tests.models import random_codes, random_model

MODELS: list[dict[str, Any]] = [
    {"sizes": (6, 64, 1), "pulses": 100},
    {"sizes": (6, 12, 1), "rounding": Rounding.HALF_UP, "pulses": 90, "pulse_input": 4},
    {"sizes": (5, 9, 3), "rounding": Rounding.FLOOR, "per_channel": True, "pulses": 30},
    {"sizes": (6, 16, 1), "requantised": False, "pulses": 100},
    {"sizes": (3, 7, 2), "weight_width": 3, "activation_width": 4, "input_width": 5},
    {"sizes": (4, 10, 1), "input_width": 12, "weight_width": 5, "pulses": 64, "log_pulses": True},
    {"sizes": (8, 5, 1), "extreme": True},
    {"sizes": (1, 1, 1), "weight_width": 2, "activation_width": 2, "input_width": 2},
    {"sizes": (6, 11, 7, 2), "per_channel": True, "pulses": 50},
    {"sizes": (5, 6, 9, 4, 1), "rounding": Rounding.HALF_UP, "pulses": 20, "log_pulses": True},
    {"sizes": (4, 2)},
    {"sizes": (5, 7, 2), "signed_inputs": False, "pulses": 30},
    {"sizes": (5, 6, 4, 1), "signed_inputs": False, "input_width": 7},
    {"sizes": (4, 6, 1), "signed_inputs": False, "input_width": 16, "weight_width": 5},
    {"sizes": (5, 6, 1), "weight_width": 11, "extreme": True, "pulses": 20},
]
# Each rounding, width and number of layers once; compiling one takes a second.
QUICK = (1, 2, 3, 5, 8, 13, 14)
WIDER: list[dict[str, Any]] = [
    {"sizes": (6, 12, 3), "multipliers": 21, "output": "code", "pulses": 20},
    {"sizes": (5, 9, 7, 4), "multipliers": 9, "output": "argmax", "rounding": Rounding.HALF_UP},
    {"sizes": (6, 8, 2), "multipliers": 32, "rounding": Rounding.FLOOR, "activation_width": 5},
    {"sizes": (4, 3), "output": "argmax", "per_channel": True},
    {"sizes": (4, 3), "multipliers": 1, "output": "code", "activation_width": 2},
]


def name_of(options: dict[str, Any]) -> str:
    return "-".join(f"{value}" for value in options.values())


@pytest.mark.quick_cases(3)
@pytest.mark.parametrize("options", [MODELS[number] for number in QUICK], ids=name_of)
@pytest.mark.parametrize("seed", [1])
def test_results_are_those_of_the_model(options: dict[str, Any], seed: int, tmp_path: Path) -> None:
    if shutil.which("gcc") is None:
        pytest.skip("gcc is not installed")
    model = random_model(**options, seed=seed)
    compiled = Baselines(model, tmp_path)
    codes = random_codes(model, 200, seed)
    expected = model.infer(codes)
    for name in set(compiled.names) - {"mlp_incremental"}:
        assert np.array_equal(compiled.infer(name, codes), expected), name
    sweep = pulse_sweep(model)
    if sweep is None:
        return
    for row, (n0, n1) in zip(
        codes,
        [(sweep.minimum, sweep.maximum), (3, 3), (2, 11), (sweep.maximum, sweep.maximum)] * 5,
        strict=False,
    ):
        assert np.array_equal(compiled.curve(row, n0, n1), swept(model, sweep, row, n0, n1))


@pytest.mark.parametrize("options", WIDER, ids=name_of)
@pytest.mark.parametrize("seed", [1])
def test_networks_with_multipliers_are_computed_in_plain_loops(
    options: dict[str, Any], seed: int, tmp_path: Path
) -> None:
    if shutil.which("gcc") is None:
        pytest.skip("gcc is not installed")
    model = random_model(**options, seed=seed)
    compiled = Baselines(model, tmp_path)
    assert compiled.names == ["mlp_plain"]
    codes = random_codes(model, 300, seed)
    assert np.array_equal(compiled.infer("mlp_plain", codes), model.infer(codes))


@pytest.mark.regression
@pytest.mark.parametrize("options", WIDER, ids=name_of)
@pytest.mark.parametrize("seed", range(2, 12))
def test_more_networks_with_multipliers(options: dict[str, Any], seed: int, tmp_path: Path) -> None:
    test_networks_with_multipliers_are_computed_in_plain_loops(options, seed, tmp_path)


@pytest.mark.regression
@pytest.mark.parametrize("options", MODELS, ids=name_of)
@pytest.mark.parametrize("seed", range(1, 12))
def test_more_networks(options: dict[str, Any], seed: int, tmp_path: Path) -> None:
    test_results_are_those_of_the_model(options, seed, tmp_path)


RISCV = ["riscv64-unknown-elf-gcc", "-march=rv32imc_zicsr", "-mabi=ilp32"]
CLANG = ["clang", "--target=riscv32", "-march=rv32imc", "-mabi=ilp32", "-Wno-unknown-pragmas"]


@pytest.mark.parametrize("compiler", [RISCV, CLANG], ids=["gcc", "clang"])
@pytest.mark.parametrize("options", [MODELS[0], MODELS[2], MODELS[8], WIDER[1]], ids=name_of)
def test_they_compile_for_the_cores(
    compiler: list[str], options: dict[str, Any], tmp_path: Path
) -> None:
    if shutil.which(compiler[0]) is None:
        pytest.skip(f"{compiler[0]} is not installed: apt install {compiler[0]}")
    model = random_model(**options)
    (tmp_path / "network.h").write_text(network_header(model))
    for name in baselines(model):
        flags = [*STANDARD, *WARNINGS, "-O3", f"-I{tmp_path}", "-c"]
        run = subprocess.run(
            [*compiler, *flags, BASELINE / f"{name}.c", "-o", tmp_path / "out.o"],
            capture_output=True,
            text=True,
            check=False,
        )
        assert (run.returncode, run.stderr) == (0, ""), name


def test_what_a_baseline_cannot_do_is_an_error_of_the_compiler(tmp_path: Path) -> None:
    if shutil.which("gcc") is None:
        pytest.skip("gcc is not installed")
    deep, wide = random_model((4, 3, 3, 1)), random_model((4, 3, 1), input_width=12)
    for model, name, remedy in (
        (deep, "mlp_unrolled", "networks of one hidden layer alone; use mlp_fused.c"),
        (deep, "mlp_swar", "networks of one hidden layer alone; use mlp_fused.c"),
        (deep, "mlp_incremental", "no input of this network counts pulses"),
        (wide, "mlp_dot4", "weights of at most 8 bits, four layers; use mlp_fused.c"),
    ):
        (tmp_path / "network.h").write_text(network_header(model))
        run = subprocess.run(
            ["gcc", *STANDARD, f"-I{tmp_path}", "-fsyntax-only", BASELINE / f"{name}.c"],
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode != 0
        assert remedy in run.stderr
