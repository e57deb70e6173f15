# SPDX-License-Identifier: Apache-2.0
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulsewright.hls_model.schedule.adder_tree import TreeStage, adder_tree
from pulsewright.hls_model.schedule.folded_layer import FoldedLayer


@pytest.mark.parametrize(
    ("terms", "stages", "expected"),
    [
        (1, 0, []),
        (2, 1, [TreeStage((17,), (17,))]),
        (3, 1, [TreeStage((17, 18), (18,))]),
        (6, 1, [TreeStage((17, 17, 17, 18, 19), (19,))]),
        (8, 1, [TreeStage((17,) * 4 + (18,) * 2 + (19,), (19,))]),
        # Eight of nine are added, the ninth passes as it is, and the last stage adds the two.
        (9, 2, [TreeStage((17,) * 4 + (18,) * 2 + (19,), (19, 16)), TreeStage((20,), (20,))]),
    ],
)
def test_trees_by_hand(terms: int, stages: int, expected: list[TreeStage]) -> None:
    assert adder_tree(terms, 16, stages) == expected


@given(st.integers(1, 70))
def test_the_stages_of_a_folded_layer_leave_one_sum_of_all_terms(simd: int) -> None:
    layer = FoldedLayer(inputs=simd, neurons=1, pe=1, simd=simd, beat=simd, hidden=False)
    tree = adder_tree(simd, 10, layer.adder_tree_stages)
    assert sum(len(stage.adders) for stage in tree) == simd - 1
    if tree:
        assert len(tree[-1].registers) == 1
        # Wide enough for the sum of so many numbers of 10 bits.
        assert tree[-1].registers[0] >= 10 + (simd - 1).bit_length()
