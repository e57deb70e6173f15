# SPDX-License-Identifier: Apache-2.0
"""Energy of one inference: tier 1 as the paper counts, tier 2 from what the hardware executes."""

from collections.abc import Mapping
from typing import NamedTuple

from hls_model.energy_table import EnergyTable
from hls_model.folding import FoldedEngine
from hls_model.integer_mlp import IntegerMlp
from hls_model.operations import (
    Operation,
    OperationKind,
    inference_operations,
    weight_bits,
    weight_bits_read,
)
from hls_model.presets import multiply_accumulates

# Spetzler et al., APL Mach. Learn. 3, 026103 (2025), Table II; the figure is that of NTX.
PICOJOULE_PER_FLOP = 9.3
PAPER_NODE = "22 nm FD-SOI (NTX, fp32)"


class EnergyFigure(NamedTuple):
    """One energy figure of one inference and where it comes from."""

    tier: int
    node: str
    what: str
    picojoule: float


def floating_point_operations(sizes: tuple[int, ...]) -> int:
    """FLOP of one inference as the paper counts them, 2 * MAC: 896 for A1."""
    return 2 * multiply_accumulates(sizes)


def tier1(sizes: tuple[int, ...]) -> EnergyFigure:
    """The paper's estimate: FLOP * 9.3 pJ."""
    flop = floating_point_operations(sizes)
    return EnergyFigure(1, PAPER_NODE, f"{flop} FLOP x 9.3 pJ", flop * PICOJOULE_PER_FLOP)


def tier2(model: IntegerMlp, engine: FoldedEngine, table: EnergyTable) -> list[EnergyFigure]:
    """Operations and weight reads of the folded hardware, each times its table entry.

    The weights live either in logic as constants, where no access is charged, or in the smallest
    SRAM of the table that holds them all; both totals are given. Constants turn the products of
    a layer of one step into additions; weights from an SRAM are multiplied with in every layer.
    Channel shifts are constants in logic in both, and are charged nothing.
    """
    figures = []
    arithmetic = 0.0
    operations = inference_operations(model, engine)
    for kind in OperationKind:
        counts = {one: count for one, count in operations.items() if one.kind is kind}
        picojoule = _picojoule(counts, table)
        what = f"{sum(counts.values())} x {kind.value}"
        figures.append(EnergyFigure(2, table.node, what, picojoule))
        arithmetic += picojoule
    variable = _picojoule(inference_operations(model, engine, constant_weights=False), table)
    capacity, per_bit = table.sram_picojoule_per_bit(weight_bits(model))
    read_bits = weight_bits_read(model, engine)
    sram = f"{capacity // 1024} KiB SRAM"
    return [
        *figures,
        EnergyFigure(2, table.node, "inference, weights in logic", arithmetic),
        EnergyFigure(2, table.node, f"{read_bits} weight bits from {sram}", read_bits * per_bit),
        EnergyFigure(
            2, table.node, f"inference, weights in {sram}", variable + read_bits * per_bit
        ),
    ]


def _picojoule(operations: Mapping[Operation, int], table: EnergyTable) -> float:
    return sum(count * table.operation_picojoule(one) for one, count in operations.items())
