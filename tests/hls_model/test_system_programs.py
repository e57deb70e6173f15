# SPDX-License-Identifier: Apache-2.0
import re
from pathlib import Path

from pulsewright.hls_model.system_programs import PROGRAMS, apt_line, package_remedy

SCRIPT = Path(__file__).parents[2] / "tools" / "system_packages.sh"


def test_the_set_up_installs_the_same_packages_for_the_same_programs() -> None:
    text = SCRIPT.read_text("utf-8")
    pairs = re.findall(r"^[^#\n]*\bneed ([\w+-]+) ['\"]?([\w+ -]+?)['\"]?$", text, re.MULTILINE)
    # A browser is for tests alone.
    known = {program: package for program, package in pairs if program != "chromium"}
    assert set(known) >= {"iverilog", "g++", "make", "perl", "riscv64-unknown-elf-gcc"}
    assert {"sta", "qflow"} <= set(known)
    assert known == {program: PROGRAMS[program].packages for program in known}


def test_sentences_of_a_missing_program() -> None:
    assert apt_line("sta") == "apt-get install opensta"
    assert package_remedy("vvp") == "install the package iverilog (apt-get install iverilog)"
