# SPDX-License-Identifier: Apache-2.0
"""The other limits are tested with the register map that they are of."""

import numpy as np
import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.fixed_point import FixedPoint
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.rtl.registers.register_map import compile_register_map
from pulsewright.rtl.registers.room import (
    check_reloadable,
    check_sizes,
    fits_registers,
    input_words,
    lane_bits,
)
from tests.models import changed, fold_model, random_model


@pytest.mark.parametrize(
    ("inputs", "width", "words"), [(4, 1, 1), (5, 8, 2), (2, 9, 1), (3, 16, 2), (64, 16, 32)]
)
def test_a_lane_is_a_byte_or_a_half_word(inputs: int, width: int, words: int) -> None:
    assert lane_bits(width) == (8 if width <= 8 else 16)
    assert input_words(inputs, width) == words


def test_codes_above_a_half_word_are_refused() -> None:
    check_sizes((3, 1), 16)
    with pytest.raises(PulsewrightError) as raised:
        check_sizes((3, 1), 17)
    assert str(raised.value) == (
        "input codes of 17 bits do not fit the 16-bit lanes of the input words; "
        "quantise the inputs to at most 16 bits"
    )


def wide_range(weight: int) -> IntegerMlp:
    """8 bits of the wide range: its least integer needs a ninth in the symmetric one."""
    model = random_model((2, 3, 1))
    hidden, output = model.layers
    weights = hidden.weights.copy()
    weights[1, 1] = weight
    nine = FixedPoint(width=9, frac=hidden.weight_format.frac, signed=True)
    return changed(model, layers=(changed(hidden, weights=weights, weight_format=nine), output))


def test_weights_past_a_byte_of_the_window_are_refused_with_what_is_the_trouble() -> None:
    check_reloadable(random_model((2, 3, 1)))
    with pytest.raises(PulsewrightError, match="layer 1 have 9 bits, for -128 alone, and"):
        check_reloadable(wide_range(-128))
    with pytest.raises(PulsewrightError) as raised:
        check_reloadable(wide_range(200))
    assert str(raised.value) == (
        "the weights of layer 1 have 9 bits, and the weight window holds -127..127 in 8; export "
        'the model with such weights (narrow range), or set weights = "constant" in [engine]'
    )


def test_no_register_map_is_made_of_them_either() -> None:
    model = wide_range(-128)
    foldings = [(1, 2), (1, 1)]
    compile_register_map(model, fold_model(model, foldings))
    with pytest.raises(PulsewrightError, match="the weight window holds"):
        compile_register_map(model, fold_model(model, foldings, reloadable=True))


@pytest.mark.parametrize("signed", [True, False])
def test_a_capability_word_tells_the_sign_of_input_codes(signed: bool) -> None:
    registers = compile_register_map(random_model((6, 5, 1), signed_inputs=signed))
    assert registers["LAYER_CAPABILITY"].reset >> 11 & 1 == signed
    assert registers["INPUT_CAPABILITY"].reset == 6 | 8 << 16 | 8 << 24


def test_reloadable_accumulators_past_exact_integers_are_refused() -> None:
    model = random_model((2, 2))
    (layer,) = model.layers
    model = changed(
        model, layers=(changed(layer, bias=np.array([2**30, 0]), channel_shifts=(31, 0)),)
    )
    with pytest.raises(PulsewrightError, match="reloadable weights of layer 1: the accumulator"):
        compile_register_map(model, fold_model(model, [(1, 1)], reloadable=True))


@pytest.mark.parametrize(
    ("inputs", "results", "width", "fits"),
    [
        (128, 64, 8, True),
        (129, 1, 8, False),
        (64, 64, 9, True),
        (65, 1, 16, False),
        (6, 65, 8, False),
        (128, 1, 1, True),
    ],
)
def test_registers_have_32_words_of_inputs_and_64_of_results(
    inputs: int, results: int, width: int, fits: bool
) -> None:
    assert fits_registers(inputs, results, width) == fits


@pytest.mark.parametrize(
    ("sizes", "sentence"),
    [
        (
            (65536, 1),
            "65536 inputs exceed the 65535 that the capability words of the register map ",
        ),
        ((4, 70000, 1), "70000 neurons of layer 1 exceed the 65535 that"),
    ],
)
def test_what_capability_words_cannot_tell_is_refused(
    sizes: tuple[int, ...], sentence: str
) -> None:
    check_sizes((65535, 65535), 16)
    with pytest.raises(PulsewrightError, match=f"^{sentence}"):
        check_sizes(sizes, 8)
