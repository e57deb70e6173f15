# SPDX-License-Identifier: Apache-2.0
"""Explorations that no tool was run for."""

from typing import Any

from pulsewright.flow.exploration.front import mark_front, objectives_of
from pulsewright.flow.steps.exploration_result import (
    Exploration,
    ExploredDesign,
    ExploredNetwork,
    ExploredVariant,
)


def network(error: float | None = 0.01, sizes: tuple[int, ...] = (6, 4, 1)) -> ExploredNetwork:
    return ExploredNetwork(
        sizes=sizes,
        weight_bits=(8,) * (len(sizes) - 1),
        activation_bits=(8,) * (len(sizes) - 2),
        input_bits=8,
        pulse_number="affine",
        multiply_accumulates=28,
        parameters=33,
        digest="0123",
        measure=None if error is None else "test_mse",
        split="rows",
        error=error,
        float_error=error,
    )


def design(area: float, interval: float | None = 8, **figures: Any) -> ExploredDesign:
    """area: kGE, on an FPGA hundreds of LUT. interval: of results in ns, half of the latency."""
    given: dict[str, Any] = {
        "design": "engine",
        "flip_flops": 7,
        "kilo_gate_equivalents": area,
        "megahertz": None if interval is None else 125.0,
        "interval_nanosecond": interval,
        "latency_nanosecond": None if interval is None else 2 * interval,
    }
    return ExploredDesign(**(given | figures))


def on_fpga(luts: int, dsps: int = 0, interval: float | None = 8) -> ExploredDesign:
    return design(
        0,
        interval,
        kilo_gate_equivalents=None,
        luts_with_carries=luts,
        dsps=dsps,
        block_rams=0,
    )


def variant(name: str, *designs: ExploredDesign, **figures: Any) -> ExploredVariant:
    given: dict[str, Any] = {
        "name": name,
        "state": "measured",
        "network": "small",
        "multipliers": 2,
        "pipeline": "deep",
        "weights": "constant",
        "initiation_interval": 1,
        "latency": 2,
        "designs": list(designs),
    }
    return ExploredVariant(**(given | figures))


def exploration(
    *variants: ExploredVariant, is_cells: bool = True, **networks: ExploredNetwork
) -> Exploration:
    """With its front."""
    known = networks or {"small": network()}
    objectives = objectives_of(variants)
    mark_front(variants, known, objectives)
    return Exploration(
        recipe="given",
        target="gates" if is_cells else "ecp5_25k",
        title="Gates" if is_cells else "Lattice ECP5",
        is_cells=is_cells,
        command="pulsewright explore given.toml",
        versions={"yosys": "1"},
        objectives=objectives,
        networks=known,
        variants=list(variants),
    )
