# SPDX-License-Identifier: Apache-2.0
import pytest

from pulsewright.hls_model.energy.figures import floating_point_operations, tier1
from pulsewright.hls_model.presets import PRESETS
from pulsewright.quant.paper.published import TABLE_2


@pytest.mark.parametrize("network", ["A1", "A2", "A3"])
def test_table_2_follows_from_the_layer_sizes(network: str) -> None:
    entry, sizes = TABLE_2[network], PRESETS[network]
    assert floating_point_operations(sizes) == entry.flop
    assert f"{tier1(sizes).picojoule / 1000:.3g}" == entry.nanojoule
