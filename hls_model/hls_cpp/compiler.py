# SPDX-License-Identifier: Apache-2.0
"""The C++ compiler of the host, and shared libraries that are compiled once."""

import hashlib
import os
import platform
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.files.atomic_write import atomic_path
from pulsewright.hls_model.files.made_here import is_made_here, note_made
from pulsewright.hls_model.processes.tool import CANNOT_START, run_tool
from pulsewright.hls_model.system_programs import package_remedy

COMPILERS = ("g++", "clang++", "c++")
STANDARD = "-std=c++14"
WARNINGS = ("-Wall", "-Wextra", "-Wconversion", "-Werror")
FAST = ("-O3", "-march=native", "-DPULSEWRIGHT_LEAST_BYTES=4")
# Of a compiler's own words, what still reads as part of a sentence.
LONGEST_REASON = 300


def find_compiler() -> list[str] | None:
    """The compiler and its first arguments: CXX if it is set, else g++ or clang++, if any is there.

    Raises:
        PulsewrightError: CXX names a program that is not there.
    """
    chosen = os.environ.get("CXX", "").strip()
    if chosen:
        try:
            words = shlex.split(chosen)
        except ValueError:
            words = []
        if not words or shutil.which(words[0]) is None:
            raise PulsewrightError(
                f"CXX = {chosen!r} names no program; unset it, or name a C++ compiler such as g++"
            )
        return words
    return next(([name] for name in COMPILERS if shutil.which(name)), None)


def needed_compiler() -> list[str]:
    """The same.

    Raises:
        PulsewrightError: there is none.
    """
    compiler = find_compiler()
    if compiler is None:
        raise PulsewrightError(
            f"no C++ compiler was found ({', '.join(COMPILERS)}); "
            f"{package_remedy('g++')}, or name one with CXX"
        )
    return compiler


@cache
def compiler_version(*compiler: str) -> str:
    """First line of what the compiler says of itself, such as "g++ (Debian 12.2.0-14) 12.2.0"."""
    run = _run([*compiler, "--version"])
    return run.stdout.strip().partition("\n")[0]


def shared_library(
    folder: Path,
    name: str,
    contents: Mapping[str, bytes],
    source: str,
    flags: Sequence[str] = FAST,
) -> Path:
    """Compile the file `source` of `contents` (files by name) to a shared library in `folder`.

    Its name holds a digest of the files, the flags, the compiler and the processor. A library that
    this user compiled from the same is taken as it is; one that only has the name is compiled anew,
    and written whole or not at all.

    Raises:
        PulsewrightError: there is no compiler, it fails, or the folder cannot be written.
    """
    compiler = needed_compiler()
    words = [*compiler, STANDARD, *WARNINGS, *flags, "-shared", "-fPIC"]
    digest = hashlib.sha256()
    for part in (*words, compiler_version(*compiler), _processor(), source):
        digest.update(part.encode() + b"\0")
    for path, data in sorted(contents.items()):
        digest.update(path.encode() + b"\0" + hashlib.sha256(data).digest())
    made_from = digest.hexdigest()
    library = folder / f"{name}_{made_from[:16]}.so"
    if is_made_here(library, made_from):
        return library
    with atomic_path(library) as unfinished, tempfile.TemporaryDirectory() as sources:
        for path, data in contents.items():
            place = Path(sources) / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)
        run = _run([*words, str(Path(sources) / source), "-o", str(unfinished)])
        if run.returncode != 0:
            raise PulsewrightError(
                f"{shlex.join(compiler)} cannot compile the emulator {name}: "
                f"{_reason(run.stderr)}; name another compiler with CXX"
            )
        note_made(unfinished, made_from)
    return library


def _run(words: list[str]) -> "subprocess.CompletedProcess[str]":
    done = run_tool(words)
    if done.returncode == CANNOT_START:
        raise PulsewrightError(
            f"{done.stderr.strip() or f'cannot start {words[0]}'}; "
            "name another C++ compiler with CXX"
        )
    return done


def _reason(text: str) -> str:
    """The first error of a compiler's output."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    errors = [line for line in lines if "error" in line]
    return next(iter(errors or lines), "it gives no reason")[:LONGEST_REASON]


@cache
def _processor() -> str:
    """What -march=native depends on: a library of another machine must not be loaded here."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    flags = next((line for line in lines if line.startswith(("flags", "Features"))), "")
    return f"{platform.system()} {platform.machine()} {platform.processor()} {flags}"
