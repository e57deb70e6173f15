# SPDX-License-Identifier: Apache-2.0
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from pulsewright.hls_model.files.checksums import CHECKSUMS
from pulsewright.rtl.package.file_lists import PackagePaths
from tests.rtl.package.packages import NAME, design, paperwork, write

REPOSITORY = Path(__file__).parents[3]
COMMENTED = (
    ".v",
    ".sv",
    ".vlt",
    ".sdc",
    ".f",
    ".core",
    ".yml",
    ".rdl",
    ".h",
    ".c",
    ".md",
    ".svg",
    ".html",
    ".xml",
    ".py",
    "Makefile",
)


def test_every_kind_of_file_is_there() -> None:
    paths = PackagePaths(NAME, "apb")
    everything = {
        getattr(paths, kind)
        for kind, value in vars(PackagePaths).items()
        if isinstance(value, property)
    } - {paths.driver, paths.weights, paths.example, paths.litex_module, paths.litex_library}
    everything -= {paths.hex_files, paths.stream, paths.stream_waivers, paths.stream_ip_xact}
    everything |= {paths.wrapper(wrapper) for wrapper in design("apb").wrappers}
    contents = paperwork("apb")
    assert everything <= set(contents)
    others = set(contents) - everything
    driver = {f"firmware/pulsewright{rest}" for rest in (".c", ".h", "_probe.h", "_text.c")}
    assert others == {"README.md", CHECKSUMS} | driver
    assert not any("fc_hwpe" in path for path in paperwork("obi"))


def test_litex_files_come_with_the_bus_that_litex_has() -> None:
    paths = PackagePaths(NAME, "wishbone")
    found = {path for path in paperwork("wishbone") if path.startswith("litex/")}
    assert found == {paths.litex_module, paths.litex_library}
    assert not any("litex" in path for path in paperwork("obi"))


@pytest.mark.parametrize("bus", ["hwpe_periph", "wishbone"])
def test_licences_are_named_where_there_are_comments(bus: str) -> None:
    for path, data in paperwork(bus).items():
        if path.endswith(COMMENTED):
            head = data.decode().splitlines()[:3]
            assert any("SPDX-License-Identifier: Apache-2.0" in line for line in head), path


@pytest.mark.parametrize("bus", ["apb", "cv_x_if_v1", "wishbone"])
def test_no_date_and_no_path_of_this_machine(bus: str) -> None:
    for path, data in paperwork(bus, "pulses").items():
        for trace in (str(REPOSITORY), tempfile.gettempdir(), str(Path.home()), sys.prefix):
            assert trace.encode() not in data, (path, trace)
        assert not re.search(rb"\b20[2-9]\d-\d\d-\d\d\b", data), path


@pytest.mark.parametrize("bus", ["apb", "cv_x_if_v1", "wishbone"])
def test_texts_have_no_blanks_at_their_line_ends(bus: str) -> None:
    for path, data in paperwork(bus, "pulses").items():
        if not path.startswith("hdl"):
            text = data.decode()
            assert not re.search(r"[ \t]+$", text, re.MULTILINE), path
            assert text.endswith("\n"), path
            assert not text.endswith("\n\n"), path


AGAIN = """
import hashlib
from tests.rtl.package.packages import paperwork
for path, data in paperwork().items():
    print(hashlib.sha256(data).hexdigest(), path)
"""


def test_another_process_makes_the_same_bytes() -> None:
    run = subprocess.run(
        [sys.executable, "-c", AGAIN],
        cwd=REPOSITORY,
        env=os.environ | {"PYTHONHASHSEED": "77", "TZ": "Asia/Tokyo", "LC_ALL": "C"},
        capture_output=True,
        text=True,
        check=True,
    )
    expected = [f"{hashlib.sha256(data).hexdigest()} {path}" for path, data in paperwork().items()]
    assert run.stdout.splitlines() == expected


def compilers() -> list[list[str]]:
    found = []
    for program, options in (
        ("gcc", []),
        ("riscv64-unknown-elf-gcc", ["-march=rv32imc", "-mabi=ilp32"]),
        ("g++", ["-xc++", "-std=c++11"]),
    ):
        if shutil.which(program):
            found.append([program, *options])
    return found


@pytest.mark.parametrize("compiler", compilers(), ids=lambda command: command[0])
def test_the_firmware_of_two_coprocessors_compiles_freestanding(
    compiler: list[str], tmp_path: Path
) -> None:
    write(tmp_path, paperwork("obi", "plain", "one"))
    write(tmp_path, paperwork("obi", "other", "two"))
    (tmp_path / "firmware" / "both.c").write_text(
        '#include "one_input_map.h"\n#include "two_input_map.h"\n'
        '#include "one_registers.h"\n#include "two_registers.h"\n#include "pulsewright.h"\n'
        "int both(const int32_t *physical, int32_t *results);\n"
        "int both(const int32_t *physical, int32_t *results) {\n"
        "    struct pulsewright device;\n"
        "    int16_t codes[ONE_INPUTS];\n"
        "    one_codes(physical, codes);\n"
        "    int status = pulsewright_probe(&device, 0x1000u);\n"
        "    return status ? status : pulsewright_infer(&device, codes, results);\n"
        "}\n"
    )
    warnings = ["-Wall", "-Wextra", "-Werror", "-pedantic", "-Wno-unused-function"]
    standard = [] if "-xc++" in compiler else ["-std=c99"]
    for source in ("both.c", "pulsewright.c", "pulsewright_text.c"):
        run = subprocess.run(
            [*compiler, *standard, "-ffreestanding", *warnings, "-c", source, "-o", "out.o"],
            cwd=tmp_path / "firmware",
            capture_output=True,
            text=True,
            check=False,
        )
        assert (run.returncode, run.stderr) == (0, ""), source
