# SPDX-License-Identifier: Apache-2.0
"""Rows of the comparison: measured, refused or out of time, in one table."""

import io
from importlib.util import find_spec

import pytest
from rich.console import Console

from bench.lut_estimate import Area, has_yosys
from bench.peer_shapes import (
    Shape,
    ShapeRow,
    engine_row,
    main,
    measured,
    rows_to_measure,
    table_of,
)
from pulsewright.flow.report.table_layout import print_table
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from tests.models import random_model

needs_peers = pytest.mark.skipif(
    find_spec("hls4ml") is None or find_spec("da4ml") is None, reason="no peers installed"
)


def small() -> IntegerMlp:
    return random_model((4, 6, 2))


def shape(**given: object) -> Shape:
    published = (ShapeRow("FINN, published", remark="7/s"),)
    return Shape("small", small, (1, 8), published)._replace(**given)


def test_the_table_has_inferences_at_100_megahertz() -> None:
    rows = [
        ShapeRow("engine", 32, 0, 1.5, 8, 20, 6, Area(70, 60, 5, 1)),
        ShapeRow("other", remark="not done in 9 s"),
    ]
    text = io.StringIO()
    print_table(Console(file=text, width=200), table_of(shape(), small(), rows))
    assert {"12500000", "70", "60", "1.5"} <= set(text.getvalue().split())
    assert "not done in 9 s" in text.getvalue()


@needs_peers
def test_rows_that_are_not_tried_say_why() -> None:
    large = random_model((300, 300, 2))
    reasons = dict(rows_to_measure(shape(is_tflite=True), large, 60))
    assert "not tried: unrolls all 90600 weights" in reasons.values()
    assert "reads no TFLite file" in reasons.values()
    assert {"engine, II 1", "engine, II 8"} < set(reasons)


@needs_peers
def test_a_row_out_of_time_says_so() -> None:
    ours, published = next(measured(shape(), small(), "II 8", 0.01)), shape().published
    assert (ours.name, ours.remark) == ("engine, II 8", "not done in 0.02 s")
    assert [*measured(shape(), small(), "published", 60)] == list(published)


@pytest.mark.regression
@pytest.mark.skipif(not has_yosys(), reason="no Yosys")
def test_an_engine_is_compared_and_mapped() -> None:
    row = engine_row(small(), 8, 600)
    assert (row.mismatches, row.interval, row.vectors) == (0, 8, 32)
    assert row.area is not None
    assert row.area.dsps == row.multipliers


@pytest.mark.regression
@pytest.mark.skipif(not has_yosys(), reason="no Yosys")
def test_the_rest_of_a_row_is_kept_where_its_cells_take_too_long() -> None:
    row = engine_row(small(), 8, 0.01)
    assert (row.mismatches, row.interval, row.vectors) == (0, 8, 32)
    assert (row.area, row.remark) == (None, "cells not mapped in 0.01 s")


def test_an_unknown_network_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["large"])
    assert "no network 'large'; choose of jet_tagger" in capsys.readouterr().err
