# SPDX-License-Identifier: Apache-2.0
"""Registers and windows as firmware sees them, without mercy, and the driver compiled for them."""

import ctypes
import subprocess
from pathlib import Path
from typing import Any

import numpy as np

from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.rtl.registers.register_map import compile_register_map
from tests.firmware.compiled_driver import DRIVER, HOOKS, Device
from tests.firmware.register_model import BASE

# A job runs for so many looks at STATUS; a load of a result lets it end.
LOOKS = 3


class WindowedRegisters:
    """Jobs run one behind the other, as long as there is room for results; one waits.

    The one that waits begins when it is waited for, looked at, or another one ends, not earlier.

    broken: where the hardware would answer with a bus error, or let a core wait for ever.
    """

    def __init__(self, model: IntegerMlp, folded: FoldedEngine, bounded_wait: bool = False) -> None:
        self.model = model
        self.map = compile_register_map(model, folded, bounded_wait=bounded_wait)
        self.constants = {
            r.address: r.reset
            for r in self.map.registers
            if r.readable and not r.writable and not r.from_hardware
        }
        self.stored = {r.address: r.reset for r in self.map.registers if r.storage}
        self.words = [0xDEAD_BEEF] * len(self.map.input_addresses)
        self.running: list[list[int]] = []
        self.waiting: list[int] | None = None
        self.results: list[list[int]] = []
        windows = self.map.data_windows
        assert windows is not None
        self.room = windows.result_vectors
        self.looks = 0
        self.stuck = False
        self.accesses: list[tuple[str, int, int]] = []
        self.broken: list[str] = []
        self.dead = False
        self.bus_errors = 0
        self.base = BASE

    def address(self, name: str) -> int:
        return self.map[name].address

    def take_bus_errors(self) -> int:
        count, self.bus_errors = self.bus_errors, 0
        return count

    def wrong(self, sentence: str) -> int:
        self.broken.append(sentence)
        return 0xDEAD_BEEF

    def load(self, address: int) -> int:
        if self.dead:
            self.bus_errors += 1
            return 0
        word = self._load(address - self.base)
        self.accesses.append(("load", address - self.base, word))
        return word

    def _load(self, offset: int) -> int:
        if offset in self.constants:
            return self.constants[offset]
        if offset in self.stored:
            return self.stored[offset]
        if offset in self.map.result_addresses:
            return self._load_result(self.map.result_addresses.index(offset))
        if offset == self.address("STATUS"):
            self.looks -= 1
            if self.running and self.looks <= 0:
                self._end()
            busy, queued = bool(self.running), self.waiting is not None
            self._begin()
            return busy | queued << 1 | len(self.results) << 8
        return self.wrong(f"load of {offset:#x}")

    def _load_result(self, index: int) -> int:
        if not self.results:
            if not self.running:
                return self.wrong("load of a result that nobody asked for")
            if self.map.bounded_wait:
                return self.wrong("load of a result that waits too long")
            self._end()
        word = self.results[0][index] & 0xFFFF_FFFF
        if index == self.model.outputs - 1:
            self.results.pop(0)
        return word

    def store(self, address: int, word: int) -> None:
        offset = address - self.base
        if self.dead:
            self.bus_errors += 1
            return
        self.accesses.append(("store", offset, word))
        if offset in self.map.input_addresses:
            self._store_input(self.map.input_addresses.index(offset), word)
        elif offset == self.address("SOFT_CLEAR") and word == 1:
            self.waiting = None
            self.running.clear()
            self.results.clear()
        elif offset in self.stored:
            self.stored[offset] = word
        else:
            self.wrong(f"store to {offset:#x}")

    def _store_input(self, index: int, word: int) -> None:
        if self.waiting is not None:
            if self.map.bounded_wait or len(self.running) + len(self.results) == self.room:
                self.wrong("store of an input word that is refused")
            else:
                # It waits until the vector before is taken.
                self._begin()
        self.words[index] = word
        if index == len(self.words) - 1 and self.stored[self.address("AUTOTRIGGER")]:
            self.waiting = self._computed()
            self.words = [0xDEAD_BEEF] * len(self.words)
            if not self.running:
                self._begin()

    def _computed(self) -> list[int]:
        lane, width = self.map.input_lane_bits, self.model.input_format.width
        together = sum(word << (32 * i) for i, word in enumerate(self.words))
        raw = [(together >> (lane * i)) & ((1 << width) - 1) for i in range(self.model.sizes[0])]
        signed = self.model.input_format.signed
        codes = [c - (1 << width) * (signed and c >> (width - 1)) for c in raw]
        results: list[int] = self.model.infer(np.array([codes], dtype=np.int64))[0].tolist()
        return results

    def _begin(self) -> None:
        if self.waiting is not None and len(self.running) + len(self.results) < self.room:
            if not self.running:
                self.looks = LOOKS
            self.running.append(self.waiting)
            self.waiting = None

    def _end(self) -> None:
        if self.running and not self.stuck:
            self.results.append(self.running.pop(0))
            self.looks = LOOKS
            self._begin()


class Windowed(ctypes.Structure):
    """struct pulsewright_windowed."""

    _fields_ = [
        ("device", Device),
        ("inputs", ctypes.c_size_t),
        ("results", ctypes.c_size_t),
        ("input_words", ctypes.c_uint32),
        ("started", ctypes.c_uint32),
        ("startable", ctypes.c_uint32),
    ]


def compile_windowed_driver(compiler: str, folder: Path, bounded_wait: bool = False) -> ctypes.CDLL:
    """The driver of windows as a shared object, with hooks in place of its accesses.

    Its source is compiled on its own, since it has helpers of the same names as the other one.
    """
    (folder / "hooks.c").write_text(HOOKS)
    head = HOOKS[: HOOKS.index('#include "pulsewright.c"')]
    head = "\n".join(f"extern {line}" if "(*" in line else line for line in head.splitlines())
    (folder / "windowed.c").write_text(head + '\n#include "pulsewright_windowed.c"\n')
    flags = ["-std=c99", "-O2", "-Wall", "-Wextra", "-Werror", "-pedantic", "-shared", "-fPIC"]
    flags += ["-fsanitize=undefined", "-fno-sanitize-recover", f"-I{DRIVER}"]
    flags.append(f"-DPULSEWRIGHT_BOUNDED_WAIT={int(bounded_wait)}")
    command = [compiler, *flags, "-o", "windowed.so", "hooks.c", "windowed.c"]
    subprocess.run(command, cwd=folder, check=True)
    return ctypes.CDLL(str(folder / "windowed.so"))


class WindowedDriver:
    """Calls the driver on a model of the registers."""

    def __init__(self, compiled: ctypes.CDLL, registers: WindowedRegisters) -> None:
        self.compiled = compiled
        self.registers = registers
        self.windowed = Windowed()
        load = ctypes.CFUNCTYPE(ctypes.c_uint32, ctypes.c_size_t)(registers.load)
        store = ctypes.CFUNCTYPE(None, ctypes.c_size_t, ctypes.c_uint32)(registers.store)
        errors = ctypes.CFUNCTYPE(ctypes.c_uint32)(registers.take_bus_errors)
        idle = ctypes.CFUNCTYPE(None)(lambda: None)
        self._kept: list[Any] = [load, store, errors, idle]
        hooks = (("load", load), ("store", store), ("bus_errors", errors), ("idle", idle))
        for name, hook in hooks:
            pointer = ctypes.c_void_p.in_dll(compiled, name)
            pointer.value = ctypes.cast(hook, ctypes.c_void_p).value

    def call(self, function: str, *arguments: Any) -> int:
        called = getattr(self.compiled, f"pulsewright_windowed_{function}")
        status: int = called(ctypes.byref(self.windowed), *arguments)
        assert self.registers.broken == [], self.registers.broken
        return status

    def probe(self, base: int = BASE) -> int:
        return self.call("probe", ctypes.c_size_t(base))

    def start(self, codes: IntegerArray) -> int:
        return self.call("start", as_codes(codes))

    def results(self, polls: int | None = None) -> tuple[int, list[int]]:
        found = (ctypes.c_int32 * self.registers.model.outputs)()
        if polls is None:
            return self.call("results", found), list(found)
        return self.call("results_within", found, ctypes.c_uint32(polls)), list(found)

    def infer(self, codes: IntegerArray) -> tuple[int, list[int]]:
        found = (ctypes.c_int32 * self.registers.model.outputs)()
        return self.call("infer", as_codes(codes), found), list(found)

    def stream(self, codes: IntegerArray, packed: bool = False) -> tuple[int, list[list[int]]]:
        """codes (rows, inputs) in one call, as codes or as words; results by row."""
        outputs, words = self.registers.model.outputs, self.windowed.input_words
        found = (ctypes.c_int32 * (outputs * len(codes)))()
        rows = ctypes.c_uint32(len(codes))
        if packed:
            together = (ctypes.c_uint32 * (words * len(codes)))()
            for i, row in enumerate(codes):
                place = ctypes.byref(together, 4 * words * i)
                assert self.call("pack", as_codes(row), place) == 0
            status = self.call("stream_packed", together, rows, found)
        else:
            status = self.call("stream", as_codes(codes), rows, found)
        return status, np.array(found).reshape(len(codes), outputs).tolist()


def as_codes(codes: IntegerArray) -> Any:
    """Codes as the driver takes them: unsigned ones of 16 bits by their bit pattern."""
    return (ctypes.c_int16 * codes.size)(*codes.astype(np.int16).ravel().tolist())
