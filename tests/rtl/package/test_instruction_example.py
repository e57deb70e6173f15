# SPDX-License-Identifier: Apache-2.0
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from pulsewright.rtl.package.packing import pack_codes
from tests.rtl.package.packages import NAME, design, paperwork, write

CROSS = "riscv64-unknown-elf-gcc"
WARNINGS = ["-Wall", "-Wextra", "-Werror", "-pedantic", "-Wno-unused-function"]
# The instructions on a host: what they are given.
STAND_IN = """
#ifndef PULSEWRIGHT_INSTRUCTION_H
#define PULSEWRIGHT_INSTRUCTION_H
#include <stdint.h>
#include <stdio.h>
static inline int32_t pw_infer(uint32_t low, uint32_t high) {
    printf("%lu %lu\\n", (unsigned long)low, (unsigned long)high);
    return 0;
}
static inline int32_t pw_step(int32_t code) { printf("step %ld\\n", (long)code); return 0; }
static inline uint32_t pw_load(uint32_t address) { return address; }
#endif
"""


def compiled(folder: Path, *command: str) -> None:
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")


@pytest.mark.quick_cases(1)
@pytest.mark.parametrize(
    ("name", "which"), [("pcpi", "plain"), ("cv_x_if", "pulses"), ("cv_x_if_v1", "reloadable")]
)
def test_it_compiles_to_the_instructions(name: str, which: str, tmp_path: Path) -> None:
    if shutil.which(CROSS) is None:
        pytest.skip(f"{CROSS} is not installed")
    write(tmp_path, paperwork(name, which))
    target = ["-march=rv32imc", "-mabi=ilp32", "-std=c99", "-ffreestanding", "-Os"]
    compiled(
        tmp_path, CROSS, *target, *WARNINGS, "-S", f"firmware/{NAME}_example.c", "-o", "example.s"
    )
    assembly = (tmp_path / "example.s").read_text()
    assert assembly.count(".insn r 0x0B, 0, 0") == 1
    assert assembly.count(".insn r 0x0B, 1, 0") == (which == "pulses")
    assert assembly.count(".insn r 0x0B, 2, 0") == (design(name, which).model.sizes[-1] > 1)


@pytest.mark.parametrize("which", ["plain", "pulses"])
def test_codes_are_packed_as_the_coprocessor_takes_them(which: str, tmp_path: Path) -> None:
    found = design("pcpi", which)
    write(tmp_path, paperwork("pcpi", which))
    (tmp_path / "firmware/pulsewright_instruction.h").write_text(STAND_IN)
    draw = np.random.default_rng(3)
    features = found.model.input_map.features
    physical = np.array(
        [[draw.integers(f.minimum, f.maximum, endpoint=True) for f in features] for _ in range(20)]
    )
    calls = "".join(
        f"    {NAME}_infer((const int32_t[]){{{', '.join(map(str, row))}}});\n"
        for row in physical.tolist()
    )
    (tmp_path / "main.c").write_text(
        f'#include "firmware/{NAME}_example.c"\nint main(void) {{\n{calls}    return 0;\n}}\n'
    )
    compiled(tmp_path, "gcc", "-std=c99", "-Ifirmware", *WARNINGS, "main.c", "-o", "main")
    said = subprocess.run(["./main"], cwd=tmp_path, capture_output=True, text=True, check=True)
    words = [[int(word) for word in line.split()] for line in said.stdout.splitlines()]
    codes = np.stack([f.codes(physical[:, i]) for i, f in enumerate(features)], axis=1)
    assert words == [pack_codes(found, row) for row in codes]
