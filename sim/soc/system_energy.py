# SPDX-License-Identifier: Apache-2.0
"""Energy of one inference of a whole system, tier 2: with the coprocessor and in software.

Assumptions, the same for both: every access of RAM, instruction fetches and data together, reads 32
bits from the SRAM of 8 KiB of the table, which holds program and data of either; writes cost as
much as reads. Software is charged its products besides, 32 bits wide, the hardware what the
coprocessor executes with its weights in logic. Registers, control and other operations of the core
are charged to neither, so both are lower bounds, and software's is the further from the truth: it
takes the core many more cycles.
"""

from typing import NamedTuple

from pulsewright.hls_model.activity.operations import Operation, OperationKind
from pulsewright.hls_model.energy.figures import energy_totals
from pulsewright.hls_model.energy.table import EnergyTable
from pulsewright.hls_model.energy.total import WeightHome
from pulsewright.hls_model.presets import multiply_accumulates
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.hls_model.schedule.workload import full_inference
from pulsewright.sim.soc.cycle_table import MethodCycles

ACCESS_BITS = 32
RAM_BITS = 8 * 8192
PAIRED = "swar"
PACKED = "dot4"


class SystemEnergy(NamedTuple):
    """Picojoule of one inference: RAM accesses, products of software, and the coprocessor."""

    memory: float
    products: float
    coprocessor: float

    @property
    def total(self) -> float:
        """All of them."""
        return sum(self)


def hardware_energy(
    method: MethodCycles, model: IntegerMlp, engine: FoldedEngine, table: EnergyTable
) -> SystemEnergy:
    """With the coprocessor: what the core fetches, loads and stores, and what the engine executes.

    Reloadable weights are read from an SRAM.
    """
    home = WeightHome.SRAM if engine.reloadable else WeightHome.LOGIC
    totals = energy_totals(model, engine, table, [full_inference(engine)])
    coprocessor = next(total for total in totals if total.home is home)
    return SystemEnergy(_memory(method, table), 0.0, coprocessor.picojoule)


def software_energy(method: MethodCycles, model: IntegerMlp, table: EnergyTable) -> SystemEnergy:
    """In software; a method that packs two neurons into a product is charged half of them.

    A requantiser with multipliers takes two products of 32 bits a neuron, for one of 64.
    """
    products = multiply_accumulates(model.sizes)
    products += 2 * sum(
        layer.neurons
        for layer in model.layers
        if layer.requantiser and layer.requantiser.multiplies
    )
    if PACKED in method.method:
        picojoule = products * table.price(Operation(OperationKind.MULTIPLY, 8, 8)).picojoule
    else:
        wide = table.price(Operation(OperationKind.MULTIPLY, 32, 32)).picojoule
        picojoule = wide * (products / 2 if PAIRED in method.method else products)
    return SystemEnergy(_memory(method, table), picojoule, 0.0)


def _memory(method: MethodCycles, table: EnergyTable) -> float:
    return method.accesses * ACCESS_BITS * table.sram_price(RAM_BITS).picojoule
