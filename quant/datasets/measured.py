# SPDX-License-Identifier: Apache-2.0
"""The published measurements of HfO2/TiO2 devices, from a folder the user names.

Spetzler et al., APL Mach. Learn. 3, 026103 (2025), doi:10.1063/5.0251113. The files have no
licence of their own, so they are downloaded or brought, never shipped.
"""

import hashlib
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.files.plain_file import read_plain_bytes
from pulsewright.hls_model.python_packages import install_command, is_installed
from pulsewright.quant.datasets.array_unpickler import MOST_BYTES, read_array
from pulsewright.quant.datasets.pulse_curves import PARAMETERS, PulseCurves

SOURCE = (
    "https://raw.githubusercontent.com/fritscherm/apl-rram-nn-codes/"
    "9d79444d06426d1b960d0852df62bd38bea13c06/"
)
SHA256 = {
    "x.pck": "b44cb0e439c07532116027f474d326eda09b97b2e029250f6a1e04467190e264",
    "y.pck": "8c2914df98c1cb8fb3d175ca15045af1f3fa6c87b78aa620e0cfbad8dd9ed933",
}
PULSES = 100


def load(folder: Path) -> PulseCurves:
    """Read `x.pck` and `y.pck` of `folder`: 266 curves of 100 pulses.

    Raises:
        PulsewrightError: a file is missing, has another checksum, or does not hold the curves.
    """
    for name, expected in SHA256.items():
        check_sha256(folder / name, expected)
    return curves_from_rows(read_array(folder / "x.pck"), read_array(folder / "y.pck"))


def check_sha256(path: Path, expected: str) -> None:
    """Refuse a file whose SHA-256 is not `expected` (hexadecimal).

    Raises:
        PulsewrightError: the file is missing or another one.
    """
    try:
        found = hashlib.sha256(read_plain_bytes(path, MOST_BYTES)).hexdigest()
    except OSError as error:
        raise PulsewrightError(
            f"cannot read {path}: {error.strerror}; set PULSEWRIGHT_DATA or --data to the folder "
            "with x.pck and y.pck, or ask for the download"
        ) from error
    if found != expected:
        raise PulsewrightError(
            f"{path} has SHA-256 {found}, expected {expected}; download it again"
        )


def curves_from_rows(x: npt.NDArray[np.float64], y: npt.NDArray[np.float64]) -> PulseCurves:
    """Curves from the published layout.

    x: (rows, 6), pulse number and the five parameters in SI units; y: (rows,) in A. Rows come in
    curves of 100 pulses, and the parameters are constant along a curve.

    Raises:
        PulsewrightError: the arrays are laid out in any other way.
    """
    width = 1 + len(PARAMETERS)
    if x.ndim != 2 or x.shape[1] != width or y.shape != (len(x),) or len(x) % PULSES:
        raise PulsewrightError(
            f"x has shape {x.shape} and y {y.shape}, expected (rows, {width}) and (rows,) with "
            f"rows a multiple of {PULSES}; use the published files"
        )
    table = x.reshape(-1, PULSES, width)
    out_of_order = np.argwhere(table[:, :, 0] != np.arange(PULSES))
    if out_of_order.size:
        curve, pulse = out_of_order[0]
        raise PulsewrightError(
            f"row {curve * PULSES + pulse} of x has pulse number {table[curve, pulse, 0]}, "
            f"expected {pulse}; use the published files"
        )
    parameters = table[:, 0, 1:]
    changes = np.argwhere((table[:, :, 1:] != parameters[:, None, :]).any(axis=2))
    if changes.size:
        curve, pulse = changes[0]
        raise PulsewrightError(
            f"row {curve * PULSES + pulse} of x changes a pulse parameter within curve {curve}; "
            "use the published files"
        )
    return PulseCurves(parameters=parameters, currents=y.reshape(-1, PULSES))


def download(folder: Path) -> None:
    """Fetch the two files into `folder` from the authors' repository and check them.

    A file that is there already, with the right checksum, is not fetched again.

    Raises:
        PulsewrightError: pooch is not installed, the network fails, or a checksum differs.
    """
    if not is_installed("pooch"):
        raise PulsewrightError(
            f"the download needs pooch, which is not installed; bring x.pck and y.pck, or install "
            f"it with {install_command('pooch')}"
        )
    import pooch

    for name, expected in SHA256.items():
        try:
            pooch.retrieve(
                url=SOURCE + name, known_hash=f"sha256:{expected}", fname=name, path=str(folder)
            )
        except (OSError, ValueError) as error:
            raise PulsewrightError(
                f"cannot download {SOURCE}{name}: {error}; check the network, or bring the file"
            ) from error
