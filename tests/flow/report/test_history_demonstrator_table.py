# SPDX-License-Identifier: Apache-2.0
from pulsewright.flow.report.history_demonstrator_table import history_demonstrator_table
from pulsewright.flow.steps.history_demonstrator import HistoryDemonstratorResult


def test_means_over_trials_and_decisions() -> None:
    fields = {
        "trials": 4,
        "decisions": 10,
        "mismatches": 0,
        "reads": 14,
        "pulses": 50,
        "over": 1,
        "short": 0,
        "cycles": 12_345,
        "inference_cycles": 456,
    }
    ways = {"coprocessor": fields, "software": {**fields, "decisions": 0}}
    table = history_demonstrator_table(HistoryDemonstratorResult(core="Ibex", ways=ways))
    assert table.title.startswith("4 trials on Ibex")
    first, second = table.texts
    assert first == ["coprocessor", "10", "0", "3.50", "12.5", "25.0 %", "1234", "46"]
    assert second[0] == "software on the core"
