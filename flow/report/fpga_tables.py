# SPDX-License-Identifier: Apache-2.0
"""What the designs of a recipe take of an FPGA and how fast they are, as a table."""

from pulsewright.flow.report.result_table import Column, ResultTable, decimals, words
from pulsewright.flow.steps.synthesis_result import FpgaMapping, FpgaRouting
from pulsewright.synth.fpga.routing import RoutedDesign


def fpga_table(name: str, mapping: FpgaMapping, routing: FpgaRouting | None) -> ResultTable:
    """Cells and clock frequency of each design.

    name: the recipe's. routing: None if nothing was placed.
    """
    routed = {one.design: one for one in routing.designs} if routing is not None else {}
    versions = mapping.versions | (routing.versions if routing is not None else {})
    seeds = max((len(one.megahertz) for one in routed.values()), default=0)
    measured = f"; MHz: median of {seeds} placements in a serial harness" if seeds else ""
    tools = ", ".join(f"{tool} {version}" for tool, version in versions.items())
    device = mapping.device if routing is None else routing.device
    return ResultTable(
        "fpga",
        f"{name} on {mapping.target} ({device})",
        (
            words("design", "design"),
            Column("luts", "LUT"),
            Column("carries", "carry cells"),
            Column("luts_with_carries", "LUT in all"),
            Column("flip_flops", "FF"),
            Column("dsps", "DSP"),
            Column("block_rams", "BRAM"),
            Column("megahertz", "MHz", decimals(1)),
            Column("least_megahertz", "least", decimals(1)),
            Column("most_megahertz", "most", decimals(1)),
            words("remark", "remark"),
        ),
        [
            (
                one.design,
                one.luts,
                one.carries,
                one.luts_with_carries,
                one.flip_flops,
                one.dsps,
                one.block_rams,
                *_speed(routed.get(one.design)),
            )
            for one in mapping.designs
        ],
        f"{tools}{measured}.",
    )


def _speed(design: RoutedDesign | None) -> tuple[float | None, float | None, float | None, str]:
    if design is None:
        return None, None, None, "not placed"
    reached = design.megahertz.values()
    return (
        design.median_megahertz,
        min(reached, default=None),
        max(reached, default=None),
        design.remark,
    )
