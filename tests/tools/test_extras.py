# SPDX-License-Identifier: Apache-2.0
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import tools.extras
from tools.extras import (
    ALONE,
    PAGE,
    USES,
    Taken,
    declared,
    download_of,
    head,
    line,
    measure,
    size_of,
)

METADATA = "Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n"


def wheel(folder: Path, name: str, metadata: str = "", contents: bytes = b"") -> Path:
    """A package of one module, as pip takes it."""
    path = folder / f"{name}-1.0-py3-none-any.whl"
    place = f"{name}-1.0.dist-info"
    files = {
        f"{name}.py": contents,
        f"{place}/METADATA": (METADATA.format(name=name) + metadata).encode(),
        f"{place}/WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    with zipfile.ZipFile(path, "w") as archive:
        for file, text in files.items():
            archive.writestr(file, text)
        archive.writestr(f"{place}/RECORD", "".join(f"{file},,\n" for file in files))
    return path


def test_every_extra_has_a_line_with_its_use() -> None:
    assert set(USES) == {ALONE, *declared()}
    text = PAGE.read_text(encoding="utf-8")
    found = re.findall(r"^\| `?(\w+)`? \| (.*?) \| (\d+) \| (\d+) \| (\d+) \|", text, re.MULTILINE)
    assert [(name, use) for name, use, *_ in found] == list(USES.items())


def test_the_page_adds_up() -> None:
    text = PAGE.read_text(encoding="utf-8")
    rows = re.findall(r"^\| `?(\w+)`? \| .*? \| (\d+) \| (\d+) \| (\d+) \|", text, re.MULTILINE)
    taken = {name: tuple(map(int, numbers)) for name, *numbers in rows}
    for name in (
        "train",
        "onnx",
        "qonnx",
        "tflite",
        "rtl",
        "sim",
        "soc",
        "synth",
        "board",
        "study",
    ):
        for least, ours, most in zip(taken[ALONE], taken[name], taken["all"], strict=True):
            assert least <= ours <= most


def test_a_line_has_megabytes() -> None:
    text = line("rtl", Taken(9, 12_400_000, 40_600_000, 3.2))
    assert text == f"| `rtl` | {USES['rtl']} | 9 | 12 | 41 | 3 |\n"


def test_sizes_are_those_of_files(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "one").write_bytes(b"123")
    (tmp_path / "two").write_bytes(b"4567")
    (tmp_path / "link").symlink_to("two")
    assert size_of(tmp_path) == 7


def test_downloads_are_those_of_others(tmp_path: Path) -> None:
    sizes = [wheel(tmp_path, name).stat().st_size for name in ("pulsewright", "one_name", "other")]
    assert download_of(["pulsewright", "one-name"], tmp_path) == sizes[1]


def test_the_page_names_the_build_of_torch(tmp_path: Path) -> None:
    assert "Torch" not in head(tmp_path)
    (tmp_path / "torch-2.13.0+cpu-cp311-cp311-linux_x86_64.whl").touch()
    text = head(tmp_path)
    assert "Torch is 2.13.0+cpu here" in text
    assert "pip install torch==2.13.0 " in text


@pytest.mark.regression
def test_an_extra_is_what_pip_adds(tmp_path: Path) -> None:
    wheels, folders = tmp_path / "wheels", [tmp_path / "alone", tmp_path / "with"]
    for folder in (wheels, *folders):
        folder.mkdir()
    wheel(
        wheels, "pulsewright", "Provides-Extra: tflite\nRequires-Dist: other; extra == 'tflite'\n"
    )
    other = wheel(wheels, "other", contents=b"#" * 1_000_000)
    wheel(wheels, "unasked")
    alone, more = (
        measure(extra, wheels, folder)
        for extra, folder in zip((ALONE, "tflite"), folders, strict=True)
    )
    assert (alone.packages, alone.downloaded) == (1, 0)
    assert (more.packages, more.downloaded) == (2, other.stat().st_size)
    assert 1_000_000 < more.installed - alone.installed < 1_010_000
    assert more.seconds > 0


def test_an_extra_that_there_is_not_is_refused() -> None:
    command = [sys.executable, tools.extras.__file__, "tfilte"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr.count("\n")) == (2, 1)
    assert "tfilte is none of none, train" in run.stderr
