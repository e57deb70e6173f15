# SPDX-License-Identifier: Apache-2.0
import itertools

import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.presets import multiply_accumulates, preset_sizes


@pytest.mark.parametrize(
    ("name", "hidden_layers", "parameters", "flop"),
    [("A1", 1, 513, 896), ("A2", 2, 4673, 9088), ("A3", 3, 8833, 17280)],
)
def test_presets_are_the_networks_of_table_ii(
    name: str, hidden_layers: int, parameters: int, flop: int
) -> None:
    sizes = preset_sizes(name)
    assert sizes == (6, *[64] * hidden_layers, 1)
    assert sum((k + 1) * m for k, m in itertools.pairwise(sizes)) == parameters
    assert 2 * multiply_accumulates(sizes) == flop


def test_an_unknown_preset_is_refused_with_the_choice() -> None:
    with pytest.raises(PulsewrightError) as raised:
        preset_sizes("A4")
    assert str(raised.value) == (
        "unknown network preset 'A4'; choose one of A1, A2, A3 or give hidden sizes"
    )


@pytest.mark.parametrize(
    ("sizes", "products"), [((6, 12, 1), 84), ((6, 8, 1), 56), ((3, 2), 6), ((5,), 0)]
)
def test_multiply_accumulates_of_dense_layers(sizes: tuple[int, ...], products: int) -> None:
    assert multiply_accumulates(sizes) == products
