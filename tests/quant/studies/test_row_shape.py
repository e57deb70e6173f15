# SPDX-License-Identifier: Apache-2.0
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulsewright.quant.studies.row_shape import (
    FloatRowShape,
    LearningCurveRowShape,
    PublishedRowShape,
    RidgeRowShape,
    has_entries,
    has_shape,
)

FLOAT = {
    "accuracy": {"validation_mse": 0.5, "test_mse": 1, "test_median_curve_mse": 0.1, "epoch": 3},
    "state": {"layers.0.weight": [[0.5, 1.0]], "layers.0.bias": [0.25]},
}
PUBLISHED = {"test_mse": [0.1, 0.2]}
RIDGE = {**PUBLISHED, "parameters": 7}
CURVE = {
    **{key: [0, 1] for key in ("seeds", "train_rows")},
    **{key: [0.5, 0.25] for key in ("test_mse", "test_se", "median_curve_mse", "r_squared")},
    "curve_mse": [[0.5, None], [None, 0.5]],
    "script_curve_mse": [[], []],
    "example_curve": [[0.5], [0.25]],
}
ROWS = {
    "float": (FLOAT, has_shape(FloatRowShape)),
    "published": (PUBLISHED, has_entries(PublishedRowShape, 2)),
    "ridge": (RIDGE, has_entries(RidgeRowShape, 2)),
    "learning curve": (CURVE, has_entries(LearningCurveRowShape, 2)),
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize("name", ROWS)
def test_a_result_as_the_journal_gives_it_back_is_one(name: str) -> None:
    row, is_finished = ROWS[name]
    assert is_finished(json.loads(json.dumps(row)))


@pytest.mark.parametrize("name", ROWS)
def test_a_row_with_a_column_less_or_more_is_none(name: str) -> None:
    row, is_finished = ROWS[name]
    for column in row:
        assert not is_finished({key: value for key, value in row.items() if key != column})
        for value in (None, "0.5", [], {}, [0.5], ["0.5", "0.5"]):
            assert not is_finished(row | {column: value}) or (column, value) == ("state", {})
    assert not is_finished(row | {"other": 1})
    assert not is_finished({})


@given(row=st.dictionaries(st.text() | st.sampled_from(sorted(CURVE)), JSON, max_size=10))
def test_any_row_has_an_answer(row: dict[str, Any]) -> None:
    for example, is_finished in ROWS.values():
        assert not is_finished(row) or row.keys() == example.keys()


@pytest.mark.parametrize("entries", [0, 1, 3])
def test_each_seed_has_its_entry(entries: int) -> None:
    assert not has_entries(RidgeRowShape, entries)(RIDGE)
    ragged = CURVE | {"curve_mse": [[0.5], [0.5, 0.5]]}
    assert not has_entries(LearningCurveRowShape, 2)(ragged)
