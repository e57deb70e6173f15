# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest
from onnx import helper

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.qonnx.shape_rules import axes_of, reshaped


def shape_after(
    operator: str,
    before: tuple[int, ...],
    second: list[int] | None = None,
    /,
    **given: object,
) -> tuple[int, ...]:
    node = helper.make_node(operator, ["x"], ["y"], name="n", **given)
    values = None if second is None else np.array(second, dtype=np.float64)
    return reshaped(node, before, axes_of(node, values))


@pytest.mark.parametrize(
    ("operator", "shape", "second", "given", "expected"),
    [
        ("Flatten", (2, 3, 4), None, {}, (2, 12)),
        ("Flatten", (2, 3, 4), None, {"axis": -1}, (6, 4)),
        ("Flatten", (2, 3, 4), None, {"axis": 3}, (24, 1)),
        ("Reshape", (2, 3, 4), [0, -1], {}, (2, 12)),
        ("Reshape", (2, 3), None, {"shape": [3, 2]}, (3, 2)),
        ("Squeeze", (1, 3, 1), None, {}, (3,)),
        ("Squeeze", (1, 3, 1), [-1], {}, (1, 3)),
        ("Squeeze", (1, 3, 1), None, {"axes": [0]}, (3, 1)),
        ("Unsqueeze", (2, 3), [0, -1], {}, (1, 2, 3, 1)),
        ("Unsqueeze", (2, 3), None, {"axes": [1]}, (2, 1, 3)),
    ],
)
def test_shapes(
    operator: str,
    shape: tuple[int, ...],
    second: list[int] | None,
    given: dict[str, object],
    expected: tuple[int, ...],
) -> None:
    assert shape_after(operator, shape, second, **given) == expected


@pytest.mark.parametrize(
    ("operator", "second", "given", "sentence"),
    [
        ("Reshape", None, {}, r"node 'n' \(Reshape\): its shape is not constant"),
        ("Unsqueeze", None, {}, "its axes is not constant"),
        ("Reshape", [4, 2], {}, r"shape \[2, 3\] does not become \[4, 2\]"),
        ("Reshape", [-1, -1], {}, "at most one -1"),
        ("Reshape", [-2, 3], {}, "at most one -1"),
        ("Reshape", [0, 0, 0], {}, "give sizes and at most one -1"),
        ("Reshape", [-1, 4], {}, r"does not become \[1, 4\]"),
        ("Squeeze", [0], {}, r"shape \[2, 3\] does not become \[3\]"),
        ("Squeeze", [2], {}, "axis 2 of a tensor of 2 dimensions"),
        ("Squeeze", [-3], {}, "axis -3 of a tensor of 2 dimensions"),
        ("Flatten", None, {"axis": 4}, "axis 4 of a tensor of 2 dimensions"),
        ("Flatten", None, {"axis": 1.5}, "attribute 'axis' is not a int"),
        ("Unsqueeze", [0, 0], {}, "name one twice"),
    ],
)
def test_what_does_not_fit_is_refused(
    operator: str, second: list[int] | None, given: dict[str, object], sentence: str
) -> None:
    with pytest.raises(PulsewrightError, match=sentence):
        shape_after(operator, (2, 3), second, **given)
