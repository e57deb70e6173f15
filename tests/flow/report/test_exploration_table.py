# SPDX-License-Identifier: Apache-2.0
from pulsewright.flow.report.exploration_table import (
    exploration_table,
    shown_sentence,
    unmeasured_table,
)
from tests.flow.exploration.explored import design, exploration, on_fpga, variant


def test_every_design_is_a_row_with_its_figures() -> None:
    found = exploration(
        variant("2 multipliers", design(2, picojoule=90), design(9, design="obi")),
        variant("knots", state="impossible", reason="no accumulator", multipliers=None),
    )
    table = exploration_table(found)
    rows = table.document["rows"]
    assert isinstance(rows, list)
    assert [(row["design"], row["kilo_gate_equivalents"], row["picojoule"]) for row in rows] == [
        ("engine", 2, 90),
        ("obi", 9, None),
    ]
    assert [(row["error"], row["on_front"]) for row in rows] == [(0.01, True), (0.01, None)]
    assert "1 of 2 variants" in table.title
    assert "mean squared" in table.note


def test_what_was_not_measured_says_why() -> None:
    measured = variant("2 multipliers", design(2))
    assert unmeasured_table(exploration(measured)) is None
    refused = variant("4 multipliers", state="failed", reason="the tool gave up")
    table = unmeasured_table(exploration(measured, refused))
    assert table is not None
    assert table.rows == [("4 multipliers", "small", "failed", "the tool gave up")]


def test_a_variant_is_told_in_a_few_words() -> None:
    assert shown_sentence(variant("a", design(2, picojoule=90))) == "a: 2.00 kGE, 125 MHz, 90 pJ"
    assert shown_sentence(variant("a", on_fpga(30, interval=None))) == "a: 30 LUT"
    assert shown_sentence(variant("a", state="failed", reason="no")) == "a: failed, no"
