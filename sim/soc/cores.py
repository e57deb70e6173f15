# SPDX-License-Identifier: Apache-2.0
"""The cores that a system can be built around."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.sim.simulators import Simulator
from pulsewright.sim.soc.core_sources import (
    CoreSources,
    cv32e40x_sources,
    ibex_sources,
    picorv32_sources,
)

VERILATOR_ONLY = (Simulator.VERILATOR,)
# The coprocessor in the wrapper that its package brings, see `if_xif_coprocessor`.
IF_XIF_MODULE = "pulsewright_if_xif"


class SocCore(NamedTuple):
    """A core, and what a system with it is made of.

    wrappers: files of `sim/verilog/soc`, whose module `soc_<name>` is the system. instruction:
    name of the attachment that makes the coprocessor an instruction of the core, and the module
    name that the wrapper gives it. dot_product: the wrapper can attach the baseline's unit.
    """

    name: str
    title: str
    configuration: str
    wrappers: Sequence[str]
    sources: Callable[[], CoreSources]
    simulators: Sequence[Simulator]
    instruction: str | None = None
    instruction_module: str | None = None
    dot_product: bool = False

    @property
    def toplevel(self) -> str:
        """Module of the whole system, with the ports clk_i and rst_ni."""
        return f"soc_{self.name}"

    @property
    def attachments(self) -> tuple[str, ...]:
        """How the coprocessor can be attached."""
        return ("obi",) if self.instruction is None else ("obi", self.instruction)


CORES = {
    core.name: core
    for core in (
        SocCore(
            "ibex",
            "Ibex",
            "RV32IMC, single-cycle multiplier, branch target ALU, writeback stage",
            ["soc_ibex.sv"],
            ibex_sources,
            VERILATOR_ONLY,
        ),
        SocCore(
            "picorv32",
            "PicoRV32",
            "RV32IMC, fast multiplier, barrel shifter, look-ahead memory port",
            ["soc_picorv32.v"],
            picorv32_sources,
            tuple(Simulator),
            "pcpi",
            "pulsewright_pcpi",
        ),
        SocCore(
            "cv32e40x",
            "CV32E40X",
            "RV32IMC, X interface",
            ["soc_cv32e40x.sv", "cv32e40x_with_x_if.sv", "soc_dot4.sv"],
            cv32e40x_sources,
            VERILATOR_ONLY,
            "cv_x_if",
            IF_XIF_MODULE,
            dot_product=True,
        ),
    )
}


def known_core(name: str) -> SocCore:
    """The core called `name`.

    Raises:
        PulsewrightError: there is none; the sentence names those there are.
    """
    if name not in CORES:
        raise PulsewrightError(f"unknown core {name!r}; choose one of {', '.join(CORES)}")
    return CORES[name]


def known_core_attachment(core: SocCore, name: str) -> str:
    """`name`, if the coprocessor can be attached to `core` in that way.

    Raises:
        PulsewrightError: it cannot.
    """
    if name not in core.attachments:
        raise PulsewrightError(
            f"{core.title} has no attachment {name!r}; choose one of {', '.join(core.attachments)}"
        )
    return name
