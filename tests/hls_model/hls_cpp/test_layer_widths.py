# SPDX-License-Identifier: Apache-2.0
import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.hls_cpp.layer_widths import Width, layer_widths
from pulsewright.hls_model.reference.dense_layer import DenseLayer
from pulsewright.hls_model.reference.fixed_point import FixedPoint, width_for_range
from pulsewright.hls_model.reference.reloadable import reloadable_formats
from pulsewright.hls_model.schedule.folded_layer import FoldedLayer
from tests.models import fold_model, random_model


def folded_layer(layer: DenseLayer, pe: int, simd: int, incremental: bool = False) -> FoldedLayer:
    return FoldedLayer(
        inputs=layer.inputs,
        neurons=layer.neurons,
        pe=pe,
        simd=simd,
        beat=layer.inputs,
        hidden=layer.relu,
        incremental=incremental,
    )


def narrowest(values: np.ndarray) -> Width:
    """Of these values and 0, which an accumulation of products starts from."""
    low, high = min(int(values.min()), 0), max(int(values.max()), 0)
    return Width(width_for_range(low, high, signed=True), signed=True)


@given(st.integers(0, 1000), st.integers(1, 3), st.integers(1, 2), st.booleans())
def test_widths_are_those_of_all_inputs(seed: int, inputs: int, pe: int, signed: bool) -> None:
    model = random_model((inputs, 2, 1), seed=seed, weight_width=3, input_width=3)
    given_format = FixedPoint(width=3, frac=2, signed=signed)
    kept = {name: getattr(model.layers[0], name) for name in DenseLayer.model_fields}
    layer = DenseLayer(**(kept | {"input_format": given_format}))
    codes = range(given_format.minimum, given_format.maximum + 1)
    for simd in range(1, inputs + 1):
        widths = layer_widths(layer, folded_layer(layer, pe, simd), reloadable=False, number=1)
        vectors = np.array(list(itertools.product(codes, repeat=inputs)))
        products = vectors[:, None, :] * layer.weights[None]
        assert widths.product == narrowest(products)
        steps = [products[:, :, i : i + simd].sum(axis=2) for i in range(0, inputs, simd)]
        assert widths.sum == narrowest(np.stack(steps))
        # The bias first, then step after step: no partial accumulator needs more bits.
        partial = layer.bias + np.cumsum(np.stack(steps), axis=0)
        assert narrowest(partial).bits <= widths.accumulator.bits
        assert widths.factor.bits >= max(widths.product.bits, 3 + (not signed), 3)


def test_an_incremental_layer_multiplies_differences() -> None:
    layer = random_model((4, 3, 1), extreme=True).layers[0]
    full = layer_widths(layer, folded_layer(layer, 2, 3), reloadable=False, number=1)
    incremental = layer_widths(
        layer, folded_layer(layer, 2, 3, incremental=True), reloadable=False, number=1
    )
    assert (full.operand, incremental.operand) == (Width(8, signed=True), Width(9, signed=True))
    # -255..255 times 127 is 32385 at most; three of them.
    assert (incremental.product, incremental.sum) == (
        Width(16, signed=True),
        Width(18, signed=True),
    )
    assert incremental.accumulator == full.accumulator


def test_reloadable_weights_may_have_either_sign() -> None:
    model = random_model((4, 3, 1))
    formats = reloadable_formats(model)
    engine = fold_model(model, [(1, 2), (1, 3)], reloadable=True)
    first, second = (
        layer_widths(layer, folded, reloadable=True, number=1)
        for layer, folded in zip(formats.layers, engine.layers, strict=True)
    )
    # 127 * 128 = 16256, and two of them; 127 * 255 = 32385, and three.
    assert (first.product, first.sum) == (Width(15, signed=True), Width(16, signed=True))
    assert (second.product, second.sum) == (Width(16, signed=True), Width(18, signed=True))


def test_zero_weights_need_one_bit() -> None:
    model = random_model((2, 3, 1))
    kept = {name: getattr(model.layers[0], name) for name in DenseLayer.model_fields}
    layer = DenseLayer(**(kept | {"weights": np.zeros((3, 2), int), "bias": np.zeros(3, int)}))
    widths = layer_widths(layer, folded_layer(layer, 2, 2), reloadable=False, number=1)
    assert (widths.product, widths.sum, widths.bias) == (Width(1, signed=True),) * 3
    assert widths.factor.bits == 8


@pytest.mark.parametrize(
    ("width", "signed", "incremental", "message"),
    [
        (64, False, False, "operands of layer 2 have 64 bits, the C.* kernel takes 63; use fewer"),
        (64, True, True, "operands of layer 2 have 65 bits, the C.* kernel takes 64; use fewer"),
    ],
)
def test_wider_than_plain_integers_is_refused(
    width: int, signed: bool, incremental: bool, message: str
) -> None:
    model = random_model((2, 3, 1))
    kept = {name: getattr(model.layers[0], name) for name in DenseLayer.model_fields}
    wide = FixedPoint(width=width, frac=0, signed=signed)
    zeros = {"weights": np.zeros((3, 2), int), "bias": np.zeros(3, int)}
    layer = DenseLayer(**(kept | zeros | {"input_format": wide, "output_format": None}))
    with pytest.raises(PulsewrightError, match=message):
        layer_widths(layer, folded_layer(layer, 1, 1, incremental), reloadable=False, number=2)
