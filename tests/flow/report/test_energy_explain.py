# SPDX-License-Identifier: Apache-2.0
import re

import pytest

from pulsewright.flow.report.energy_explain import explanation, sources
from pulsewright.hls_model.energy.figures import energy_totals
from pulsewright.hls_model.energy.table import EnergyTable, table_names
from tests.models import fold_model, random_model

MODEL = random_model((6, 64, 1), pulses=100)
ENGINE = fold_model(MODEL, [(8, 1), (1, 8)], incremental=True)


@pytest.mark.parametrize("name", table_names())
def test_what_is_printed_can_be_computed_again(name: str) -> None:
    """Each line is count x price = pJ; the lines of a part add to it, the parts to the total."""
    for total in energy_totals(MODEL, ENGINE, EnergyTable.load(name)):
        part_sum = whole = 0.0
        printed_total = None
        for line in explanation(total):
            found = re.match(r" +(\d+) x \(?([\d.ex+/ -]+?)\)? pJ = ([\d.e+-]+) pJ  ", line)
            if found:
                count, formula, picojoule = found.groups()
                value = eval(formula.replace("x", "*"))
                assert int(count) * value == pytest.approx(float(picojoule), rel=1e-4)
                part_sum += float(picojoule)
                continue
            found = re.match(r"  (multi.*|additions|weight reads|register writes): (\S+)", line)
            if found:
                assert part_sum == pytest.approx(float(found[2]), rel=1e-4)
                whole, part_sum = whole + float(found[2]), 0.0
            elif line.startswith("  total: "):
                printed_total = float(line.split()[1])
        assert printed_total == pytest.approx(whole, rel=1e-4)
        assert printed_total == pytest.approx(total.picojoule, rel=1e-4)


def test_what_is_not_counted_is_told() -> None:
    totals = energy_totals(MODEL, ENGINE, EnergyTable.load())
    text = "\n".join(explanation(totals[1]))
    assert "not counted, horowitz_45nm has no entry: weight reads, " in text
    assert "not counted, horowitz_45nm has no entry: register writes, " in text


def test_every_entry_has_its_source() -> None:
    totals = energy_totals(MODEL, ENGINE, EnergyTable.load())
    lines = list(sources(totals))
    assert lines[0].startswith("horowitz_45nm: 45 nm, 0.9 V; ")
    used = {line.price.entry for total in totals for line in total.lines}
    assert {line.split("] ")[0] + "]" for line in lines[1:]} == {f"  [{entry}]" for entry in used}
    assert any("integer multiply, 8 bit" in line for line in lines)
