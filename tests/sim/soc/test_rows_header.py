# SPDX-License-Identifier: Apache-2.0
import re

import numpy as np
import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.sim.buses.coprocessor_driver import pack_inputs
from pulsewright.sim.soc.rows_header import Curve, codes_of, curve_results, input_words, rows_header
from tests.models import random_codes, random_model


def physical_of(model: IntegerMlp, rows: int) -> IntegerArray:
    random = np.random.default_rng(3)
    features = model.input_map.features
    columns = [random.integers(f.minimum - 5, f.maximum + 6, rows) for f in features]
    return np.stack(columns, axis=1)


def table(text: str, name: str) -> list[int]:
    found = re.search(rf"{name}\[\w+\](?:\[\w+\])? = (\{{.*?\}});", text, re.DOTALL)
    assert found is not None, name
    words = found[1].replace("u", "").replace("(-2147483647 - 1)", str(-(2**31)))
    return [int(word, 0) for word in re.findall(r"-?\w+", words)]


def test_rows_are_those_of_the_model() -> None:
    model = random_model((3, 4, 2), pulses=40)
    physical = physical_of(model, 9)
    text = rows_header(model, physical)
    values = physical / [feature.per_si for feature in model.input_map.features]
    codes = model.input_map.codes(values)
    assert table(text, "row_physical") == physical.ravel().tolist()
    assert table(text, "row_codes") == codes.ravel().tolist()
    assert table(text, "row_results") == model.infer(codes).ravel().tolist()
    assert "#define ROWS 9\n" in text
    assert "#define CURVES 0\n" in text


def test_curves_are_those_of_the_model() -> None:
    model = random_model((3, 4, 2), pulses=40, pulse_input=1)
    physical = physical_of(model, 2)
    curves = [Curve(physical[0], 0, 39), Curve(physical[1], 7, 11)]
    text = rows_header(model, physical, curves)
    expected = []
    for curve in curves:
        rows = np.repeat(curve.physical.reshape(1, -1), curve.n1 - curve.n0 + 1, axis=0)
        rows[:, 1] = np.arange(curve.n0, curve.n1 + 1)
        results = model.infer(codes_of(model, rows))
        assert np.array_equal(curve_results(model, curve), results)
        expected.append([*results.ravel().tolist(), *[0] * (80 - results.size)])
    assert table(text, "curve_results") == [value for row in expected for value in row]
    assert table(text, "curve_n0") == [0, 7]
    assert table(text, "curve_n1") == [39, 11]
    assert "#define CURVE_LENGTH 40\n" in text


@pytest.mark.parametrize(("inputs", "width", "lane"), [(6, 8, 8), (8, 3, 8), (3, 12, 16)])
def test_words_are_packed_as_the_bench_packs_them(inputs: int, width: int, lane: int) -> None:
    codes = random_codes(random_model((inputs, 2, 1), input_width=width), 20)
    words = input_words(codes, lane)
    assert [row[:2] for row in words] == [
        list(packed)[: len(row)]
        for packed, row in zip(pack_inputs(codes, lane), words, strict=True)
    ]


def test_rows_and_curves_that_are_none_are_refused() -> None:
    model = random_model((3, 4, 2), pulses=40)
    physical = physical_of(model, 2)
    with pytest.raises(PulsewrightError, match=r"rows must be \(rows, 3\), got \(0, 3\)"):
        rows_header(model, physical[:0])
    with pytest.raises(PulsewrightError, match=r"rows must be \(rows, 3\), got \(2, 2\)"):
        rows_header(model, physical[:, :2])
    for n0, n1 in ((-1, 3), (3, 40), (5, 4)):
        with pytest.raises(PulsewrightError, match=rf"from pulse {n0} to {n1} leaves .* 0\.\.39"):
            rows_header(model, physical, [Curve(physical[0], n0, n1)])
    with pytest.raises(PulsewrightError, match="no input of network random counts pulses"):
        rows_header(random_model((3, 4, 2)), physical, [Curve(physical[0], 0, 1)])
