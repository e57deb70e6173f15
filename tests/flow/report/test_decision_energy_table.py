# SPDX-License-Identifier: Apache-2.0
from pulsewright.flow.report.decision_energy_table import (
    cycles_of_decision,
    decision_energy_table,
)
from tests.flow.report.history_results import history_result


def test_the_break_even_is_energy_over_saved_cycles() -> None:
    result = history_result(coprocessor=2000, software=5000)
    assert cycles_of_decision(result, "coprocessor") == 200
    table = decision_energy_table(result)
    assert "saves Ibex 300 cycles" in table.title
    assert [row[3:] for row in table.rows] == [(600.0, 2.0), (30.0, 0.1)]
    assert table.texts[0] == ["1", "2 x 32 FLOP", "22 nm", "600.0", "2.000"]


def test_a_coprocessor_that_saves_nothing_pays_nowhere() -> None:
    table = decision_energy_table(history_result(coprocessor=5000, software=5000))
    assert [row[4] for row in table.rows] == [None, None]
    assert table.texts[0][4] == ""
