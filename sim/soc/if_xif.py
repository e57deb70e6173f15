# SPDX-License-Identifier: Apache-2.0
"""The coprocessor of CV-X-IF in the wrapper for CV32E40X that its package brings."""

from pulsewright.rtl.instruction_top import InstructionTop
from pulsewright.rtl.package.design import packaged_design
from pulsewright.rtl.package.wrapper_text import wrapper_text
from pulsewright.rtl.top import BusTop
from pulsewright.rtl.verilog.writer import to_verilog
from pulsewright.sim.soc.cores import IF_XIF_MODULE

ATTACHMENT = "cv_x_if"


def if_xif_coprocessor(top: BusTop | InstructionTop) -> str:
    """SystemVerilog of the module `IF_XIF_MODULE` and of `top`, which is inside.

    Its ports are those of the interface `if_xif`, one modport each.
    """
    design = packaged_design(top, top.model, "pulsewright", ATTACHMENT)
    (wrapper,) = design.wrappers
    assert design.wrapper_module(wrapper) == IF_XIF_MODULE
    return f"{to_verilog(top, design.coprocessor)}\n{wrapper_text(design, wrapper)}"
