# SPDX-License-Identifier: Apache-2.0
"""Random networks with their foldings, many of which are compiled in one translation unit."""

import itertools
import shutil
import subprocess
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import strategies as st

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.files.atomic_write import write_folder
from pulsewright.hls_model.hls_cpp.compiler import STANDARD, WARNINGS, shared_library
from pulsewright.hls_model.hls_cpp.emulator import Emulator, emulator_files
from pulsewright.hls_model.hls_cpp.kernel_files import kernel_files
from pulsewright.hls_model.reference.fixed_point import IntegerArray, Rounding
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.reference.network_output import OutputKind
from pulsewright.hls_model.reference.reloadable import reloadable_formats
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from tests.models import fold_model, random_model, slowly_changing_codes

SANITIZED = (
    "-DPULSEWRIGHT_CHECKED",
    "-fsanitize=undefined,address",
    "-fno-sanitize-recover=all",
)


class Case(NamedTuple):
    model: IntegerMlp
    engine: FoldedEngine
    codes: IntegerArray


@st.composite
def cases(draw: st.DrawFn, rows: int = 24) -> Case:
    """Any network and folding that the RTL supports, small enough to compile in no time."""
    sizes = draw(st.lists(st.integers(1, 9), min_size=2, max_size=4))
    incremental = sizes[0] > 1 and draw(st.booleans())
    foldings = [
        (
            draw(st.integers(1, neurons)),
            draw(st.integers(1, inputs - (incremental and number == 0))),
        )
        for number, (inputs, neurons) in enumerate(itertools.pairwise(sizes))
    ]
    model = random_model(
        sizes,
        seed=draw(st.integers(0, 2**31)),
        weight_width=draw(st.integers(2, 8)),
        activation_width=draw(st.integers(2, 8)),
        input_width=draw(st.integers(2, 16)),
        rounding=draw(st.sampled_from(Rounding)),
        requantised=draw(st.booleans()),
        extreme=draw(st.booleans()),
        per_channel=draw(st.booleans()),
        multipliers=draw(st.sampled_from([0, 1, 8, 21])),
        output=draw(st.sampled_from(OutputKind if sizes[-1] > 1 else ["accumulator", "code"])),
    )
    reloadable = draw(st.booleans())
    if reloadable:
        try:
            reloadable_formats(model)
        except PulsewrightError:
            # Biases beyond the 32 bits of the bus.
            reloadable = False
    engine = fold_model(model, foldings, incremental, reloadable)
    return Case(model, engine, slowly_changing_codes(model, rows, draw(st.integers(0, 2**31))))


def emulators(
    folder: Path, some: Sequence[Case], flags: Sequence[str] = ("-O0",)
) -> list[Emulator]:
    """One emulator for each case, all in one library."""
    contents: dict[str, bytes] = {}
    for number, case in enumerate(some):
        contents |= emulator_files(f"net{number}", case.model, case.engine)
    lines = [f'#include "net{number}_emulator.cpp"\n' for number in range(len(some))]
    contents["all.cpp"] = "".join(lines).encode()
    library = shared_library(folder, "all", contents, "all.cpp", flags)
    return [
        Emulator(library, f"net{number}", case.model, case.engine)
        for number, case in enumerate(some)
    ]


def run_benches(
    folder: Path,
    some: Sequence[Case],
    compiler: str = "g++",
    flags: Sequence[str] = SANITIZED,
    warnings: Sequence[str] = WARNINGS,
    first_lines: str = "",
) -> None:
    """Compile the test benches of all cases to one program and run it on their vectors."""
    main = first_lines + "#define PULSEWRIGHT_NO_MAIN\n"
    calls = ""
    for number, case in enumerate(some):
        name = f"net{number}"
        write_folder(folder / name, kernel_files(name, case.model, case.engine, case.codes))
        main += f'#include "{name}/{name}.cpp"\n#include "{name}/{name}_tb.cpp"\n'
        calls += f'    good = {name}_bench("{name}/vectors.txt") && good;\n'
    main += f"int main() {{\n    bool good = true;\n{calls}    return good ? 0 : 1;\n}}\n"
    (folder / "main.cpp").write_text(main)
    compile_and_run(folder, "main.cpp", compiler, flags, warnings)


def compile_and_run(
    folder: Path,
    source: str,
    compiler: str = "g++",
    flags: Sequence[str] = (),
    warnings: Sequence[str] = WARNINGS,
) -> str:
    """The output of the program that `source` in `folder` makes, which must end well."""
    words = [compiler, STANDARD, "-O0", *warnings, *flags, source, "-o", "program"]
    built = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr[:5000]
    run = subprocess.run(["./program"], cwd=folder, capture_output=True, text=True, check=False)
    assert run.returncode == 0, (run.stdout + run.stderr)[-5000:]
    return run.stdout


def needs_compiler(name: str) -> None:
    if shutil.which(name) is None:
        pytest.skip(f"{name} is not installed (apt-get install {name.rstrip('+')})")


def ap_int() -> list[str]:
    """Flags for ap_int, whose headers the hls4ml package brings; skips where it is not there."""
    return ["-DPULSEWRIGHT_AP_INT", "-isystem", _brought("vivado/ap_types", "ap_int.h")]


def ac_int() -> list[str]:
    """The same for ac_int."""
    return ["-DPULSEWRIGHT_AC_INT", "-isystem", _brought("catapult/ac_types/include", "ac_int.h")]


def _brought(path: str, header: str) -> str:
    spec = find_spec("hls4ml")
    for place in (spec.submodule_search_locations or ()) if spec else ():
        folder = Path(place) / "templates" / path
        if (folder / header).exists():
            return str(folder)
    pytest.skip(f"{header} is not there; pip install --no-deps hls4ml brings it")
