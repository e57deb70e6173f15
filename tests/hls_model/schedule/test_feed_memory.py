# SPDX-License-Identifier: Apache-2.0
import pytest

from pulsewright.hls_model.presets import PRESETS
from pulsewright.hls_model.schedule.feed_memory import feed_row_lanes, feed_rows, fits_feed_memory
from pulsewright.hls_model.schedule.folded_layer import FoldedLayer
from pulsewright.hls_model.schedule.folding_search import cheapest_folding


def layer(**changes: object) -> FoldedLayer:
    fields: dict[str, object] = {
        "inputs": 128,
        "neurons": 8,
        "pe": 2,
        "simd": 4,
        "beat": 4,
        "hidden": True,
    }
    return FoldedLayer(**(fields | changes))


@pytest.mark.parametrize(
    ("changes", "width", "fits"),
    [
        # 2 * 128 operands of 4 bits are 1024 bits.
        ({}, 4, False),
        ({}, 5, True),
        ({"inputs": 129}, 4, True),
        # One is a multiple of the other, or it is not.
        ({"simd": 12, "beat": 4}, 8, True),
        ({"simd": 4, "beat": 12}, 8, True),
        ({"simd": 6, "beat": 4}, 8, False),
        # No double buffer: held, or the beats are the steps.
        ({"beat": 128}, 8, False),
        ({"pe": 8}, 8, False),
        ({"repeated": True}, 8, False),
    ],
)
def test_a_large_double_buffer_goes_into_a_memory(
    changes: dict[str, object], width: int, fits: bool
) -> None:
    assert fits_feed_memory(layer(**changes), width) is fits


def test_a_row_is_the_larger_of_beat_and_step() -> None:
    gathered = layer(inputs=130, simd=12, beat=4)
    assert (feed_row_lanes(gathered), feed_rows(gathered)) == (12, 11)
    cut = layer(inputs=130, simd=4, beat=12)
    assert (feed_row_lanes(cut), feed_rows(cut)) == (12, 11)


@pytest.mark.parametrize("name", PRESETS)
def test_no_preset_of_8_bits_needs_a_memory(name: str) -> None:
    for interval in (1, 8, 64, 384, 4096):
        folded = cheapest_folding(PRESETS[name], interval)
        assert not any(fits_feed_memory(one, 8) for one in folded.layers)
