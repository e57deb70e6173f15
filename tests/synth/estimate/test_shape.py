# SPDX-License-Identifier: Apache-2.0
import pytest

from pulsewright.hls_model.schedule.folding import LayerFolding, fold
from pulsewright.synth.estimate.shape import ENERGY_TERMS, TERMS, EngineShape


def test_terms_by_hand() -> None:
    """6-4-1, 8 and 3 bits of weights, 8 and 5 of operands; 2 x 3 multipliers, then one."""
    shape = EngineShape((6, 4, 1), (8, 3), 8, (5,))
    terms = shape.terms(fold((6, 4, 1), [LayerFolding(pe=2, simd=3), LayerFolding(pe=1, simd=1)]))
    assert dict(zip(TERMS, terms, strict=True)) == {
        "one engine": 1,
        # Weights of 8 bits add an operand 6 times, those of 3 once.
        "bits added in products": 6 * 6 * 8 + 1 * 1 * 5,
        "bits of operands of products that add": 6 * 8 + 1 * 5,
        "bits of operands and weights at multipliers": 6 * 16 + 8,
        # 6 inputs carry 3 bits more, 4 inputs 3.
        "bits of accumulators": 2 * (8 + 8 + 3) + (3 + 5 + 3),
        "bits of constant weights": 24 * 8 + 4 * 3,
        "bits of activations": 6 * 8 + 4 * 5,
    }


def test_terms_of_energy_by_hand() -> None:
    """The same engine: 2 x 2 cycles of 6 multipliers, then 4 of one."""
    shape = EngineShape((6, 4, 1), (8, 3), 8, (5,))
    folded = fold((6, 4, 1), [LayerFolding(pe=2, simd=3), LayerFolding(pe=1, simd=1)])
    assert dict(zip(ENERGY_TERMS, shape.energy_terms(folded), strict=True)) == {
        "cycles": 4,
        # Weights of 8 bits add an operand 6 times, those of 3 once.
        "bits added in products made": 4 * 6 * 6 * 8 + 4 * 1 * 1 * 5,
        "bits of operands of products that add": 4 * 6 * 8 + 4 * 1 * 5,
        "bits of operands and weights given to multipliers": 4 * 6 * 16 + 4 * 8,
        "bits of accumulators written": 4 * 2 * (8 + 8 + 3) + 4 * (3 + 5 + 3),
        "bits of constant weights": 24 * 8 + 4 * 3,
        "bits of activations": 6 * 8 + 4 * 5,
    }


@pytest.mark.parametrize("bits", [1, 2])
def test_weights_of_a_sign_add_nothing(bits: int) -> None:
    shape = EngineShape((6, 1), (bits,), 8, ())
    folded = fold((6, 1), [LayerFolding(pe=1, simd=6)])
    assert shape.terms(folded)[1:3] == (0, 0)
    assert shape.energy_terms(folded)[1:3] == (0, 0)


def test_a_width_for_each_layer() -> None:
    with pytest.raises(ValueError, match="not as many widths as layers"):
        EngineShape((6, 4, 1), (8,), 8, (5,))
