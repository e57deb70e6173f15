# SPDX-License-Identifier: Apache-2.0
"""The demonstrator, compiled for this machine, on models of the registers."""

import ctypes
import subprocess
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

from pulsewright.rtl.package.input_map_header import input_map_header
from tests.firmware.register_model import BASE, Registers
from tests.memristor_model import MemristorModel

FIRMWARE = Path(str(files("pulsewright.firmware")))
MEMRISTOR = 0x3000_0000
CYCLES_A_LOOK = 7

HOOKS = f"""
#include <stdint.h>
extern uint32_t (*load)(uintptr_t);
extern void (*store)(uintptr_t, uint32_t);
#define PULSEWRIGHT_LOAD(address) load(address)
#define PULSEWRIGHT_STORE(address, word) store(address, word)
#define MEMRISTOR_LOAD(address) load(address)
#define MEMRISTOR_STORE(address, word) store(address, word)
#define MEMRISTOR_BASE {MEMRISTOR:#x}u
#define COPROCESSOR_BASE {BASE:#x}u
"""
SOC = """
#include <stdint.h>
uint32_t soc_cycle(void);
void soc_exit(int code);
void put_char(char character);
void put_text(const char *text);
void put_integer(int32_t value);
void put_unsigned(uint32_t value);
"""
CONSOLE = f"""
#include <stdio.h>
#include "soc.h"
uint32_t (*load)(uintptr_t);
void (*store)(uintptr_t, uint32_t);
static uint32_t cycle;
char console[4096];
static unsigned long used;
int exit_code = -1;
uint32_t soc_cycle(void) {{ return cycle += {CYCLES_A_LOOK}u; }}
void soc_exit(int code) {{ exit_code = code; }}
void put_char(char character) {{ if (used + 1u < sizeof console) console[used++] = character; }}
void put_text(const char *text) {{ while (*text) put_char(*text++); }}
void put_integer(int32_t value) {{
    char text[16];
    snprintf(text, sizeof text, "%ld", (long)value);
    put_text(text);
}}
void put_unsigned(uint32_t value) {{
    char text[16];
    snprintf(text, sizeof text, "%lu", (unsigned long)value);
    put_text(text);
}}
"""
SOURCES = ("programs/program_device.c", "driver/pulsewright.c")
FLAGS = ["-std=c99", "-O2", "-Wall", "-Wextra", "-Werror", "-Wconversion", "-shared", "-fPIC"]


class Ended(NamedTuple):
    """What the program printed, and its exit code."""

    console: list[str]
    code: int


def run_program(
    compiler: str,
    folder: Path,
    registers: Registers,
    memristor: MemristorModel,
    defines: tuple[str, ...] = (),
) -> Ended:
    """Compile the program for the model of `registers` and run it."""
    (folder / "hooks.h").write_text(HOOKS)
    (folder / "soc.h").write_text(SOC)
    (folder / "console.c").write_text(CONSOLE)
    (folder / "network_input_map.h").write_text(input_map_header(registers.model, "network"))
    arguments = [*FLAGS, "-fsanitize=undefined", "-fno-sanitize-recover", "-include", "hooks.h"]
    arguments += [f"-I{folder}", f"-I{FIRMWARE / 'driver'}", *(f"-D{name}" for name in defines)]
    sources = [str(FIRMWARE / name) for name in SOURCES]
    subprocess.run(
        [compiler, *arguments, "-o", "program.so", "console.c", *sources], cwd=folder, check=True
    )
    compiled = ctypes.CDLL(str(folder / "program.so"))
    load, store = _hooks(registers, memristor)
    for name, hook in (("load", load), ("store", store)):
        pointer = ctypes.c_void_p.in_dll(compiled, name)
        pointer.value = ctypes.cast(hook, ctypes.c_void_p).value
    code = compiled.main()
    assert registers.broken == []
    assert ctypes.c_int.in_dll(compiled, "exit_code").value == code
    text = (ctypes.c_char * 4096).in_dll(compiled, "console").value.decode()
    return Ended(text.splitlines(), code)


def _hooks(registers: Registers, memristor: MemristorModel) -> tuple[Any, Any]:
    def load(address: int) -> int:
        if address >= BASE:
            return registers.load(address)
        word, error = memristor.load(address - MEMRISTOR)
        if error:
            registers.broken.append(f"load of memristor {address:#x}")
        return word

    def store(address: int, word: int) -> None:
        if address >= BASE:
            registers.store(address, word)
        elif memristor.store(address - MEMRISTOR, word):
            registers.broken.append(f"store to memristor {address:#x}")

    return (
        ctypes.CFUNCTYPE(ctypes.c_uint32, ctypes.c_size_t)(load),
        ctypes.CFUNCTYPE(None, ctypes.c_size_t, ctypes.c_uint32)(store),
    )
