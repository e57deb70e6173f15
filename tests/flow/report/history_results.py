# SPDX-License-Identifier: Apache-2.0
"""What the firmware of the closed loop might have printed."""

from pulsewright.flow.steps.decision_energy import CoprocessorEnergy, DecisionEnergy
from pulsewright.flow.steps.history_demonstrator import HistoryDemonstratorResult


def history_result(
    coprocessor: int = 12_345, software: int = 12_345, core_picojoule: float | None = 2.0
) -> HistoryDemonstratorResult:
    """Four trials of ten decisions on Ibex, which take so many cycles in all."""
    fields = {
        "trials": 4,
        "decisions": 10,
        "mismatches": 0,
        "reads": 14,
        "pulses": 50,
        "over": 1,
        "short": 0,
        "inference_cycles": 456,
    }
    energy = DecisionEnergy(
        coprocessor=[
            CoprocessorEnergy(tier=1, source="2 x 32 FLOP", node="22 nm", picojoule=600),
            CoprocessorEnergy(tier=2, source="table", node="45 nm", picojoule=30),
        ],
        core_picojoule=core_picojoule,
        core_node="130 nm",
        core_source="somebody",
    )
    ways = {
        "coprocessor": {**fields, "cycles": coprocessor},
        "software": {**fields, "cycles": software},
    }
    return HistoryDemonstratorResult(core="Ibex", ways=ways, energy=energy)
