# SPDX-License-Identifier: Apache-2.0
"""The text of a module around the coprocessor, for the SoCs that expect its ports."""

from pulsewright.rtl.buses.wrapper import Wrapper
from pulsewright.rtl.package.design import PackagedDesign
from pulsewright.rtl.package.templates import render


def wrapper_text(design: PackagedDesign, wrapper: Wrapper) -> str:
    """Verilog or SystemVerilog of `wrapper`, one of `design.wrappers`.

    Interfaces and structures that it uses come from the SoC.
    """
    return render(
        f"{wrapper.template}.j2",
        design=design,
        wrapper=wrapper,
        module=design.wrapper_module(wrapper),
        widths={port.name: port.width for port in design.ports},
        outputs=[port.name for port in design.side_outputs],
        **wrapper.words,
    )
