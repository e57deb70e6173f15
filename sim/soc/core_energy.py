# SPDX-License-Identifier: Apache-2.0
"""What a cycle of a core takes, by those who published it: none of these figures is ours."""

from typing import NamedTuple

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.sim.soc.cores import SocCore


class CoreEnergy(NamedTuple):
    """picojoule: of one clock cycle, memories left out. node: of the process, with the supply."""

    picojoule: float
    node: str
    source: str


# 62.6338 mW (finish__power__total) at 15 ns a cycle.
IBEX = CoreEnergy(
    939.5,
    "130 nm (SG13G2), 1.2 V",
    "OpenROAD-flow-scripts, flow/designs/ihp-sg13g2/ibex/metadata-base-ok.json at commit af8d377: "
    "an older Ibex after routing, at activities that the tool assumes, not of a program",
)
PUBLISHED = {"ibex": IBEX}


def core_energy(core: SocCore, own: float | None = None) -> CoreEnergy | None:
    """What is published of the core, or `own` pJ a cycle; None if there is neither.

    Raises:
        PulsewrightError: `own` is not above 0.
    """
    if own is None:
        return PUBLISHED.get(core.name)
    if own <= 0:
        raise PulsewrightError(f"{own} pJ a cycle of {core.title}; give more than 0")
    return CoreEnergy(own, "node not stated", "given by the user")
