# SPDX-License-Identifier: Apache-2.0
"""A hundred thousand faulty files, and large ones: sentences, bounded memory, no hang."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.foreign_files.peak_memory import peak_mib
from tests.foreign_files.seeds import FORMATS, REPOSITORY

MOST_MIB = 1024
# Torch and Brevitas take seconds to import.
WITH_TORCH = ("float", "quantised")
WITHOUT_TORCH = tuple(name for name in FORMATS if name not in WITH_TORCH)


def outcome(first: int, count: int, *names: str) -> dict[str, dict[str, object]]:
    """Of a process of its own, whose memory is looked at as well."""
    path = os.pathsep.join([str(REPOSITORY / "src"), str(REPOSITORY)])
    done = subprocess.run(
        [sys.executable, "-m", "tests.foreign_files.run", str(first), str(count), *names],
        cwd=REPOSITORY,
        env=os.environ | {"PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["peak_mib"] < MOST_MIB
    return result["formats"]


def test_the_peak_is_that_of_the_program_itself() -> None:
    """However much its parent holds, and no less than what it holds."""
    held = bytearray(300 << 20)
    assert peak_mib() > 300
    program = "from tests.foreign_files.peak_memory import peak_mib; print(peak_mib())"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    assert 1 <= int(done.stdout) < 100
    del held


def check(formats: dict[str, dict[str, object]], count: int) -> None:
    for name, one in formats.items():
        assert one["faults"] == 0, f"{name}: {one['examples']}"
        assert one["read"] + one["refused"] == count
        # Neither is every file refused nor none, or nothing would be shown.
        assert one["read"] > 0, name
        assert one["refused"] > 0 or name == "stamp", name


def test_a_few_faulty_files_of_every_format() -> None:
    check(outcome(0, 40, *WITHOUT_TORCH), 40)


@pytest.mark.regression
def test_a_few_faulty_checkpoints() -> None:
    check(outcome(0, 12, *WITH_TORCH), 12)


@pytest.mark.regression
@pytest.mark.parametrize("name", FORMATS)
def test_many_faulty_files(name: str) -> None:
    """100 700 in all: 7500 of each of 13 formats, and 1600 of each of two that need Torch."""
    count = 1600 if name in WITH_TORCH else 7500
    check(outcome(0, count, name), count)


def large_files() -> dict[str, tuple[str, bytes]]:
    """Ten megabytes each of what is dearest to a reader: format and contents by name."""
    csv_header = b"pulse_number,v_set,v_anti,t_set,t_off,t_read,current\n"
    fields = b"\x0a\x00" * 5_000_000
    size = bytes([len(fields) & 127 | 128, len(fields) >> 7 & 127 | 128])
    size += bytes([len(fields) >> 14 & 127 | 128, len(fields) >> 21])
    layer = b'{"weights":[[' + b"1," * 4_900_000 + b'1]],"bias":[1]}'
    return {
        "many rows": ("csv", csv_header + b"0,1,1,1,1,1,1\n1,1,1,1,1,1,2\n" * 350_000),
        "many columns": ("csv", b"," * 10_000_000),
        "many lines": ("csv", csv_header + b"\n" * 10_000_000),
        "one quoted field": ("csv", b'"' + b"a\n" * 5_000_000),
        "many weights": ("model", b'{"format_version":2,"name":"a","layers":[' + layer + b"]}"),
        "many features": (
            "model",
            b'{"format_version":2,"name":"a","layers":[],"input_map":{"features":['
            + b"{}," * 3_300_000
            + b"{}]}}",
        ),
        "many lists": ("model", b"[" + b"[]," * 3_300_000 + b"[]]"),
        "many nodes": ("onnx", b"\x3a" + size + fields),
        "many operations": ("pck", b"\x80\x02" + b"N0" * 5_000_000 + b"N."),
        "many tables": ("recipe", b"[[a]]\n" * 1_700_000),
        "many seeds": ("study", b"seeds = [" + b"1," * 500_000 + b"1]"),
        "many results": ("summary", b"[" + b"1," * 5_000_000 + b"1]"),
        "many journal lines": ("journal", b'{"format_version":1}\n' + b"{}\n" * 3_300_000),
    }


@pytest.mark.regression
def test_large_files_take_less_than_a_gigabyte(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path\n"
        "from pulsewright.hls_model.errors import PulsewrightError\n"
        "from tests.foreign_files.peak_memory import peak_mib\n"
        "from tests.foreign_files.seeds import FORMATS\n"
        "try: FORMATS[sys.argv[1]].read(Path(sys.argv[2]))\n"
        "except PulsewrightError as error: print(error)\n"
        "print(peak_mib())\n"
    )
    path = os.pathsep.join([str(REPOSITORY / "src"), str(REPOSITORY)])
    for what, (name, data) in large_files().items():
        file = tmp_path / f"large{FORMATS[name].suffix}"
        file.write_bytes(data)
        done = subprocess.run(
            [sys.executable, "-c", program, name, str(file)],
            cwd=REPOSITORY,
            env=os.environ | {"PYTHONPATH": path},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{what}: {done.stderr[-2000:]}"
        assert int(done.stdout.splitlines()[-1]) < MOST_MIB, what
