# SPDX-License-Identifier: Apache-2.0
"""Energy of one inference: tier 1 as the paper counts, tier 2 from what the hardware executes."""

from typing import NamedTuple

from hls_model.energy_table import EnergyTable
from hls_model.folding import FoldedEngine
from hls_model.integer_mlp import IntegerMlp
from hls_model.operations import (
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
    SRAM of the table that holds them all; both totals are given. Channel shifts are constants in
    logic in both, and are charged nothing.
    """
    by_kind = dict.fromkeys(OperationKind, (0, 0.0))
    for operation, count in inference_operations(model, engine).items():
        number, picojoule = by_kind[operation.kind]
        by_kind[operation.kind] = (
            number + count,
            picojoule + count * table.operation_picojoule(operation),
        )
    arithmetic = sum(picojoule for _, picojoule in by_kind.values())
    capacity, per_bit = table.sram_picojoule_per_bit(weight_bits(model))
    read_bits = weight_bits_read(model, engine)
    sram = f"{capacity // 1024} KiB SRAM"
    figures = [
        EnergyFigure(2, table.node, f"{number} x {kind.value}", picojoule)
        for kind, (number, picojoule) in by_kind.items()
    ]
    return [
        *figures,
        EnergyFigure(2, table.node, "inference, weights in logic", arithmetic),
        EnergyFigure(2, table.node, f"{read_bits} weight bits from {sram}", read_bits * per_bit),
        EnergyFigure(
            2, table.node, f"inference, weights in {sram}", arithmetic + read_bits * per_bit
        ),
    ]
