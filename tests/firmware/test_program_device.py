# SPDX-License-Identifier: Apache-2.0
"""The demonstrator against its reference in Python, line by line."""

import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from pulsewright.hls_model.reference.fixed_point import FixedPoint, IntegerArray
from pulsewright.hls_model.reference.inference import forward
from pulsewright.hls_model.reference.input_map import InputMap, fit_affine
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.quant.datasets import measured
from pulsewright.quant.datasets.pulse_curves import PARAMETERS, PulseCurves
from pulsewright.quant.datasets.synthetic import synthetic_curves
from pulsewright.sim.soc.memristor_curves import Memristors, draw_memristors
from tests.firmware import programming_reference
from tests.firmware.compiled_program import CYCLES_A_LOOK, Ended, run_program
from tests.firmware.register_model import Registers
from tests.memristor_model import MemristorModel
from tests.models import changed, fold_model, random_model

CYCLES_A_ROUND = CYCLES_A_LOOK  # one look before and one after
FOLDINGS = [(8, 6), (1, 8)]
DATA = os.environ.get("PULSEWRIGHT_DATA")


@pytest.fixture(scope="module")
def compiler() -> str:
    found = shutil.which("gcc")
    if found is None:
        pytest.skip("gcc is not installed")
    return found


def physical(curves: PulseCurves) -> IntegerArray:
    scaled = np.rint(curves.parameters * [quantity.per_si for quantity in PARAMETERS])
    return scaled.astype(np.int64)


def devices_of(curves: PulseCurves, model: IntegerMlp, count: int, seed: int = 0) -> Memristors:
    """Devices from the second half of the curves."""
    usable = np.arange(curves.curves // 2, curves.curves)
    frac = model.output_format.frac
    return draw_memristors(physical(curves), curves.currents, usable, frac, count, 4, seed)


def untrained(curves: PulseCurves, seed: int) -> IntegerMlp:
    """Random weights: curves that fall, jump, and never come near the currents."""
    model = random_model((6, 8, 1), seed)
    features = [fit_affine(feature, model.input_format) for feature in curves.features()]
    return changed(
        model, input_map=InputMap(features=tuple(features), code_format=model.input_format)
    )


def fitted(curves: PulseCurves) -> IntegerMlp:
    """Random hidden neurons, and output weights of least squared error on the first half."""
    model = untrained(curves, 0)
    wide = changed(random_model((6, 48, 1), 3), input_map=model.input_map)
    rows = np.arange(curves.rows // 2)
    hidden = forward(wide.layers[:1], model.input_map.codes(curves.inputs[rows]))
    step = wide.layers[0].result_format.step
    matrix = np.column_stack([hidden * step, np.ones(len(rows))])
    penalty = 1e-2 * len(rows) * step * np.eye(matrix.shape[1])
    solved = np.linalg.solve(matrix.T @ matrix + penalty, matrix.T @ curves.targets[rows])
    weight_frac = int(np.floor(np.log2(127 / np.abs(solved[:-1]).max())))
    output = wide.layers[-1]
    bias_frac = weight_frac + wide.layers[0].result_format.frac
    layer = changed(
        output,
        weights=np.rint(solved[None, :-1] * 2.0**weight_frac).astype(np.int64),
        bias=np.rint(solved[-1:] * 2.0**bias_frac).astype(np.int64),
        weight_format=FixedPoint(width=8, frac=weight_frac, signed=True),
    )
    return changed(wide, layers=(wide.layers[0], layer))


def registers_of(model: IntegerMlp) -> Registers:
    return Registers(model, FoldedEngine(layers=fold_model(model, FOLDINGS).layers))


def run(compiler: str, folder: Path, model: IntegerMlp, devices: Memristors) -> Ended:
    return run_program(compiler, folder, registers_of(model), MemristorModel(devices))


def numbers(line: str) -> dict[str, int]:
    words = line.split()[2:]
    return dict(zip(words[::2], map(int, words[1::2]), strict=True))


def test_every_method_does_what_the_reference_does(compiler: str, tmp_path: Path) -> None:
    curves = synthetic_curves(0)
    model = fitted(curves)
    devices = devices_of(curves, model, 20)
    ended = run(compiler, tmp_path, model, devices)
    expected = programming_reference.console(model, devices, CYCLES_A_ROUND)
    assert ended == Ended(expected, 0)
    guided, blind = numbers(ended.console[0]), numbers(ended.console[1])
    # The model is worth something: as many targets are reached with a fraction of the reads.
    assert guided["trials"] == blind["trials"] == 60
    assert guided["reached"] > 40
    assert 2 * guided["total_reads"] < blind["total_reads"]


@pytest.mark.parametrize(
    "seed", [0, *(pytest.param(seed, marks=pytest.mark.regression) for seed in range(1, 4))]
)
def test_a_useless_model_is_followed_to_the_same_end(
    compiler: str, tmp_path: Path, seed: int
) -> None:
    curves = synthetic_curves(seed, 60)
    model = untrained(curves, seed)
    devices = devices_of(curves, model, 6, seed)
    expected = programming_reference.console(model, devices, CYCLES_A_ROUND)
    assert run(compiler, tmp_path, model, devices) == Ended(expected, 0)


def test_fewer_devices_make_a_short_run(compiler: str, tmp_path: Path) -> None:
    curves = synthetic_curves(1, 60)
    model = untrained(curves, 1)
    devices = devices_of(curves, model, 6)
    first = Memristors(
        devices.frac,
        devices.parameters[:2],
        devices.reads[:2],
        devices.states[:2],
        devices.curves[:2],
    )
    ended = run_program(
        compiler, tmp_path, registers_of(model), MemristorModel(devices), ("DEVICES_LIMIT=2u",)
    )
    assert ended.console == programming_reference.console(model, first, CYCLES_A_ROUND)


@pytest.mark.quick_cases(2)
@pytest.mark.parametrize(
    ("register", "word", "sentence"),
    [
        ("IDENTITY", 0, "fail the coprocessor is not as expected, status -1"),
        ("VERSION", 3 << 16, "fail the coprocessor is not as expected, status -2"),
        ("SWEEP_RANGE", 50 << 16, "fail the model does not cover the pulses of a curve, 100"),
        (
            "RESULT_CAPABILITY",
            2 | 24 << 16 | 9 << 24,
            "fail model and devices differ in fractional bits, the devices have",
        ),
        (
            "LAYER_CAPABILITY",
            0,
            "fail the model is no curve of pulse number and five parameters, inputs 6",
        ),
    ],
)
def test_what_does_not_belong_together_is_told(
    compiler: str, tmp_path: Path, register: str, word: int, sentence: str
) -> None:
    curves = synthetic_curves(2, 60)
    model = untrained(curves, 2)
    registers = registers_of(model)
    registers.constants[registers.address(register)] = word
    devices = MemristorModel(devices_of(curves, model, 2))
    ended = run_program(compiler, tmp_path, registers, devices)
    assert ended.code == 1
    assert len(ended.console) == 1
    assert ended.console[0].startswith(sentence)
    assert devices.applied == 0


def test_too_many_candidates_are_told(compiler: str, tmp_path: Path) -> None:
    curves = synthetic_curves(3)
    model = untrained(curves, 3)
    devices = draw_memristors(
        physical(curves), curves.currents, np.arange(266), model.output_format.frac, 3, 9
    )
    ended = run(compiler, tmp_path, model, devices)
    assert ended == Ended(["fail candidate pulses are too many or none: 9"], 1)


@pytest.mark.regression
@pytest.mark.skipif(DATA is None, reason="PULSEWRIGHT_DATA names no folder with the measurements")
def test_measured_devices_are_programmed_as_the_reference_does(
    compiler: str, tmp_path: Path
) -> None:
    curves = measured.load(Path(str(DATA)))
    # Every second curve, since the published order goes by parameter set.
    halves = np.concatenate([np.arange(0, 266, 2), np.arange(1, 266, 2)])
    curves = PulseCurves(curves.parameters[halves], curves.currents[halves])
    model = fitted(curves)
    devices = devices_of(curves, model, 100)
    ended = run(compiler, tmp_path, model, devices)
    assert ended == Ended(programming_reference.console(model, devices, CYCLES_A_ROUND), 0)
    assert numbers(ended.console[0])["devices"] == 100
