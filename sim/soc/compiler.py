# SPDX-License-Identifier: Apache-2.0
"""Compiles firmware for the simulated systems with GCC for RISC-V."""

import shutil
import subprocess
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.files.atomic_write import write_text
from pulsewright.hls_model.files.fresh_folder import fresh_folder
from pulsewright.hls_model.files.full_disk import check_room
from pulsewright.hls_model.processes.tool import run_tool
from pulsewright.hls_model.system_programs import package_remedy

PREFIXES = ("riscv64-unknown-elf-", "riscv32-unknown-elf-", "riscv-none-elf-")
ARCHITECTURE = "rv32imc_zicsr"
ABI = "-mabi=ilp32"
LANGUAGE = (
    *("-std=c99", "-ffreestanding", "-nostdlib", "-fno-builtin-printf"),
    *("-Wall", "-Wextra", "-Werror", "-Wconversion", "-Wno-unused-function"),
    *("-ffunction-sections", "-fdata-sections"),
)
INCLUDES = ("soc", "driver", "baseline")
OPTIMISATIONS = ("-O2", "-O3")
# Sources of every program; what it does not use is left out by the linker. soc_driver.c is the
# driver, reached in the way of these systems.
COMMON = ("soc/start.S", "soc/*.c", "driver/pulsewright_text.c")


class Firmware(NamedTuple):
    """A program that was compiled. image: one 32-bit word in hex a line, from address 0 on."""

    name: str
    optimisation: str
    elf: Path
    image: Path


def cross_prefix() -> str:
    """What the names of the compiler's programs begin with.

    Raises:
        PulsewrightError: no GCC for RISC-V is on the PATH.
    """
    for prefix in PREFIXES:
        if shutil.which(f"{prefix}gcc"):
            return prefix
    remedy = package_remedy(f"{PREFIXES[0]}gcc")
    raise PulsewrightError(f"no GCC for RISC-V is on the PATH; {remedy}")


def firmware_folder() -> Path:
    """The C sources."""
    return Path(str(files("pulsewright.firmware")))


def compile_program(
    name: str,
    headers: Mapping[str, str],
    defines: Sequence[str],
    folder: Path,
    optimisation: str = "-O2",
    further: Sequence[str] = (),
    architecture: str = ARCHITECTURE,
) -> Firmware:
    """Compile and link `firmware/programs/<name>.c` with everything that it may call.

    headers: text of the generated headers, by file name. defines: macros. further: sources that
    not every program needs, as paths in `firmware/`. architecture: as in -march.

    Raises:
        PulsewrightError: there is no compiler, or it refuses the sources.
    """
    prefix = cross_prefix()
    sources = firmware_folder()
    # The compiler would take headers that another left there.
    include = fresh_folder(folder / "include")
    for header, text in headers.items():
        write_text(include / header, text)
    elf = folder / f"{name}{optimisation}.elf"
    patterns = (*COMMON, *further, f"programs/{name}.c")
    found = [path for pattern in patterns for path in sorted(sources.glob(pattern))]
    command = [
        f"{prefix}gcc",
        *(f"-march={architecture}", ABI, *LANGUAGE, optimisation),
        *(f"-D{define}" for define in defines),
        *(f"-I{path}" for path in (include, *map(sources.joinpath, INCLUDES))),
        *("-T", str(sources / "soc" / "link.ld"), "-Wl,--gc-sections,--no-warn-rwx-segments"),
        *map(str, found),
        *("-lgcc", "-o", str(elf)),
    ]
    _run(command, f"cannot compile {name}.c for RISC-V", folder / f"{name}{optimisation}.log")
    return Firmware(name, optimisation, elf, _word_image(prefix, elf))


def object_sizes(source: Path, folder: Path, optimisation: str) -> dict[str, int]:
    """Bytes of code of every function of a C file, compiled as the programs are.

    Raises:
        PulsewrightError: there is no compiler, or it refuses the source.
    """
    prefix = cross_prefix()
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{source.stem}{optimisation}.o"
    include = [f"-I{firmware_folder() / name}" for name in INCLUDES]
    machine = (f"-march={ARCHITECTURE}", ABI)
    command = [f"{prefix}gcc", *machine, *LANGUAGE, optimisation, *include]
    log = folder / f"{source.stem}{optimisation}.log"
    _run([*command, "-c", str(source), "-o", str(target)], f"cannot compile {source.name}", log)
    listed = run_tool([f"{prefix}nm", "--print-size", "--radix=d", str(target)])
    check_compiled(listed, f"cannot read {target}", log)
    sizes = {}
    for line in listed.stdout.splitlines():
        fields = line.split()
        if len(fields) == 4 and fields[2] in "tT":
            sizes[fields[3]] = int(fields[1])
    return sizes


def _word_image(prefix: str, elf: Path) -> Path:
    binary = elf.with_suffix(".bin")
    copied = run_tool([f"{prefix}objcopy", "-O", "binary", str(elf), str(binary)])
    check_compiled(copied, f"cannot make an image of {elf}", elf.with_suffix(".log"))
    data = binary.read_bytes()
    data += bytes(-len(data) % 4)
    words = (int.from_bytes(data[i : i + 4], "little") for i in range(0, len(data), 4))
    image = elf.with_suffix(".hex")
    write_text(image, "".join(f"{word:08x}\n" for word in words))
    return image


def _run(command: Sequence[str], sentence: str, log: Path) -> None:
    check_compiled(run_tool(command), sentence, log)


def check_compiled(done: "subprocess.CompletedProcess[str]", sentence: str, log: Path) -> None:
    """Keep what a tool printed in `log`.

    Raises:
        PulsewrightError: it failed; the sentence, its first error, and the log.
    """
    write_text(log, done.stdout + done.stderr)
    if done.returncode != 0:
        check_room(log.parent)
        first = next((line for line in done.stderr.splitlines() if "error" in line), "")
        raise PulsewrightError(f"{sentence}: {first.strip() or 'see ' + str(log)}; log: {log}")
