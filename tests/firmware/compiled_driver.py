# SPDX-License-Identifier: Apache-2.0
"""The driver, compiled for this machine, on a model of the registers."""

import ctypes
import subprocess
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

from pulsewright.hls_model.reference.fixed_point import IntegerArray
from tests.firmware.register_model import BASE, Registers

DRIVER = Path(str(files("pulsewright.firmware") / "driver"))
OK, NO_DEVICE, WRONG_VERSION, OUT_OF_RANGE, UNSUPPORTED = 0, -1, -2, -3, -4
BUSY, ACQUIRED, NOT_ACQUIRED, END, NOT_REACHED = -5, -6, -7, -8, -9
TIMEOUT, MISMATCH, BUS_ERROR, CORRUPTED, MISALIGNED = -10, -11, -12, -13, -14
POLLS = 50

HOOKS = """
#include <stdint.h>
uint32_t (*load)(uintptr_t);
void (*store)(uintptr_t, uint32_t);
#define PULSEWRIGHT_LOAD(address) load(address)
#define PULSEWRIGHT_STORE(address, word) store(address, word)
uint32_t (*bus_errors)(void);
void (*idle)(void);
#define PULSEWRIGHT_BUS_ERRORS() bus_errors()
#define PULSEWRIGHT_IDLE() idle()
#define PULSEWRIGHT_POLLS 50u
#include "pulsewright.c"
#include "pulsewright_text.c"
int32_t step(const struct pulsewright *device, const struct pulsewright_steps *steps, int32_t code);
int32_t step(const struct pulsewright *device, const struct pulsewright_steps *steps,
             int32_t code) {
    return pulsewright_step(device, steps, code);
}
int is_busy(const struct pulsewright *device);
int is_busy(const struct pulsewright *device) { return pulsewright_is_busy(device); }
int32_t infer_packed(const struct pulsewright *device, const uint32_t *words, uint32_t count);
int32_t infer_packed(const struct pulsewright *device, const uint32_t *words, uint32_t count) {
    return pulsewright_infer_packed(device, words, count);
}
void put_packed(const struct pulsewright *device, const uint32_t *words, uint32_t count);
void put_packed(const struct pulsewright *device, const uint32_t *words, uint32_t count) {
    pulsewright_put_packed(device, words, count);
}
int32_t take_streamed(const struct pulsewright *device);
int32_t take_streamed(const struct pulsewright *device) { return pulsewright_take_result(device); }
void put_physical(const struct pulsewright *device, uint32_t input, int32_t physical);
void put_physical(const struct pulsewright *device, uint32_t input, int32_t physical) {
    pulsewright_put_physical(device, input, physical);
}
int32_t infer_changed(const struct pulsewright *device, uint32_t input, int32_t physical);
int32_t infer_changed(const struct pulsewright *device, uint32_t input, int32_t physical) {
    return pulsewright_infer_changed(device, input, physical);
}
int32_t infer_units(const struct pulsewright *device, const int32_t *physical, uint32_t count);
int32_t infer_units(const struct pulsewright *device, const int32_t *physical, uint32_t count) {
    return pulsewright_infer_units(device, physical, count);
}
void enable_interrupts(const struct pulsewright *device, uint32_t interrupts);
void enable_interrupts(const struct pulsewright *device, uint32_t interrupts) {
    pulsewright_enable_interrupts(device, interrupts);
}
uint32_t pending(const struct pulsewright *device);
uint32_t pending(const struct pulsewright *device) { return pulsewright_pending(device); }
void clear_pending(const struct pulsewright *device, uint32_t interrupts);
void clear_pending(const struct pulsewright *device, uint32_t interrupts) {
    pulsewright_clear_pending(device, interrupts);
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
        ("input_width", ctypes.c_uint8),
        ("lane_bits", ctypes.c_uint8),
        ("results", ctypes.c_uint16),
        ("result_width", ctypes.c_uint8),
        ("result_frac", ctypes.c_int8),
        ("sweep_input", ctypes.c_uint8),
        ("fifo_depth", ctypes.c_uint8),
        ("layers", ctypes.c_uint8),
        ("input_words", ctypes.c_uint8),
        ("incremental", ctypes.c_bool),
        ("reloadable", ctypes.c_bool),
        ("sweep", ctypes.c_bool),
        ("input_unsigned", ctypes.c_bool),
        ("sweep_minimum", ctypes.c_uint16),
        ("sweep_maximum", ctypes.c_uint16),
        ("autotrigger", ctypes.c_bool),
        ("job", ctypes.c_uint32),
        ("outstanding", ctypes.c_uint32),
        ("code_offset", ctypes.c_uint32),
    ]


class Steps(ctypes.Structure):
    """struct pulsewright_steps."""

    _fields_ = [
        ("address", ctypes.c_size_t),
        ("others", ctypes.c_uint32),
        ("mask", ctypes.c_uint32),
        ("low", ctypes.c_uint32),
        ("following", ctypes.POINTER(ctypes.c_uint32)),
        ("following_count", ctypes.c_uint32),
    ]


def compile_driver(
    compiler: str, folder: Path, bounded_wait: bool = False, infer_only: bool = False
) -> ctypes.CDLL:
    """The driver as a shared object of this machine, with hooks in place of its accesses."""
    (folder / "hooks.c").write_text(HOOKS)
    flags = ["-std=c99", "-O2", "-Wall", "-Wextra", "-Werror", "-pedantic", "-shared", "-fPIC"]
    flags += ["-fsanitize=undefined", "-fno-sanitize-recover", f"-I{DRIVER}"]
    flags.append(f"-DPULSEWRIGHT_BOUNDED_WAIT={int(bounded_wait)}")
    flags.append(f"-DPULSEWRIGHT_INFER_ONLY={int(infer_only)}")
    subprocess.run([compiler, *flags, "-o", "driver.so", "hooks.c"], cwd=folder, check=True)
    return ctypes.CDLL(str(folder / "driver.so"))


class Driver:
    """Calls the driver on a model of the registers."""

    def __init__(self, compiled: ctypes.CDLL, registers: Registers) -> None:
        self.compiled = compiled
        self.registers = registers
        self.device = Device()
        load = ctypes.CFUNCTYPE(ctypes.c_uint32, ctypes.c_size_t)(registers.load)
        store = ctypes.CFUNCTYPE(None, ctypes.c_size_t, ctypes.c_uint32)(registers.store)
        errors = ctypes.CFUNCTYPE(ctypes.c_uint32)(registers.take_bus_errors)
        idle = ctypes.CFUNCTYPE(None)(registers.idle)
        self._kept: list[Any] = [load, store, errors, idle]
        hooks = (("load", load), ("store", store), ("bus_errors", errors), ("idle", idle))
        for name, hook in hooks:
            pointer = ctypes.c_void_p.in_dll(compiled, name)
            pointer.value = ctypes.cast(hook, ctypes.c_void_p).value

    def call(self, function: str, *arguments: Any) -> int:
        called: Callable[..., int] = getattr(self.compiled, f"pulsewright_{function}")
        status = called(ctypes.byref(self.device), *arguments)
        assert self.registers.broken == [], self.registers.broken
        return status

    def probe(self, base: int = BASE) -> int:
        return self.call("probe", ctypes.c_size_t(base))

    def codes(self, codes: IntegerArray) -> Any:
        return (ctypes.c_int16 * codes.size)(*codes.ravel().tolist())

    def infer(self, codes: IntegerArray) -> tuple[int, list[int]]:
        results = (ctypes.c_int32 * self.registers.model.outputs)()
        status = self.call("infer", self.codes(codes), results)
        return status, list(results)

    def infer_within(self, codes: IntegerArray, polls: int) -> tuple[int, list[int]]:
        results = (ctypes.c_int32 * self.registers.model.outputs)()
        status = self.call("infer_within", self.codes(codes), results, ctypes.c_uint32(polls))
        return status, list(results)

    def pack(self, codes: IntegerArray) -> tuple[int, Any]:
        words = (ctypes.c_uint32 * len(self.registers.map.array("INPUT")))()
        return self.call("pack", self.codes(codes), words), words

    def curve(self, codes: IntegerArray, n0: int, n1: int, increments: bool = False) -> int:
        return self.call("curve_start", self.codes(codes), n0, n1, ctypes.c_bool(increments))

    def next(self) -> tuple[int, int]:
        value = ctypes.c_int32()
        return self.call("curve_next", ctypes.byref(value)), value.value

    def next_within(self, polls: int) -> tuple[int, int]:
        value = ctypes.c_int32()
        status = self.call("curve_next_within", ctypes.byref(value), ctypes.c_uint32(polls))
        return status, value.value

    def reach(self, codes: IntegerArray, n0: int, n1: int, target: int) -> tuple[int, int]:
        number = ctypes.c_uint16()
        arguments = (self.codes(codes), n0, n1, target, ctypes.byref(number))
        return self.call("reach", *arguments), number.value
