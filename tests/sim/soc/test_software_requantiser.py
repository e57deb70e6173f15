# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulsewright.hls_model.reference.fixed_point import Rounding, round_shift
from pulsewright.sim.soc.software_requantiser import effective_shifts, rounding_offset, saturates
from tests.models import random_model


@given(st.integers(0, 2**20), st.integers(-3, 24), st.sampled_from(Rounding))
def test_an_offset_and_the_parity_round_as_the_model(
    accumulator: int, shift: int, rounding: Rounding
) -> None:
    value = accumulator + rounding_offset(rounding, shift)
    if shift <= 0:
        rounded = value << -shift
    elif rounding is Rounding.HALF_EVEN:
        rounded = (value + (value >> shift & 1)) >> shift
    else:
        rounded = value >> shift
    assert rounded == round_shift(np.array([accumulator]), shift, rounding)[0]
    # What software tests to skip a neuron.
    if shift > 0:
        assert (rounded == 0) == (value >> shift == 0)


@pytest.mark.parametrize("seed", range(8))
def test_saturation_is_left_out_only_where_it_cannot_be(seed: int) -> None:
    model = random_model((2, 3, 1), seed, weight_width=4, input_width=4, activation_width=3)
    hidden = model.layers[0]
    codes = np.stack(np.meshgrid(np.arange(-8, 8), np.arange(-8, 8)), axis=-1).reshape(-1, 2)
    sums = np.maximum(codes @ hidden.aligned_weights.T + hidden.aligned_bias, 0)
    assert hidden.output_format is not None
    reached = round_shift(sums, hidden.shift, hidden.rounding).max() > hidden.output_format.maximum
    assert saturates(hidden) >= reached
    assert not saturates(model.layers[1])


def test_channel_shifts_shorten_the_shift() -> None:
    layer = random_model((3, 4, 1), per_channel=True).layers[0]
    assert effective_shifts(layer) == [layer.shift - shift for shift in layer.channel_shifts]
    plain = random_model((3, 4, 1)).layers[0]
    assert effective_shifts(plain) == [plain.shift] * 4
