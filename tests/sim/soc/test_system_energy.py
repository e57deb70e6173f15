# SPDX-License-Identifier: Apache-2.0
"""By hand from Horowitz: 8 KiB SRAM 10 pJ for 64 bits, a product of 32 bits 3.1, of 8 bits 0.2."""

import pytest

from pulsewright.hls_model.energy.table import EnergyTable
from pulsewright.sim.soc.cycle_table import MethodCycles
from pulsewright.sim.soc.system_energy import hardware_energy, software_energy
from tests.models import fold_model
from tests.pulse_models import pulse_model

TABLE = EnergyTable.load("horowitz_45nm")
A1 = pulse_model((6, 64, 1))


def method(name: str, accesses: float) -> MethodCycles:
    return MethodCycles(name, 1000.0, accesses, "-O2", 256, 0)


@pytest.mark.parametrize(
    ("name", "products"),
    [
        ("software_plain", 448 * 3.1),
        ("software_swar_unrolled", 224 * 3.1),
        ("software_dot4", 448 * 0.2),
    ],
)
def test_software_is_charged_its_accesses_and_products(name: str, products: float) -> None:
    energy = software_energy(method(name, 800), A1, TABLE)
    assert energy.memory == pytest.approx(800 * 5)
    assert energy.products == pytest.approx(products)
    assert energy.coprocessor == 0
    assert energy.total == pytest.approx(800 * 5 + products)


def test_hardware_is_charged_its_accesses_and_what_the_engine_executes() -> None:
    folded = fold_model(A1, [(8, 6), (1, 8)])
    energy = hardware_energy(method("hardware_packed", 12), A1, folded, TABLE)
    assert energy.memory == pytest.approx(12 * 5)
    assert energy.products == 0
    # 448 products of 8 bits are the larger part of it.
    assert 448 * 0.2 < energy.coprocessor < 2 * 448 * 0.2


def test_reloadable_weights_are_read_from_a_memory() -> None:
    constant, reloadable = (
        hardware_energy(
            method("hardware_packed", 12),
            A1,
            fold_model(A1, [(8, 6), (1, 8)], reloadable=loaded),
            TABLE,
        )
        for loaded in (False, True)
    )
    assert reloadable.coprocessor > 3 * constant.coprocessor
