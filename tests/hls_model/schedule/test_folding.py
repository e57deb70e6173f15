# SPDX-License-Identifier: Apache-2.0
import pytest
from pydantic import ValidationError

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.schedule.folding import LayerFolding, fold


@pytest.mark.parametrize(
    ("foldings", "message"),
    [
        (
            [(65, 6), (1, 1)],
            "folding of layer 1: pe = 65 exceeds its 64 neurons; use at most 64",
        ),
        ([(64, 7), (1, 1)], "folding of layer 1: simd = 7 exceeds its 6 inputs; use at most 6"),
        ([(8, 6), (2, 8)], "folding of layer 2: pe = 2 exceeds its 1 neurons; use at most 1"),
        (
            [(8, 6), (1, 65)],
            "folding of layer 2: simd = 65 exceeds its 64 inputs; use at most 64",
        ),
        ([(8, 6)], "1 foldings for 2 layers; give one (pe, simd) a layer"),
        ([(8, 6), (1, 8), (1, 1)], "3 foldings for 2 layers; give one (pe, simd) a layer"),
        ([], "0 foldings for 2 layers; give one (pe, simd) a layer"),
    ],
)
def test_a_folding_that_does_not_fit_is_refused_with_value_and_limit(
    foldings: list[tuple[int, int]], message: str
) -> None:
    with pytest.raises(PulsewrightError) as raised:
        fold((6, 64, 1), [LayerFolding(pe=pe, simd=simd) for pe, simd in foldings])
    assert str(raised.value) == message


@pytest.mark.parametrize(("pe", "simd"), [(0, 1), (1, 0), (-1, 1), (1, -8)])
def test_a_folding_is_positive(pe: int, simd: int) -> None:
    with pytest.raises(ValidationError, match="greater than or equal to 1"):
        LayerFolding(pe=pe, simd=simd)
