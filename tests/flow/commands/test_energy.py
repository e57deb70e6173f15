# SPDX-License-Identifier: Apache-2.0
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
from rich.console import Console

from pulsewright.flow.commands.energy import show_presets, show_recipe
from pulsewright.flow.output import Output
from pulsewright.flow.workspace import Workspace
from pulsewright.hls_model.energy.table import EnergyTable
from pulsewright.hls_model.reference.fixed_point import Rounding
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from tests.models import changed, fold_model, random_model


def shown(model: IntegerMlp, folded: FoldedEngine, **options: Any) -> str:
    recipe = SimpleNamespace(name="mine")
    parts = SimpleNamespace(model=model, folded=folded, recipe=recipe)
    workspace = cast(Workspace, parts)
    console = Console(width=200, record=True)
    show_recipe(
        Output(console=console), workspace, options.get("chosen"), options.get("explain", False)
    )
    return console.export_text()


def test_all_tables_are_compared_unless_one_is_chosen() -> None:
    model = random_model((6, 8, 1), pulses=20)
    folded = fold_model(model, [(2, 1), (1, 2)], incremental=True)
    text = shown(model, folded)
    assert "nJ by table and home of the weights" in text
    assert "aladdin_40nm 40 nm" in text
    # Inference and step in logic, registers and SRAM beside the paper's estimate.
    assert text.count("beside 1.04 nJ at 22 nm FD-SOI") == 6
    chosen = shown(model, folded, chosen=EnergyTable.load("han_45nm"))
    assert "nJ by table" not in chosen
    assert "horowitz" not in chosen
    assert "total: " not in chosen
    assert shown(model, folded, explain=True).count("  total: ") == 9


def test_presets_by_a_chosen_table() -> None:
    console = Console(width=200, record=True)
    show_presets(Output(console=console), EnergyTable.load("han_45nm"))
    text = console.export_text()
    assert text.count("han_45nm, 45 nm") == 3
    assert "horowitz" not in text


def test_a_network_that_computes_nothing_costs_nothing() -> None:
    """Zero weights in logic: no additions, nothing to share out, no ratio."""
    model = random_model((2, 3), rounding=Rounding.FLOOR)
    zeros = changed(model.layers[0], weights=np.zeros((3, 2), dtype=int), bias=[0, 0, 0])
    model = changed(model, layers=(zeros,))
    text = shown(model, fold_model(model, [(3, 2)]), explain=True)
    assert "inference, weights in logic: horowitz_45nm" in text
    assert "total: 0 pJ" in text
    assert "inference, weights in registers: " in text
