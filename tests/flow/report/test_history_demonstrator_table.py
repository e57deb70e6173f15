# SPDX-License-Identifier: Apache-2.0
from pulsewright.flow.report.history_demonstrator_table import history_demonstrator_table
from tests.flow.report.history_results import history_result


def test_means_over_trials_and_decisions() -> None:
    table = history_demonstrator_table(history_result(software=23_456))
    assert table.title.startswith("4 trials on Ibex")
    first, second = table.texts
    assert first == ["coprocessor", "10", "0", "3.50", "12.5", "25.0 %", "1234", "46", "2"]
    assert second[0] == "software on the core"
    assert (table.rows[1][6], table.rows[1][8]) == (2345.6, 2345.6 * 2 / 1000)
    assert "2 pJ a cycle, 130 nm, not measured here: somebody" in table.note


def test_no_decision_and_a_core_of_unknown_energy() -> None:
    result = history_result(core_picojoule=None)
    result.ways["software"]["decisions"] = 0
    table = history_demonstrator_table(result)
    assert table.texts[1][1] == "0"
    assert [row[8] for row in table.rows] == [None, None]
    assert table.note == ""
