# SPDX-License-Identifier: Apache-2.0
"""The coprocessor as a module of LiteX."""

from pulsewright.rtl.package.design import PackagedDesign
from pulsewright.rtl.package.file_lists import PackagePaths
from pulsewright.rtl.package.templates import render


def litex_module(design: PackagedDesign, paths: PackagePaths) -> str:
    """Python for LiteX 2022.12 and later, which finds the package's other files beside it.

    `design` has a Wishbone port.
    """
    return render(
        "litex_module.py.j2",
        design=design,
        paths=paths,
        addressing=design.options.addressing,
    )
