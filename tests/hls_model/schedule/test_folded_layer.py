# SPDX-License-Identifier: Apache-2.0
import pytest
from pydantic import ValidationError

from pulsewright.hls_model.schedule.folded_layer import FoldedLayer, OperandFeed


def layer(**changes: object) -> FoldedLayer:
    fields: dict[str, object] = {
        "inputs": 64,
        "neurons": 64,
        "pe": 8,
        "simd": 8,
        "beat": 8,
        "hidden": True,
    }
    return FoldedLayer(**(fields | changes))


@pytest.mark.parametrize(
    ("changes", "feed"),
    [
        ({"beat": 64}, OperandFeed.HELD),
        ({"beat": 100, "pe": 64, "simd": 64}, OperandFeed.HELD),
        ({"beat": 8, "pe": 64}, OperandFeed.DIRECT),
        ({"beat": 8}, OperandFeed.DOUBLE_BUFFERED),
        ({"beat": 8, "pe": 64, "simd": 16}, OperandFeed.DOUBLE_BUFFERED),
        ({"beat": 16, "pe": 64}, OperandFeed.DOUBLE_BUFFERED),
    ],
)
def test_a_layer_gets_the_cheapest_feed_that_keeps_its_pace(
    changes: dict[str, object], feed: OperandFeed
) -> None:
    assert layer(**changes).feed is feed


@pytest.mark.parametrize(
    ("pe", "simd", "groups", "steps"),
    [(64, 64, 1, 1), (1, 1, 64, 64), (10, 7, 7, 10), (33, 63, 2, 2)],
)
def test_groups_and_steps_are_rounded_up(pe: int, simd: int, groups: int, steps: int) -> None:
    folded_layer = layer(pe=pe, simd=simd)
    assert folded_layer.neuron_groups == groups
    assert folded_layer.input_steps == steps
    assert folded_layer.cycles == groups * steps
    assert folded_layer.multipliers == pe * simd


@pytest.mark.parametrize(("simd", "stages"), [(1, 0), (2, 1), (6, 1), (8, 1), (9, 2), (64, 2)])
def test_three_levels_of_adders_share_a_register(simd: int, stages: int) -> None:
    assert layer(simd=simd).arithmetic_stages == 1 + stages
    assert layer(simd=simd, hidden=True).pipeline_depth == 4 + stages
    assert layer(simd=simd, hidden=False).pipeline_depth == 3 + stages


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"pe": 65}, "pe = 65 exceeds the 64 neurons"),
        ({"simd": 65}, "simd = 65 exceeds the 64 inputs"),
    ],
)
def test_a_folded_layer_alone_refuses_too(changes: dict[str, int], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        layer(**changes)
