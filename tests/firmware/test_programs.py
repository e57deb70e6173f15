# SPDX-License-Identifier: Apache-2.0
"""Programs of the SoC compile and link for every core; what a trap skips is decoded right."""

import ctypes
import shutil
import subprocess
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pulsewright.rtl.package.input_map_header import input_map_header
from pulsewright.sim.soc.baselines import baselines
from pulsewright.sim.soc.network_header import network_header
from pulsewright.sim.soc.rows_header import Curve, rows_header
from tests.firmware.compiled_baselines import STANDARD, WARNINGS
from tests.models import random_model

FIRMWARE = Path(str(files("pulsewright.firmware")))
GCC = "riscv64-unknown-elf-gcc"
FOLDERS = [f"-I{FIRMWARE / folder}" for folder in ("soc", "driver", "baseline")]
LINK = ["-nostdlib", "-T", FIRMWARE / "soc" / "link.ld", "-Wl,--no-warn-rwx-segments", "-lgcc"]
SYSTEM = ["start.S", "console.c", "trap.c", "memory.c", "soc_driver.c"]
CORES: dict[str, list[str]] = {
    "ibex": ["-DSOC_CORE_IBEX", "-DSOC_BUS"],
    "picorv32": ["-DSOC_CORE_PICORV32", "-DSOC_INSTRUCTION"],
    "cv32e40x": ["-DSOC_CORE_CV32E40X", "-DSOC_INSTRUCTION", "-DSOC_DOT4"],
    "software": ["-DSOC_CORE_IBEX"],
}
PROGRAMS = [
    *("hello", "rows", "faults", "cycles"),
    *("interrupts", "warm_restart", "wide_results"),
]
NETWORKS: list[dict[str, Any]] = [
    {"sizes": (6, 12, 1), "pulses": 100},
    {"sizes": (3, 4, 5, 2), "pulses": 20, "log_pulses": True, "pulse_input": 2},
    {"sizes": (2, 3, 1)},
    {"sizes": (4, 6, 3), "pulses": 20, "multipliers": 9, "output": "code"},
    {"sizes": (4, 5, 2), "multipliers": 9, "output": "argmax"},
]


@pytest.mark.parametrize(
    ("core", "programs"),
    [
        ("ibex", ["rows", "interrupts"]),
        *(pytest.param(core, PROGRAMS, marks=pytest.mark.regression) for core in CORES),
    ],
)
def test_programs_link(core: str, programs: list[str], tmp_path: Path) -> None:
    link_programs(core, NETWORKS[0], tmp_path, programs)


@pytest.mark.regression
@pytest.mark.parametrize("core", CORES)
@pytest.mark.parametrize("network", NETWORKS[1:], ids=lambda network: str(network["sizes"]))
def test_programs_of_other_networks_link(
    core: str, network: dict[str, Any], tmp_path: Path
) -> None:
    link_programs(core, network, tmp_path)


def link_programs(
    core: str, network: dict[str, Any], tmp_path: Path, programs: Sequence[str] = PROGRAMS
) -> None:
    if shutil.which(GCC) is None:
        pytest.skip(f"{GCC} is not installed: apt install gcc-riscv64-unknown-elf")
    model = random_model(**network)
    features = model.input_map.features
    physical = np.array([[f.minimum for f in features], [f.maximum for f in features]])
    curves = [Curve(physical[0], 1, 9)] if "pulses" in network else []
    (tmp_path / "network.h").write_text(network_header(model))
    (tmp_path / "rows.h").write_text(rows_header(model, physical, curves))
    (tmp_path / "network_input_map.h").write_text(input_map_header(model, "network"))
    system = [FIRMWARE / "soc" / name for name in SYSTEM]
    system.append(FIRMWARE / "driver" / "pulsewright_text.c")
    methods = [FIRMWARE / "baseline" / f"{name}.c" for name in baselines(model)]
    flags = ["-march=rv32imc_zicsr", "-mabi=ilp32", "-O2", *STANDARD, *WARNINGS, *CORES[core]]
    for program in programs:
        if core == "software" and program in ("rows", "faults"):
            continue
        if program == "wide_results" and not curves:
            continue
        sources = [*system, FIRMWARE / "programs" / f"{program}.c"]
        sources += methods if program == "cycles" else []
        command = [GCC, *flags, *FOLDERS, f"-I{tmp_path}", *sources, *LINK, "-o", "out.elf"]
        run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert (run.returncode, run.stderr) == (0, ""), program
        symbols = subprocess.run(
            ["riscv64-unknown-elf-nm", "out.elf"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        assert "00000080 T _start" in symbols


DECODE = """
#include "load_register.h"
uint32_t destination(uint32_t low);
uint32_t destination(uint32_t low) { return load_register(low); }
uint32_t bytes(uint32_t low);
uint32_t bytes(uint32_t low) { return instruction_bytes(low); }
"""

# As the assembler writes them: the instruction, its first 16 bits, the register, the bytes.
INSTRUCTIONS = [
    ("lw a0, 0(a1)", 0x0005A503, 10, 4),
    ("lw t6, 2047(t6)", 0x7FFFAF83, 31, 4),
    ("lbu s0, 3(sp)", 0x00314403, 8, 4),
    ("lh ra, -2(a5)", 0xFFE79083, 1, 4),
    ("sw a0, 0(a1)", 0x00A5A023, 0, 4),
    ("sb t6, 5(t6)", 0x01FF82A3, 0, 4),
    ("c.lw a0, 0(a1)", 0x4188, 10, 2),
    ("c.lw s1, 64(a5)", 0x43A4, 9, 2),
    ("c.sw a0, 0(a1)", 0xC188, 0, 2),
    ("c.lwsp ra, 12(sp)", 0x40B2, 1, 2),
    ("c.lwsp t6, 0(sp)", 0x4F82, 31, 2),
    ("c.swsp a0, 8(sp)", 0xC42A, 0, 2),
]


@pytest.fixture(scope="module")
def decoder(tmp_path_factory: pytest.TempPathFactory) -> ctypes.CDLL:
    if shutil.which("gcc") is None:
        pytest.skip("gcc is not installed")
    folder = tmp_path_factory.mktemp("decoder")
    (folder / "decode.c").write_text(DECODE)
    command = ["gcc", *STANDARD, *WARNINGS, "-shared", "-fPIC", FOLDERS[0], "decode.c"]
    subprocess.run([*command, "-o", "decode.so"], cwd=folder, check=True)
    return ctypes.CDLL(str(folder / "decode.so"))


@pytest.mark.parametrize(
    ("text", "word", "register", "size"), INSTRUCTIONS, ids=lambda value: value
)
def test_a_skipped_access_is_decoded(
    decoder: ctypes.CDLL, text: str, word: int, register: int, size: int
) -> None:
    assert decoder.destination(word & 0xFFFF) == register
    assert decoder.bytes(word & 0xFFFF) == size


def test_the_words_above_are_those_of_the_assembler(tmp_path: Path) -> None:
    if shutil.which(GCC) is None:
        pytest.skip(f"{GCC} is not installed: apt install gcc-riscv64-unknown-elf")
    # Without relaxation to a compressed form where none is asked for.
    lines = [
        f".option {'rvc' if text.startswith('c.') else 'norvc'}\n{text}\n"
        for text, *_ in INSTRUCTIONS
    ]
    (tmp_path / "words.s").write_text("".join(lines))
    flags = ["-march=rv32imc", "-mabi=ilp32", "-c", "words.s", "-o", "words.o"]
    subprocess.run([GCC, *flags], cwd=tmp_path, check=True)
    subprocess.run(
        ["riscv64-unknown-elf-objcopy", "-O", "binary", "words.o", "words.bin"],
        cwd=tmp_path,
        check=True,
    )
    expected = b"".join(word.to_bytes(size, "little") for _, word, _, size in INSTRUCTIONS)
    assert (tmp_path / "words.bin").read_bytes() == expected
