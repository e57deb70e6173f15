# SPDX-License-Identifier: Apache-2.0
"""The Python packages of every extra: versions by their metadata, against our requirements."""

from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from pulsewright.flow.doctor.finding import Finding, State
from pulsewright.flow.steps.packages import DATA_SHEET, GENERATOR, TEST_BENCHES, TRAINING
from pulsewright.hls_model.python_packages import (
    DISTRIBUTIONS,
    PROJECT,
    extras,
    install_line,
    requirements_of,
)

if TYPE_CHECKING:
    from packaging.requirements import Requirement

PURPOSES = {
    "": "everything",
    "train": "training of networks",
    "onnx": "ONNX files",
    "qonnx": "execution of QONNX files",
    "tflite": "TFLite files",
    "rtl": "Verilog and its registers",
    "sim": "simulation",
    "soc": "simulated RISC-V systems",
    "synth": "synthesis, areas and MHz",
    "board": "images of FPGA boards",
    "study": "studies",
    "litex": "LiteX SoCs",
    "formal": "proofs",
}
"""Extras that users meet; those of developers are left out."""

FOR_RUN = {DISTRIBUTIONS[one] for one in (*TRAINING, *GENERATOR, *DATA_SHEET, *TEST_BENCHES)}


def python_findings() -> Iterator[Finding]:
    """Each package in the first extra that names it, those of every installation first."""
    from packaging.utils import canonicalize_name

    seen: set[str] = set()
    every = extras()
    for extra in (one for one in PURPOSES if one in every):
        for requirement in every[extra]:
            name = canonicalize_name(requirement.name)
            if name not in seen and name != PROJECT:
                seen.add(name)
                yield _finding(extra, requirement)


def _finding(extra: str, requirement: "Requirement") -> Finding:
    try:
        found = version(requirement.name)
    except PackageNotFoundError:
        state, found = State.MISSING, ""
    else:
        is_admitted = requirement.specifier.contains(found, prereleases=True)
        state = State.OK if is_admitted else State.TOO_OLD
    purpose = f"{PURPOSES[extra]} (extra {extra})" if extra else PURPOSES[extra]
    wanted = "" if state is State.OK else install_line(requirements_of(extra))
    shown = f"{found}, needs {requirement.specifier}" if state is State.TOO_OLD else found
    for_run = not extra or requirement.name in FOR_RUN
    return Finding("Python package", requirement.name, state, shown, purpose, wanted, for_run)
