# SPDX-License-Identifier: Apache-2.0
import pytest

from hls_model.energy import floating_point_operations, tier1, tier2
from hls_model.energy_table import EnergyTable
from hls_model.errors import PulsewrightError
from hls_model.operations import inference_operations
from hls_model.presets import preset_sizes
from tests.models import fold_model, random_model

A1 = (6, 64, 1)


@pytest.mark.parametrize(
    ("name", "flop", "nanojoule"), [("A1", 896, 8.33), ("A2", 9088, 84.5), ("A3", 17280, 161)]
)
def test_tier_1_is_table_ii_of_the_paper(name: str, flop: int, nanojoule: float) -> None:
    sizes = preset_sizes(name)
    assert floating_point_operations(sizes) == flop
    figure = tier1(sizes)
    assert figure.tier == 1
    assert figure.picojoule == pytest.approx(flop * 9.3, rel=1e-12)
    assert float(f"{figure.picojoule / 1000:.3g}") == nanojoule
    assert str(flop) in figure.what


def figures_of(folding: list[tuple[int, int]]) -> dict[str, float]:
    model = random_model(A1)
    figures = tier2(model, fold_model(model, folding), EnergyTable.load())
    assert {figure.tier for figure in figures} == {2}
    return {figure.what: figure.picojoule for figure in figures}


def test_tier_2_of_a1_is_horowitz_times_the_operations() -> None:
    """448 int8 products at 0.2 pJ; 384 + 64 and 64 additions at 0.003125 pJ a bit (QTools)."""
    model = random_model(A1)
    first, second = (layer.accumulator_format.width for layer in model.layers)
    figures = figures_of([(8, 6), (1, 8)])
    multiply = 448 * 0.2
    add = 0.003125 * (448 * first + 64 * second)
    bits = 448 * 8 + 64 * first + second
    sram = bits / 64 * 10
    assert figures == {
        "448 x multiply": pytest.approx(multiply),
        "512 x add": pytest.approx(add),
        "inference, weights in logic": pytest.approx(multiply + add),
        f"{bits} weight bits from 8 KiB SRAM": pytest.approx(sram),
        "inference, weights in 8 KiB SRAM": pytest.approx(multiply + add + sram),
    }


def test_tier_2_of_a1_lies_where_the_design_says() -> None:
    """0.13 nJ of arithmetic; 0.78 nJ with 513 bytes from SRAM, more as biases are wider."""
    figures = figures_of([(8, 6), (1, 8)])
    assert 0.11 < figures["inference, weights in logic"] / 1000 < 0.15
    assert 0.70 < figures["inference, weights in 8 KiB SRAM"] / 1000 < 0.95


def test_tier_2_of_one_step_adds_in_logic_and_multiplies_from_an_sram() -> None:
    model = random_model(A1)
    unrolled, folded = figures_of([(64, 6), (1, 64)]), figures_of([(8, 6), (1, 8)])
    operations = inference_operations(model, fold_model(model, [(64, 6), (1, 64)]))
    table = EnergyTable.load()
    add = sum(count * table.operation_picojoule(one) for one, count in operations.items())
    assert unrolled["0 x multiply"] == 0
    assert unrolled[f"{operations.total()} x add"] == pytest.approx(add)
    assert unrolled["inference, weights in logic"] == pytest.approx(add)
    sram = "inference, weights in 8 KiB SRAM"
    assert unrolled[sram] == pytest.approx(folded[sram])


def test_idle_lanes_cost_energy() -> None:
    full = figures_of([(8, 6), (1, 8)])["inference, weights in logic"]
    idle = figures_of([(10, 6), (1, 10)])["inference, weights in logic"]
    assert idle > full


def test_every_figure_names_its_node_and_nodes_are_not_mixed() -> None:
    model = random_model(A1)
    table = EnergyTable.load()
    figures = tier2(model, fold_model(model, [(8, 6), (1, 8)]), table)
    assert {figure.node for figure in figures} == {"45 nm, 0.9 V"}
    assert "22 nm" in tier1(A1).node


def test_weights_too_many_for_every_sram_are_refused() -> None:
    model = random_model(A1)
    small = EnergyTable.load().model_copy(update={"sram_64bit_access": {16: 1.0, 64: 2.0}})
    with pytest.raises(PulsewrightError, match="exceed the largest SRAM of energy table horowitz"):
        tier2(model, fold_model(model, [(8, 6), (1, 8)]), small)
