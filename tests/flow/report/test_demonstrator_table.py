# SPDX-License-Identifier: Apache-2.0
from pulsewright.flow.report.demonstrator_table import FIELDS, demonstrator_table
from pulsewright.flow.steps.demonstrator import DemonstratorResult

FIRST = {"devices": 128, "trials": 512, "median_cycles": 987}


def test_every_figure_of_every_method_is_there() -> None:
    methods = {
        method: FIRST | {field: 10 * number + place for place, field in enumerate(FIELDS)}
        for number, method in enumerate(("guided", "blind", "of_tomorrow"), start=1)
    }
    table = demonstrator_table(DemonstratorResult(core="Ibex", cycles=10**6, methods=methods))
    assert table.title == "128 devices, 512 targets, on Ibex: medians"
    assert table.texts == [
        ["guided by the model", "10", "11", "12", "13", "14", "15"],
        ["blind, pulse by pulse", "20", "21", "22", "23", "24", "25"],
        ["of_tomorrow", "30", "31", "32", "33", "34", "35"],
    ]
    assert table.document["rows"][0] == {"method": "guided"} | {
        field: 10 + place for place, field in enumerate(FIELDS)
    }
    assert "987 cycles a target" in table.note
