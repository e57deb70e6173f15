# SPDX-License-Identifier: Apache-2.0
import pytest

from pulsewright.hls_model.energy.table import EnergyTable
from pulsewright.hls_model.energy.total import EnergyPart, EnergyTotal, WeightHome, total_energy
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.schedule.workload import curve, full_inference, incremental_step
from tests.models import fold_model, random_model

A1 = (6, 64, 1)
MODEL = random_model(A1, pulses=100)
ENGINE = fold_model(MODEL, [(8, 6), (1, 8)])
ACC1, ACC2 = (layer.accumulator_format.width for layer in MODEL.layers)
ALIGNED = MODEL.layers[0].aligned_format.width
# Trees of 6 and 8 products of 16 bits, accumulators, roundings.
ADDED_BITS = (
    64 * (3 * 17 + 18 + 19) + 64 * ACC1 + 64 * ALIGNED + 8 * (4 * 17 + 2 * 18 + 19) + 8 * ACC2
)
ROW_BITS = 448 * 8 + 64 * ACC1 + ACC2


def inference(name: str, home: WeightHome) -> EnergyTotal:
    return total_energy(MODEL, ENGINE, full_inference(ENGINE), EnergyTable.load(name), home)


def test_a1_by_horowitz_is_448_products_and_the_bits_of_512_additions() -> None:
    """No sum of A1 has 8, 16 or 32 bits, so that all additions are by the fit."""
    total = inference("horowitz_45nm", WeightHome.LOGIC)
    assert total.part(EnergyPart.MULTIPLY) == pytest.approx(448 * 0.2)
    assert total.part(EnergyPart.ADD) == pytest.approx(0.003125 * ADDED_BITS)
    whole = pytest.approx(89.6 + 0.003125 * ADDED_BITS)
    assert total.arithmetic == whole
    assert total.picojoule == whole
    assert total.what == "inference, weights in logic"


def test_weights_from_an_sram_are_charged_by_the_bit() -> None:
    total = inference("horowitz_45nm", WeightHome.SRAM)
    assert total.part(EnergyPart.WEIGHTS) == pytest.approx(ROW_BITS / 64 * 10)
    assert total.what == "inference, weights in 8 KiB SRAM"
    assert inference("han_45nm", WeightHome.SRAM).what == "inference, weights in SRAM"


def test_registers_are_charged_where_the_table_has_an_entry() -> None:
    """Operands, products, trees, accumulators, activations of A1 on 56 multipliers, by hand."""
    written = 8 * 48 + 384 * 16 + 64 * 19 + 64 * ACC1 + 64 * 8
    written += 8 * 64 + 64 * 16 + 8 * 19 + 8 * ACC2
    rows = 8 * 48 * 8 + 8 * 8 * 8
    logic = inference("aladdin_40nm", WeightHome.LOGIC)
    assert logic.part(EnergyPart.REGISTERS) == pytest.approx(0.009 * (written + rows))
    assert logic.uncounted == {}
    stored = inference("aladdin_40nm", WeightHome.REGISTERS)
    assert stored.part(EnergyPart.REGISTERS) == pytest.approx(0.009 * written)
    assert stored.part(EnergyPart.WEIGHTS) == pytest.approx(0.009 * ROW_BITS)
    uncounted = inference("horowitz_45nm", WeightHome.REGISTERS)
    assert uncounted.part(EnergyPart.REGISTERS) == uncounted.part(EnergyPart.WEIGHTS) == 0
    assert uncounted.uncounted == {
        EnergyPart.WEIGHTS: ROW_BITS,
        EnergyPart.REGISTERS: written,
    }
    file = inference("han_45nm", WeightHome.REGISTERS)
    assert file.part(EnergyPart.WEIGHTS) == pytest.approx(ROW_BITS / 32)


def test_a_further_pulse_costs_128_products() -> None:
    """64 of 8 by 9 bits by the fit, 64 of 8 by 8 by the entry."""
    engine = fold_model(MODEL, [(8, 1), (1, 8)], incremental=True)
    table = EnergyTable.load()
    each = 0.0029948 * 72 + 0.0010417 * 8.5
    step, fresh, whole = (
        total_energy(MODEL, engine, workload, table, WeightHome.LOGIC)
        for workload in (incremental_step(engine), full_inference(engine), curve(engine, 100))
    )
    assert step.part(EnergyPart.MULTIPLY) == pytest.approx(64 * each + 64 * 0.2, rel=1e-5)
    assert whole.picojoule == pytest.approx(fresh.picojoule + 99 * step.picojoule)


def test_an_unrolled_engine_adds_in_logic_and_multiplies_from_an_sram() -> None:
    engine = fold_model(MODEL, [(64, 6), (1, 64)])
    table, work = EnergyTable.load(), full_inference(engine)
    logic = total_energy(MODEL, engine, work, table, WeightHome.LOGIC)
    sram = total_energy(MODEL, engine, work, table, WeightHome.SRAM)
    assert logic.part(EnergyPart.MULTIPLY) == 0
    assert sram.part(EnergyPart.MULTIPLY) == pytest.approx(448 * 0.2)
    assert sram.part(EnergyPart.WEIGHTS) == pytest.approx(ROW_BITS / 64 * 10)


def test_reloadable_weights_are_read_as_their_memories_are() -> None:
    """Rows of 48 and 8 weights are whole words; biases of 17 bits: 6 * 127 * 128 < 2^17."""
    engine = fold_model(MODEL, [(8, 6), (1, 8)], reloadable=True)
    total = total_energy(MODEL, engine, full_inference(engine), EnergyTable.load(), WeightHome.SRAM)
    bits = 8 * 48 * 8 + 8 * 8 * 8 + 8 * 8 * 18
    assert total.part(EnergyPart.WEIGHTS) == pytest.approx(bits / 64 * 10)


def test_idle_lanes_cost_energy() -> None:
    idle = fold_model(MODEL, [(10, 6), (1, 10)])
    table, home = EnergyTable.load(), WeightHome.LOGIC
    total = total_energy(MODEL, idle, full_inference(idle), table, home)
    assert total.picojoule > inference("horowitz_45nm", home).picojoule


def test_what_dominates_and_what_half_of_it_does() -> None:
    total = inference("horowitz_45nm", WeightHome.SRAM)
    first, second, third = total.sensitivities()
    assert [one.entry for one in (first, second, third)] == [
        "sram[8192]",
        "multiply[8]",
        "fit.add",
    ]
    sram = ROW_BITS / 64 * 10
    assert first.share == pytest.approx(sram / total.picojoule)
    assert first.halved_picojoule == pytest.approx(total.picojoule - sram / 2)
    assert second.halved_picojoule == pytest.approx(total.picojoule - 448 * 0.1)
    assert sum(one.share for one in total.sensitivities()) == pytest.approx(1)


@pytest.mark.parametrize("name", ["horowitz_45nm", "aladdin_40nm", "han_45nm", "qtools_45nm"])
@pytest.mark.parametrize("home", WeightHome)
def test_lines_name_entries_of_one_table_and_add_up(name: str, home: WeightHome) -> None:
    total = inference(name, home)
    assert total.picojoule == pytest.approx(sum(total.part(part) for part in EnergyPart))
    assert all(line.price.source and line.price.picojoule > 0 for line in total.lines)
    assert all(line.times > 0 for line in total.lines)


def test_weights_too_many_for_every_sram_are_refused() -> None:
    table = EnergyTable.load()
    small = table.model_copy(update={"sram": (table.sram[0].model_copy(update={"bytes": 64}),)})
    with pytest.raises(PulsewrightError, match="exceed the largest SRAM of energy table horowitz"):
        total_energy(MODEL, ENGINE, full_inference(ENGINE), small, WeightHome.SRAM)
