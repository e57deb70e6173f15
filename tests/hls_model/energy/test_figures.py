# SPDX-License-Identifier: Apache-2.0
import pytest

from pulsewright.hls_model.energy.figures import (
    energy_totals,
    figures_of,
    floating_point_operations,
    tier1,
    tier2,
    workloads,
)
from pulsewright.hls_model.energy.table import EnergyTable
from pulsewright.hls_model.energy.total import WeightHome
from pulsewright.hls_model.presets import preset_sizes
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


def test_workloads_are_what_the_engine_can_do() -> None:
    plain, pulses = random_model(A1), random_model(A1, pulses=100)
    foldings = [(8, 1), (1, 8)]
    assert [one.name for one in workloads(plain, fold_model(plain, foldings))] == ["inference"]
    engine = fold_model(pulses, foldings, incremental=True)
    assert [one.name for one in workloads(pulses, engine)] == [
        "inference",
        "incremental step",
        "curve of 100 pulses",
    ]


def test_tier_2_of_a1_lies_where_the_design_says() -> None:
    """0.13 nJ of arithmetic; 0.78 nJ with 513 bytes from SRAM, more as biases are wider."""
    model = random_model(A1)
    figures = tier2(model, fold_model(model, [(8, 6), (1, 8)]), EnergyTable.load())
    nanojoule = {figure.what: figure.picojoule / 1000 for figure in figures}
    assert 0.11 < nanojoule["inference, weights in logic"] < 0.15
    assert 0.70 < nanojoule["inference, weights in 8 KiB SRAM"] < 0.95
    assert {figure.tier for figure in figures} == {2}


def test_every_figure_names_its_node_and_its_table() -> None:
    model = random_model(A1)
    for name, node in (
        ("horowitz_45nm", "45 nm, 0.9 V"),
        ("aladdin_40nm", "40 nm, supply not stated"),
    ):
        figures = tier2(model, fold_model(model, [(8, 6), (1, 8)]), EnergyTable.load(name))
        assert {(figure.node, figure.table) for figure in figures} == {(node, name)}
    assert "22 nm" in tier1(A1).node


def test_parts_add_up_to_the_total_that_follows_them() -> None:
    model = random_model(A1)
    engine = fold_model(model, [(8, 6), (1, 8)])
    for total in energy_totals(model, engine, EnergyTable.load("aladdin_40nm")):
        *parts, whole = figures_of(total)
        assert whole.what == total.what
        assert all(part.what.startswith(f"{total.what}: ") for part in parts)
        assert sum(part.picojoule for part in parts) == pytest.approx(whole.picojoule)


def test_homes_that_there_are_not_are_left_out() -> None:
    model = random_model(A1)
    table = EnergyTable.load()
    reloadable = fold_model(model, [(8, 6), (1, 8)], reloadable=True)
    homes = [total.home for total in energy_totals(model, reloadable, table)]
    assert homes == [WeightHome.REGISTERS, WeightHome.SRAM]
    without_sram = table.model_copy(update={"sram": ()})
    engine = fold_model(model, [(8, 6), (1, 8)])
    homes = [total.home for total in energy_totals(model, engine, without_sram)]
    assert homes == [WeightHome.LOGIC, WeightHome.REGISTERS]
