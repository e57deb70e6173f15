# SPDX-License-Identifier: Apache-2.0
"""What a layout showed, as it is stored and reported."""

from pydantic import BaseModel, ConfigDict

LAYOUT, LAYOUT_ENERGY = "layout.json", "energy.json"


class WireFigures(BaseModel):
    """Wires of nets. ends: pins and output ports that they lead to."""

    model_config = ConfigDict(extra="forbid")

    nets: int
    ends: int
    micrometre: float
    femtofarad: float


class LayoutResult(BaseModel):
    """A design that was placed, and how far it went from there.

    cells: those of the netlist. cell_area: theirs. die_area: with filler cells, power stripes and
    pins; both in µm². signals, clock: None if not all nets were routed. layers: lengths of wires by
    layer, in µm. drc_errors, lvs_errors: None if it was not checked. remark: the last words of the
    tool that gave up.
    """

    model_config = ConfigDict(extra="forbid")

    versions: dict[str, str]
    design: str
    cells: int
    cell_area: float
    die_area: float | None
    signals: WireFigures | None
    clock: WireFigures | None
    layers: dict[str, float]
    drc_errors: int | None
    lvs_errors: int | None
    remark: str
