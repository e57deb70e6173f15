# SPDX-License-Identifier: Apache-2.0
from fractions import Fraction
from math import inf, nan

import onnx
import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.qonnx.attributes import attribute, finite_attribute


def node(**attributes: object) -> onnx.NodeProto:
    return onnx.helper.make_node("Gemm", ["a", "b"], ["c"], name="first", **attributes)


def test_a_number_is_exact() -> None:
    assert finite_attribute(node(), "alpha", 0.1) == Fraction(0.1)
    assert finite_attribute(node(alpha=0.5), "alpha", 1.0) == Fraction(1, 2)


@pytest.mark.parametrize("value", [nan, inf, -inf])
def test_what_is_no_number_is_refused_with_its_name(value: float) -> None:
    with pytest.raises(PulsewrightError, match=rf"first.*'alpha' is {value}, .*; export"):
        finite_attribute(node(alpha=value), "alpha", 1.0)


def test_another_type_is_refused() -> None:
    with pytest.raises(PulsewrightError, match="'alpha' is not a float; export"):
        finite_attribute(node(alpha=3), "alpha", 1.0)
    with pytest.raises(PulsewrightError, match="'transB' is not a int; export"):
        attribute(node(transB="x"), "transB", 0)
