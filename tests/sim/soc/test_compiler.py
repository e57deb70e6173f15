# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.sim.soc import compiler
from pulsewright.sim.soc.compiler import (
    compile_program,
    cross_prefix,
    firmware_folder,
    object_sizes,
)
from tests.sim.soc.systems import need_core

DEFINES = ("SOC_CORE_PICORV32", "SOC_INSTRUCTION")


def test_without_a_compiler_the_sentence_names_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiler.shutil, "which", lambda name: None)
    with pytest.raises(PulsewrightError, match="apt-get install gcc-riscv64-unknown-elf"):
        cross_prefix()


def test_an_image_is_words_in_hex_from_address_0(tmp_path: Path) -> None:
    need_core("picorv32")
    firmware = compile_program("hello", {}, DEFINES, tmp_path)
    words = firmware.image.read_text().split()
    assert all(len(word) == 8 for word in words)
    binary = firmware.elf.with_suffix(".bin").read_bytes()
    assert int(words[0x20], 16).to_bytes(4, "little") == binary[0x80:0x84]
    assert len(words) == -(-len(binary) // 4)


def test_headers_that_another_left_are_not_compiled(tmp_path: Path) -> None:
    need_core("picorv32")
    first = compile_program("hello", {}, DEFINES, tmp_path).image.read_text()
    for header in ("soc.h", "pulsewright.h", "stdint.h"):
        (tmp_path / "include" / header).write_text("#error planted\n")
    assert compile_program("hello", {}, DEFINES, tmp_path).image.read_text() == first


def test_an_error_of_the_compiler_is_told(tmp_path: Path) -> None:
    need_core("picorv32")
    with pytest.raises(PulsewrightError, match=r"cannot compile hello.c .*define one of SOC_CORE"):
        compile_program("hello", {}, (), tmp_path)


def test_the_driver_has_a_size_by_function(tmp_path: Path) -> None:
    need_core("picorv32")
    sizes = object_sizes(firmware_folder() / "driver" / "pulsewright.c", tmp_path, "-O2")
    assert 20 < sizes["pulsewright_infer"] < 1000
    assert sizes.keys() >= {"pulsewright_probe", "pulsewright_reach"}
