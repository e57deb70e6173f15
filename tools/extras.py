# SPDX-License-Identifier: Apache-2.0
"""Writes docs/extras.md: what each extra of `pip install` downloads and takes, measured here.

Extras for development are left out. Wheels are made once, with the versions of constraints.txt, and
each of the others is installed from them into an empty environment. Called by `make extras`;
`extras.py NAME …` measures the named ones, with `none` for the package alone, and prints their
lines instead.
"""

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from packaging.utils import canonicalize_name, parse_wheel_filename

REPOSITORY = Path(__file__).parents[1]
PAGE = REPOSITORY / "docs" / "extras.md"
PROJECT = "pulsewright"
ALONE = "none"
MEGABYTE = 1e6
# Of a checkout, what a wheel is not made of.
NO_SOURCES = (".*", "build", "docs", "tests", "__pycache__", "*.egg-info")
# What an extra is for, in the order of the page.
USES = {
    ALONE: "exact integers, estimates of cycles and energy, reports of finished results",
    "train": "training and quantisation by Torch and Brevitas, the published curves",
    "onnx": "ONNX files of Brevitas and onnxruntime",
    "qonnx": "QONNX files, executed by the qonnx package",
    "tflite": "TFLite files",
    "rtl": "Verilog, registers, data sheets",
    "sim": "simulation by cocotb on Icarus and Verilator",
    "soc": "RISC-V cores around the coprocessor, in simulation",
    "synth": "Yosys and nextpnr",
    "board": "bitstreams, and the serial line of a board",
    "study": "studies on many cores or a cluster",
    "all": "everything above",
    "formal": "proofs by Yosys and Z3",
    "litex": "a LiteX SoC",
}
# What the Makefile of a checkout asks for, and no command does.
DEVELOPMENT = frozenset({"bench", "peers", "docs", "release", "dev"})
HEAD = """\
<!-- SPDX-License-Identifier: Apache-2.0 -->
<!-- Written by `make extras`. -->
# Extras

`pip install '.[rtl,sim]'` brings what two extras need; `pulsewright doctor` tells which are there,
and a command that lacks one says which. `make extras` measured on {date}, with Python
{python} on {machine} and the versions of constraints.txt, what each brings into an empty
environment: packages, Pulsewright itself counted; their wheels as they are downloaded; the files
afterwards, with compiled modules; and the processor time of pip when the wheels lie on the disk.
{torch}
| extra | for | packages | download, MB | installed, MB | processor, s |
|---|---|---:|---:|---:|---:|
"""
TORCH = """
Torch is {version} here. Builds for CUDA bring far more; where a processor is enough, as it
is for these networks, call this first:

```sh
pip install torch=={release} --index-url https://download.pytorch.org/whl/cpu
```
"""


class Taken(NamedTuple):
    """What an extra takes: packages beside pip and setuptools, bytes, processor seconds of pip."""

    packages: int
    downloaded: int
    installed: int
    seconds: float


def make_wheels(extras: Collection[str], folder: Path) -> None:
    """Write the wheels of the project and of all that these extras bring into `folder`."""
    with tempfile.TemporaryDirectory() as place:
        # Setuptools writes beside the sources that it builds.
        sources = Path(place) / PROJECT
        ignored = shutil.ignore_patterns(*NO_SOURCES)
        shutil.copytree(REPOSITORY, sources, symlinks=True, ignore=ignored)
        names = ",".join(extra for extra in extras if extra != ALONE)
        constraints = str(REPOSITORY / "constraints.txt")
        _pip(
            *(sys.executable, "wheel", "--use-pep517", "--constraint", constraints),
            *("--wheel-dir", str(folder), f"{sources}[{names}]" if names else str(sources)),
        )


def measure(extra: str, wheels: Path, folder: Path) -> Taken:
    """Install one extra from these wheels into an environment in `folder`, which is empty."""
    environment = folder / "environment"
    subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
    python = str(environment / "bin" / "python")
    before, begin = size_of(environment), _processor_seconds()
    wanted = PROJECT if extra == ALONE else f"{PROJECT}[{extra}]"
    _pip(python, "install", "--no-index", "--find-links", str(wheels), wanted)
    seconds = _processor_seconds() - begin
    listed = subprocess.run(
        [python, "-m", "pip", "list", "--format=json"], capture_output=True, text=True, check=True
    )
    names = {one["name"] for one in json.loads(listed.stdout)} - {"pip", "setuptools"}
    return Taken(len(names), download_of(names, wheels), size_of(environment) - before, seconds)


def download_of(names: Iterable[str], wheels: Path) -> int:
    """Bytes of the wheels of these packages, our own left out."""
    wanted = {canonicalize_name(name) for name in names} - {PROJECT}
    sizes = {parse_wheel_filename(one.name)[0]: one.stat().st_size for one in wheels.glob("*.whl")}
    return sum(sizes[name] for name in wanted)


def size_of(folder: Path) -> int:
    """Bytes of all files in it, once each."""
    return sum(
        path.stat().st_size
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink()
    )


def line(extra: str, taken: Taken) -> str:
    """Of the table."""
    name = extra if extra == ALONE else f"`{extra}`"
    sizes = f"{taken.downloaded / MEGABYTE:.0f} | {taken.installed / MEGABYTE:.0f}"
    return f"| {name} | {USES[extra]} | {taken.packages} | {sizes} | {taken.seconds:.0f} |\n"


def head(wheels: Path) -> str:
    """The page above its lines: when, where, and with which build of Torch."""
    builds = [parse_wheel_filename(one.name)[1] for one in wheels.glob("torch-*.whl")]
    torch = "".join(TORCH.format(version=one, release=one.public) for one in builds)
    now = datetime.now(UTC)
    return HEAD.format(
        date=f"{now.day} {now:%B %Y}",
        python=".".join(map(str, sys.version_info[:3])),
        machine=f"{os.uname().sysname} {os.uname().machine}",
        torch=torch,
    )


def _processor_seconds() -> float:
    """Of all children that have ended; other work on the machine does not count."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _pip(python: str, *arguments: str) -> None:
    subprocess.run(
        [python, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments], check=True
    )


def declared() -> list[str]:
    """The extras of pyproject.toml, those for development left out."""
    text = (REPOSITORY / "pyproject.toml").read_text(encoding="utf-8")
    names = tomllib.loads(text)["project"]["optional-dependencies"]
    return [name for name in names if name not in DEVELOPMENT]


def main(named: Sequence[str]) -> None:
    """Measure and print lines, and write the page unless some are named."""
    lines = []
    with tempfile.TemporaryDirectory() as place:
        wheels = Path(place)
        make_wheels(named or USES, wheels)
        for extra in named or USES:
            with tempfile.TemporaryDirectory() as folder:
                lines.append(line(extra, measure(extra, wheels, Path(folder))))
            print(lines[-1], end="", flush=True)
        text = head(wheels) + "".join(lines)
    if not named:
        written = PAGE.with_suffix(".tmp")
        written.write_text(text, encoding="utf-8")
        written.rename(PAGE)


if __name__ == "__main__":
    unknown = set(sys.argv[1:]) - set(USES)
    if unknown:
        print(f"extras: {min(unknown)} is none of {', '.join(USES)}", file=sys.stderr)
        sys.exit(2)
    main(sys.argv[1:])
