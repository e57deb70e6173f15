# SPDX-License-Identifier: Apache-2.0
import shutil
import subprocess
from pathlib import Path

import pytest

from pulsewright.rtl.register_texts.c_header import register_header
from pulsewright.rtl.registers.register_map import compile_register_map
from tests.models import random_model


def test_the_same_model_gives_the_same_header() -> None:
    model = random_model((6, 64, 1))
    text = register_header(model, "pulse")
    assert text.startswith("// SPDX-License-Identifier: Apache-2.0\n")
    assert register_header(model, "pulse") == text


@pytest.mark.parametrize(("sizes", "input_width"), [((6, 64, 1), 8), ((6, 4, 3), 16)])
def test_a_c_compiler_puts_every_register_at_its_address(
    sizes: tuple[int, ...], input_width: int, tmp_path: Path
) -> None:
    compiler = shutil.which("gcc")
    if compiler is None:
        pytest.skip("gcc is not installed")
    model = random_model(sizes, input_width=input_width)
    text = register_header(model, "pulse")
    (tmp_path / "pulse_registers.h").write_text(text)
    struct = "pulse_registers_t"
    assert f"}} {struct};" in text
    lines = ["#include <stddef.h>", '#include "pulse_registers.h"', f"typedef {struct} registers;"]
    for register in compile_register_map(model).registers:
        lines.append(
            f"_Static_assert(offsetof(registers, {register.name}) == {register.address:#x}, "
            f'"{register.name}");'
        )
    (tmp_path / "look.c").write_text("\n".join(lines) + "\n")
    command = [compiler, "-std=gnu99", "-Wall", "-Werror", "-ffreestanding", "-fsyntax-only"]
    run = subprocess.run(
        [*command, "look.c"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (run.returncode, run.stderr) == (0, "")


@pytest.mark.parametrize("standard", ["c99", "gnu99", "c11"])
def test_the_headers_of_two_coprocessors_go_into_one_file(standard: str, tmp_path: Path) -> None:
    compiler = shutil.which("gcc")
    if compiler is None:
        pytest.skip("gcc is not installed")
    sizes = {"one": (6, 8, 1), "two": (9, 4, 4, 3)}
    for name, shape in sizes.items():
        (tmp_path / f"{name}_registers.h").write_text(register_header(random_model(shape), name))
    (tmp_path / "look.c").write_text(
        '#include "one_registers.h"\n#include "two_registers.h"\n'
        "extern char inputs[sizeof((one_registers_t *)0)->INPUT == 8 &&"
        " sizeof((two_registers_t *)0)->INPUT == 12 ? 1 : -1];\n"
    )
    flags = [f"-std={standard}", "-Wall", "-Wextra", "-Werror", "-pedantic", "-ffreestanding"]
    run = subprocess.run(
        [compiler, *flags, "-fsyntax-only", "look.c"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stderr) == (0, "")
