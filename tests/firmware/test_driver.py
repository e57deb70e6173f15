# SPDX-License-Identifier: Apache-2.0
"""The driver, compiled for this machine, on a model of the registers that knows no mercy.

The model ends a test where the hardware would answer with a bus error or let a core wait for ever.
"""

import ctypes
import re
import shutil
import subprocess
from collections import deque
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hls_model.fixed_point import IntegerArray
from hls_model.folding import FoldedEngine
from hls_model.input_map import InputMap, fit_affine
from hls_model.integer_mlp import IntegerMlp
from hls_model.pulse_sweep import PulseSweep, pulse_sweep
from hls_model.reloadable import weight_window
from rtl.register_map import compile_register_map
from tests.models import changed, fold_model, random_codes, random_model

DRIVER = Path(str(files("firmware") / "driver"))
BASE = 0x5000_0000
OK, NO_DEVICE, WRONG_VERSION, OUT_OF_RANGE, UNSUPPORTED = 0, -1, -2, -3, -4
BUSY, ACQUIRED, NOT_ACQUIRED, END, NOT_REACHED = -5, -6, -7, -8, -9
INFER, CURVE, REACH = 0, 1, 2

HOOKS = """
#include <stdint.h>
uint32_t (*load)(uintptr_t);
void (*store)(uintptr_t, uint32_t);
#define PULSEWRIGHT_LOAD(address) load(address)
#define PULSEWRIGHT_STORE(address, word) store(address, word)
#include "pulsewright.c"
int is_busy(const struct pulsewright *device);
int is_busy(const struct pulsewright *device) { return pulsewright_is_busy(device); }
int32_t infer_packed(const struct pulsewright *device, const uint32_t *words, uint32_t count);
int32_t infer_packed(const struct pulsewright *device, const uint32_t *words, uint32_t count) {
    return pulsewright_infer_packed(device, words, count);
}
void enable_event(const struct pulsewright *device, int enable);
void enable_event(const struct pulsewright *device, int enable) {
    pulsewright_enable_event(device, enable != 0);
}
"""


class Device(ctypes.Structure):
    """struct pulsewright."""

    _fields_ = [
        ("base", ctypes.c_size_t),
        ("version", ctypes.c_uint32),
        ("model_digest", ctypes.c_uint32),
        ("inputs", ctypes.c_uint16),
        ("results", ctypes.c_uint16),
        ("input_width", ctypes.c_uint8),
        ("lane_bits", ctypes.c_uint8),
        ("result_width", ctypes.c_uint8),
        ("result_frac", ctypes.c_int8),
        ("layers", ctypes.c_uint8),
        ("incremental", ctypes.c_bool),
        ("reloadable", ctypes.c_bool),
        ("sweep", ctypes.c_bool),
        ("sweep_input", ctypes.c_uint8),
        ("fifo_depth", ctypes.c_uint8),
        ("sweep_minimum", ctypes.c_uint16),
        ("sweep_maximum", ctypes.c_uint16),
        ("autotrigger", ctypes.c_bool),
        ("job", ctypes.c_uint32),
        ("outstanding", ctypes.c_uint32),
    ]


class Registers:
    """The coprocessor as firmware sees it: one job at a time, done when it is looked at again."""

    def __init__(self, model: IntegerMlp, folded: FoldedEngine) -> None:
        self.model = model
        self.map = compile_register_map(model, folded)
        self.constants = {
            r.address: r.reset
            for r in self.map.registers
            if r.readable and not r.writable and not r.from_hardware
        }
        window = weight_window(folded) if folded.reloadable else None
        for i, layer in enumerate(folded.layers):
            base = self.map[f"LAYER[{i}].SHAPE"].address
            self.constants[base] = layer.inputs | layer.neurons << 16
            self.constants[base + 4] = layer.pe | layer.simd << 16
            self.constants[base + 8] = self.constants[base + 12] = 0
            if window is not None:
                place = window.layers[i]
                width = model.layers[i].weight_format.width
                self.constants[base + 8] = width | 28 << 8 | place.row_words << 16
                self.constants[base + 12] = place.weights_base // 4 | place.bias_base // 4 << 16
        self.window = {a for a, _ in window.image(model)} if window else set()
        self.weights: dict[int, int] = {}
        self.stored = {r.address: r.reset for r in self.map.registers if r.storage}
        self.accesses: list[tuple[str, int, int]] = []
        self.acquired = False
        self.running = 0  # looks at STATUS until the job is done
        self.queued = False
        self.job_id = 0
        self.fifo: deque[int] = deque()
        self.results = [0] * model.sizes[-1]
        self.reached = 0xFFFF_FFFF
        self.broken: list[str] = []

    def address(self, name: str) -> int:
        return self.map[name].address

    def wrong(self, sentence: str) -> int:
        self.broken.append(sentence)
        return 0xDEAD_BEEF

    def load(self, address: int) -> int:
        offset = address - BASE
        word = self._load(offset)
        self.accesses.append(("load", offset, word))
        return word

    def _load(self, offset: int) -> int:
        if offset in self.constants:
            return self.constants[offset]
        if offset in self.stored:
            return self.stored[offset]
        if offset in self.window:
            return self.weights.get(offset, 0xA5A5_A5A5)
        name = next((r.name for r in self.map.registers if r.address == offset), None)
        if name is None:
            return self.wrong(f"load of {offset:#x}")
        if name == "ACQUIRE":
            if self.acquired:
                return 0xFFFF_FFFE
            if self.queued:
                return 0xFFFF_FFFF
            self.acquired = True
            return self.job_id
        if name == "STATUS":
            self.running = max(self.running - 1, 0)
            return bool(self.running) | self.queued << 1 | self.acquired << 2
        if name == "RESULT_FIFO":
            return self.fifo.popleft() if self.fifo else self.wrong("load of an empty FIFO")
        if name.startswith("RESULT["):
            if self.fifo:
                return self.wrong("load of RESULT while a job streams")
            return self.results[(offset - self.address("RESULT[0]")) // 4] & 0xFFFF_FFFF
        if name == "REACHED_N":
            return self.reached
        if name in ("CYCLES", "FINISHED_JOBS"):
            return 17
        return self.wrong(f"load of {name}")

    def store(self, address: int, word: int) -> None:
        offset = address - BASE
        self.accesses.append(("store", offset, word))
        if offset in self.window:
            if self.running or self.queued:
                self.wrong("store of a weight while a job runs")
            self.weights[offset] = word
            return
        name = next((r.name for r in self.map.registers if r.address == offset), "nothing")
        if name in ("COMMIT_TRIGGER", "SOFT_CLEAR"):
            if name == "COMMIT_TRIGGER":
                self.commit()
            else:
                self.acquired, self.running, self.queued = False, 0, False
                self.fifo.clear()
        elif offset in self.stored:
            if self.fifo and name not in ("AUTOTRIGGER", "EVENT_ENABLE"):
                self.wrong(f"store of {name} while a job streams")
            self.stored[offset] = word
            last = self.map.array("INPUT")[-1].address
            if offset == last and self.stored[self.address("AUTOTRIGGER")]:
                self.acquired = True
                self.commit()
        else:
            self.wrong(f"store to {name}")

    def codes(self) -> IntegerArray:
        lane, width = self.map.input_lane_bits, self.model.input_format.width
        words = [self.stored[r.address] for r in self.map.array("INPUT")]
        together = sum(word << (32 * i) for i, word in enumerate(words))
        raw = [(together >> (lane * i)) & ((1 << width) - 1) for i in range(self.model.sizes[0])]
        return np.array([[c - (1 << width) * (c >> (width - 1)) for c in raw]], dtype=np.int64)

    def commit(self) -> None:
        if not self.acquired:
            self.wrong("commit of no job")
        self.acquired = False
        self.job_id = (self.job_id + 1) % 256
        job = self.stored[self.address("JOB")]
        n0, n1 = (self.stored[self.address(name)] for name in ("N0", "N1"))
        if job & 3 == INFER:
            self.results = self.model.infer(self.codes())[0].tolist()
            return
        sweep = pulse_sweep(self.model)
        if sweep is None or not sweep.minimum <= n0 <= n1 <= sweep.maximum:
            self.wrong("commit of a job that is not valid")
            return
        rows = swept(self.model, sweep, self.codes(), n0, n1)
        if job & 3 == CURVE:
            before = np.zeros_like(rows[:1])
            values = np.diff(rows, axis=0, prepend=before) if job & 0x100 else rows
            self.fifo.extend(int(v) & 0xFFFF_FFFF for v in values.ravel())
        else:
            target = self.stored[self.address("TARGET")]
            target -= (target >> 31) << 32
            hits = np.flatnonzero(rows[:, 0] >= target)
            self.reached = n0 + int(hits[0]) if len(hits) else 0xFFFF_FFFF
            self.running = 5


def swept(
    model: IntegerMlp, sweep: PulseSweep, codes: IntegerArray, n0: int, n1: int
) -> IntegerArray:
    """Results (pulse numbers, outputs) of n0 to n1."""
    rows = np.repeat(codes.reshape(1, -1), n1 - n0 + 1, axis=0)
    rows[:, sweep.input_index] = sweep.codes[n0 - sweep.minimum : n1 - sweep.minimum + 1]
    return model.infer(rows)


def with_pulse_number(model: IntegerMlp) -> IntegerMlp:
    """The same network whose third input counts pulses, 2 to 60."""
    features = list(model.input_map.features)
    fields = features[2].model_dump(include={"name", "per_si"})
    base = type(features[2]).__mro__[1]
    feature = base(**fields | {"unit": "pulse", "minimum": 2, "maximum": 60})
    features[2] = fit_affine(feature, model.input_format)
    return changed(
        model,
        input_map=InputMap(features=tuple(features), code_format=model.input_map.code_format),
    )


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> ctypes.CDLL:
    compiler = shutil.which("gcc")
    if compiler is None:
        pytest.skip("gcc is not installed")
    folder = tmp_path_factory.mktemp("driver")
    (folder / "hooks.c").write_text(HOOKS)
    flags = ["-std=c99", "-O2", "-Wall", "-Wextra", "-Werror", "-pedantic", "-shared", "-fPIC"]
    flags += ["-fsanitize=undefined", "-fno-sanitize-recover", f"-I{DRIVER}"]
    subprocess.run([compiler, *flags, "-o", "driver.so", "hooks.c"], cwd=folder, check=True)
    return ctypes.CDLL(str(folder / "driver.so"))


class Driver:
    """Calls the driver on a model of the registers."""

    def __init__(self, library: ctypes.CDLL, registers: Registers) -> None:
        self.library = library
        self.registers = registers
        self.device = Device()
        load = ctypes.CFUNCTYPE(ctypes.c_uint32, ctypes.c_size_t)(registers.load)
        store = ctypes.CFUNCTYPE(None, ctypes.c_size_t, ctypes.c_uint32)(registers.store)
        self._kept: list[Any] = [load, store]
        for name, hook in (("load", load), ("store", store)):
            pointer = ctypes.c_void_p.in_dll(library, name)
            pointer.value = ctypes.cast(hook, ctypes.c_void_p).value

    def call(self, function: str, *arguments: Any) -> int:
        called: Callable[..., int] = getattr(self.library, f"pulsewright_{function}")
        status = called(ctypes.byref(self.device), *arguments)
        assert self.registers.broken == [], self.registers.broken
        return status

    def probe(self) -> int:
        return self.call("probe", ctypes.c_size_t(BASE))

    def codes(self, codes: IntegerArray) -> Any:
        return (ctypes.c_int16 * codes.size)(*codes.ravel().tolist())

    def infer(self, codes: IntegerArray) -> tuple[int, list[int]]:
        results = (ctypes.c_int32 * self.registers.model.sizes[-1])()
        status = self.call("infer", self.codes(codes), results)
        return status, list(results)

    def curve(self, codes: IntegerArray, n0: int, n1: int, increments: bool = False) -> int:
        return self.call("curve_start", self.codes(codes), n0, n1, ctypes.c_bool(increments))

    def next(self) -> tuple[int, int]:
        value = ctypes.c_int32()
        return self.call("curve_next", ctypes.byref(value)), value.value

    def reach(self, codes: IntegerArray, n0: int, n1: int, target: int) -> tuple[int, int]:
        number = ctypes.c_uint16()
        arguments = (self.codes(codes), n0, n1, target, ctypes.byref(number))
        return self.call("reach", *arguments), number.value


Make = Callable[..., Driver]


@pytest.fixture
def make(library: ctypes.CDLL) -> Make:
    def driver(
        sizes: tuple[int, ...] = (6, 5, 2),
        foldings: tuple[tuple[int, int], ...] = ((3, 4), (2, 2)),
        reloadable: bool = False,
        **options: Any,
    ) -> Driver:
        model = with_pulse_number(random_model(sizes, **options))
        folded = fold_model(model, list(foldings))
        folded = FoldedEngine(layers=folded.layers, reloadable=reloadable)
        made = Driver(library, Registers(model, folded))
        assert made.probe() == OK
        return made

    return driver


def test_the_offsets_are_those_of_the_register_map() -> None:
    text = (DRIVER / "pulsewright.h").read_text()
    offsets = {
        name: int(value, 16)
        for name, value in re.findall(r"#define PULSEWRIGHT_(\w+) 0x([0-9A-F]+)u\n", text)
    }
    for register in compile_register_map(random_model((6, 5, 1))).registers:
        name, _, rest = register.name.partition("[")
        # Of an array the first register, of the layers the first of the first.
        if rest in ("", "0]", "0].SHAPE"):
            assert offsets[name] == register.address, name


def test_probe_reads_what_the_coprocessor_says(make: Make) -> None:
    driver = make(input_width=12)
    device, model = driver.device, driver.registers.model
    assert (device.inputs, device.results, device.layers) == (6, 2, 2)
    assert (device.input_width, device.lane_bits) == (12, 16)
    assert device.result_width == model.output_format.width
    assert device.result_frac == model.output_format.frac
    assert device.model_digest == int(model.digest[:8], 16)
    assert (device.sweep, device.sweep_input) == (True, 2)
    assert (device.sweep_minimum, device.sweep_maximum) == (2, 60)
    assert (device.reloadable, device.incremental, device.fifo_depth) == (False, False, 8)
    assert all(kind == "load" for kind, _, _ in driver.registers.accesses)


@pytest.mark.parametrize(
    ("register", "word", "status"),
    [
        ("IDENTITY", 0x50554C54, NO_DEVICE),
        ("IDENTITY", 0xFFFF_FFFF, NO_DEVICE),
        ("VERSION", 2 << 16, WRONG_VERSION),
        ("VERSION", 0x0000_0001, WRONG_VERSION),
        ("VERSION", 1 << 16 | 9, OK),
    ],
)
def test_probe_knows_its_kind(make: Make, register: str, word: int, status: int) -> None:
    driver = make()
    driver.registers.constants[driver.registers.address(register)] = word
    assert driver.probe() == status


@pytest.mark.parametrize(("inputs", "input_width"), [(6, 8), (4, 8), (9, 5), (3, 16), (5, 10)])
def test_inferences_are_those_of_the_model(make: Make, inputs: int, input_width: int) -> None:
    driver = make((inputs, 5, 3), ((2, 2), (1, 2)), input_width=input_width)
    codes = random_codes(driver.registers.model, 20)
    for row, expected in zip(codes, driver.registers.model.infer(codes), strict=True):
        assert driver.infer(row) == (OK, expected.tolist())


def test_an_a1_inference_is_two_stores_and_one_load(make: Make) -> None:
    driver = make((6, 8, 1), ((2, 6), (1, 2)))
    codes = random_codes(driver.registers.model, 2)
    driver.infer(codes[0])
    driver.registers.accesses.clear()
    driver.infer(codes[1])
    offsets = [(kind, offset) for kind, offset, _ in driver.registers.accesses]
    assert offsets == [("store", 0x80), ("store", 0x84), ("load", 0x100)]
    words = [word for kind, _, word in driver.registers.accesses if kind == "store"]
    driver.registers.accesses.clear()
    packed = (ctypes.c_uint32 * 2)(*words)
    result = driver.library.infer_packed(ctypes.byref(driver.device), packed, 2)
    assert result == driver.registers.model.infer(codes[1:])[0, 0]
    assert [offset for _, offset, _ in driver.registers.accesses] == [0x80, 0x84, 0x100]


@pytest.mark.parametrize("code", [-129, 128, 32767])
def test_a_code_out_of_range_is_refused_before_anything_is_written(make: Make, code: int) -> None:
    driver = make()
    driver.registers.accesses.clear()
    codes = np.array([0, 0, 0, 0, 0, code])
    assert driver.infer(codes)[0] == OUT_OF_RANGE
    assert driver.curve(codes, 2, 3) == OUT_OF_RANGE
    assert driver.registers.accesses == []


@pytest.mark.parametrize("increments", [False, True])
def test_a_curve_gives_all_results_and_then_ends(make: Make, increments: bool) -> None:
    driver = make()
    model = driver.registers.model
    sweep = pulse_sweep(model)
    assert sweep is not None
    codes = random_codes(model, 3)[1]
    expected = swept(model, sweep, codes, 5, 40)
    assert driver.infer(codes)[0] == OK
    assert driver.curve(codes, 5, 40, increments) == OK
    got = []
    while (answer := driver.next())[0] == OK:
        got.append(answer[1])
    assert answer[0] == END
    values = np.array(got).reshape(-1, 2)
    assert np.array_equal(np.cumsum(values, axis=0) if increments else values, expected)
    assert driver.infer(codes) == (OK, model.infer(codes.reshape(1, -1))[0].tolist())


def test_nothing_else_begins_while_a_curve_is_not_taken(make: Make) -> None:
    driver = make()
    codes = random_codes(driver.registers.model, 2)[0]
    assert driver.curve(codes, 2, 4) == OK
    assert driver.infer(codes)[0] == BUSY
    assert driver.curve(codes, 2, 4) == BUSY
    assert driver.reach(codes, 2, 4, 0)[0] == BUSY
    driver.call("soft_clear")
    assert driver.next()[0] == END
    assert driver.infer(codes)[0] == OK


@pytest.mark.parametrize(("n0", "n1"), [(1, 5), (5, 61), (9, 8), (0, 65535)])
def test_pulse_numbers_out_of_range_are_refused(make: Make, n0: int, n1: int) -> None:
    driver = make()
    codes = random_codes(driver.registers.model, 2)[0]
    assert driver.curve(codes, n0, n1) == OUT_OF_RANGE
    assert driver.reach(codes, n0, n1, 0)[0] == OUT_OF_RANGE
    assert not driver.registers.acquired


def test_reach_finds_the_first_pulse_number(make: Make) -> None:
    driver = make()
    model = driver.registers.model
    sweep = pulse_sweep(model)
    assert sweep is not None
    codes = random_codes(model, 3)[1]
    rows = swept(model, sweep, codes, 3, 50)[:, 0]
    for target in [*rows.tolist(), int(rows.min()) - 1, -(2**31)]:
        expected = 3 + int(np.flatnonzero(rows >= target)[0])
        assert driver.reach(codes, 3, 50, target) == (OK, expected)
    assert driver.reach(codes, 3, 50, int(rows.max()) + 1)[0] == NOT_REACHED
    assert driver.reach(codes, 3, 50, 2**31 - 1)[0] == NOT_REACHED


def test_a_network_without_a_pulse_number_has_no_curves(make: Make) -> None:
    driver = make()
    driver.device.sweep = False
    codes = random_codes(driver.registers.model, 2)[0]
    assert driver.curve(codes, 2, 3) == UNSUPPORTED
    assert driver.reach(codes, 2, 3, 0)[0] == UNSUPPORTED


def test_acquire_and_commit_say_what_is_in_the_way(make: Make) -> None:
    driver = make()
    codes = random_codes(driver.registers.model, 2)[0]
    assert driver.call("commit") == NOT_ACQUIRED
    assert driver.call("acquire") == 0
    assert driver.call("acquire") == ACQUIRED
    assert driver.curve(codes, 2, 3) == ACQUIRED
    assert driver.call("commit") == OK
    assert driver.call("acquire") == 1
    assert driver.call("commit") == OK
    driver.registers.queued = True
    assert driver.call("acquire") == BUSY
    assert driver.reach(codes, 2, 3, 0)[0] == BUSY


def test_the_event_is_switched(make: Make) -> None:
    driver = make()
    for enable in (1, 0):
        driver.library.enable_event(ctypes.byref(driver.device), enable)
        assert driver.registers.stored[driver.registers.address("EVENT_ENABLE")] == enable


FOLDINGS = [((3, 4), (2, 2)), ((5, 6), (1, 5)), ((1, 1), (1, 1)), ((4, 3), (2, 3))]


def image(driver: Driver) -> list[tuple[int, int]]:
    window = driver.registers.map.window
    assert window is not None
    return window.image(driver.registers.model)


@pytest.mark.parametrize("foldings", FOLDINGS)
def test_an_image_fills_the_window(make: Make, foldings: tuple[tuple[int, int], ...]) -> None:
    driver = make(foldings=foldings, reloadable=True)
    words = [word for _, word in image(driver)]
    assert driver.call("image_words") == len(words)
    array = (ctypes.c_uint32 * len(words))(*words)
    assert driver.call("load_weights", array, len(words) - 1) == OUT_OF_RANGE
    assert driver.registers.weights == {}
    assert driver.call("load_weights", array, len(words)) == OK
    assert driver.registers.weights == dict(image(driver))


@pytest.mark.parametrize("foldings", FOLDINGS)
def test_one_weight_and_one_bias_change_what_the_model_says(
    make: Make, foldings: tuple[tuple[int, int], ...]
) -> None:
    driver = make(foldings=foldings, reloadable=True)
    driver.registers.weights = dict(image(driver))
    model = driver.registers.model
    random = np.random.default_rng(3)
    for number, layer in enumerate(model.layers):
        weights, bias = layer.weights.copy(), layer.bias.copy()
        for neuron in range(layer.neurons):
            for i in range(layer.inputs):
                weights[neuron, i] = random.integers(-127, 128)
                arguments = (number, neuron, i, int(weights[neuron, i]))
                assert driver.call("weight_write", *arguments) == OK
            bias[neuron] = random.integers(-(2**15), 2**15)
            assert driver.call("bias_write", number, neuron, int(bias[neuron])) == OK
        layers = list(model.layers)
        layers[number] = changed(layer, weights=weights, bias=bias)
        window = driver.registers.map.window
        assert window is not None
        expected = dict(window.layers[number].words(layers[number]))
        assert expected.items() <= driver.registers.weights.items()


@pytest.mark.parametrize(
    ("layer", "neuron", "i", "weight"),
    [
        (2, 0, 0, 0),
        (0, 5, 0, 0),
        (0, 0, 6, 0),
        (1, 2, 0, 0),
        (0, 0, 0, 128),
        (0, 0, 0, -128),
        (0, 0, 0, -(2**31)),
        (2**32 - 1, 0, 0, 0),
    ],
)
def test_a_weight_out_of_range_is_refused(
    make: Make, layer: int, neuron: int, i: int, weight: int
) -> None:
    driver = make(reloadable=True)
    arguments = (ctypes.c_uint32(layer), neuron, i, weight)
    assert driver.call("weight_write", *arguments) == OUT_OF_RANGE
    assert driver.registers.weights == {}


@pytest.mark.parametrize(("neuron", "bias"), [(5, 0), (0, 2**27), (0, -(2**27) - 1)])
def test_a_bias_out_of_range_is_refused(make: Make, neuron: int, bias: int) -> None:
    driver = make(reloadable=True)
    assert driver.call("bias_write", 0, neuron, bias) == OUT_OF_RANGE
    assert driver.registers.weights == {}


def test_weights_wait_for_no_job_and_constants_are_no_window(make: Make) -> None:
    driver = make(reloadable=True)
    words = driver.call("image_words")
    array = (ctypes.c_uint32 * words)()
    driver.registers.running = 100
    assert driver.library.is_busy(ctypes.byref(driver.device)) == 1
    assert driver.call("load_weights", array, words) == BUSY
    assert driver.call("weight_write", 0, 0, 0, 1) == BUSY
    assert driver.call("bias_write", 0, 0, 1) == BUSY
    assert driver.registers.weights == {}
    constant = make()
    assert constant.call("image_words") == 0
    assert constant.call("load_weights", array, words) == UNSUPPORTED
    assert constant.call("weight_write", 0, 0, 0, 1) == UNSUPPORTED
    assert constant.call("bias_write", 0, 0, 1) == UNSUPPORTED


@pytest.mark.parametrize(
    "compiler", [["gcc"], ["riscv64-unknown-elf-gcc", "-march=rv32imc", "-mabi=ilp32"]]
)
def test_it_compiles_without_a_library(compiler: list[str], tmp_path: Path) -> None:
    if shutil.which(compiler[0]) is None:
        pytest.skip(f"{compiler[0]} is not installed")
    flags = ["-std=c99", "-ffreestanding", "-Os", "-Wall", "-Wextra", "-Werror", "-pedantic"]
    flags += ["-Wconversion", "-Wshadow", "-Wundef", "-Wmissing-prototypes"]
    run = subprocess.run(
        [*compiler, *flags, "-c", DRIVER / "pulsewright.c", "-o", "driver.o"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stderr) == (0, "")
    symbols = subprocess.run(
        [compiler[0].replace("gcc", "nm"), "-u", "driver.o"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert symbols.stdout == "", "nothing is left to a library"
