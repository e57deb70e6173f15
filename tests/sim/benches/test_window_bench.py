# SPDX-License-Identifier: Apache-2.0
"""Coprocessors with windows through their bus, on both simulators."""

from pathlib import Path
from typing import Any

import pytest

from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.rtl.buses.options import AttachmentOptions
from pulsewright.rtl.buses.registry import BUSES
from pulsewright.sim.runner import BenchRun
from pulsewright.sim.simulators import Simulator
from tests.models import random_model
from tests.sim.designs import Foldings, run_design

OTHER = pytest.mark.regression
BENCHES = ["bus_bench", "window_bench"]


def check(
    simulator: Simulator, folder: Path, model: IntegerMlp, foldings: Foldings, **options: Any
) -> BenchRun:
    """All rows, in order and under stalls, are those of the model."""
    rows = options.pop("rows", 12)
    run = run_design(simulator, BENCHES, folder, model, foldings, rows, **options)
    assert run.failures == 0, run.log.read_text()[-3000:]
    # Writes wait for room in windows, which tests of their own show.
    # Integers of units and counts put into a register have none here, others AXI4-Lite's channels.
    assert run.skipped == 3 + (options.get("attachment") != "axi_lite")
    for name in ("every_row", "random_stalls", "loaded_while_computing", "any_order_under_stalls"):
        outcome = run.outcomes[name]
        assert (outcome.rows, outcome.mismatches) == (rows, 0), name
    return run


@pytest.mark.parametrize(
    "simulator", [Simulator.ICARUS, pytest.param(Simulator.VERILATOR, marks=OTHER)]
)
@pytest.mark.parametrize(
    ("sizes", "foldings", "parts"),
    [
        # Lanes of 2 bits, 14 inputs a step: 8 places in a row of a word.
        ((168, 4, 3), [(1, 14), (2, 2)], {"input_width": 2, "signed_inputs": False}),
        pytest.param(
            (784, 6, 4),
            [(2, 14), (2, 3)],
            {"input_width": 2, "signed_inputs": False},
            marks=OTHER,
        ),
        pytest.param(
            (200, 5, 3), [(1, 7), (3, 5)], {"input_width": 8, "multipliers": 9}, marks=OTHER
        ),
        pytest.param(
            (4096, 3, 2),
            [(3, 64), (2, 3)],
            {"input_width": 1, "signed_inputs": False, "output": "code"},
            marks=OTHER,
        ),
        pytest.param((4096, 2), [(1, 32)], {"input_width": 4}, marks=OTHER),
        pytest.param(
            (150, 6, 9), [(2, 3), (4, 2)], {"input_width": 16, "output": "argmax"}, marks=OTHER
        ),
        pytest.param((6, 8, 1024), [(4, 6), (16, 4)], {}, marks=OTHER),
    ],
)
def test_every_row_is_exact(
    simulator: Simulator,
    sizes: tuple[int, ...],
    foldings: Foldings,
    parts: dict[str, Any],
    tmp_path: Path,
) -> None:
    check(simulator, tmp_path, random_model(sizes, **parts), foldings)


@pytest.mark.regression
@pytest.mark.parametrize("attachment", [name for name in BUSES if name != "obi"])
def test_every_bus_has_windows(attachment: str, tmp_path: Path) -> None:
    model = random_model((300, 4, 70), input_width=2, signed_inputs=False)
    check(Simulator.ICARUS, tmp_path, model, [(2, 10), (7, 2)], attachment=attachment)


@pytest.mark.regression
@pytest.mark.parametrize(
    "options", [{"reloadable": True}, {"shallow": True}, {"attachment": "axi_lite", "bound": 5}]
)
def test_windows_with_other_engines_and_bounded_waits(
    options: dict[str, Any], tmp_path: Path
) -> None:
    model, foldings = random_model((150, 8, 5)), [(2, 10), (5, 4)]
    if "bound" in options:
        # Longer than two vectors take to be stored, so that a read waits for the first one.
        foldings = [(1, 2), (5, 4)]
        options = {
            "attachment": options["attachment"],
            "attachment_options": AttachmentOptions(max_wait=options["bound"]),
        }
    check(Simulator.ICARUS, tmp_path, model, foldings, **options)
