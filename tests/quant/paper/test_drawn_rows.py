# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.quant.paper.drawn_rows import (
    PUBLISHED_SEED,
    beginning,
    draw_rows,
    least_training_rows,
    row_order,
    standardised,
)
from pulsewright.quant.splits import COMMON_KINDS, SplitKind, split


def test_the_published_seed_draws_as_scikit_learn() -> None:
    # train_test_split(range(5), test_size=0.33, random_state=42), as its documentation prints it:
    # two of five are tested, [1, 4], and [2, 0, 3] trained.
    assert row_order(5, PUBLISHED_SEED).tolist() == [1, 4, 2, 0, 3]


@pytest.mark.parametrize("seed", [0, PUBLISHED_SEED])
@pytest.mark.parametrize("kind", COMMON_KINDS)
def test_every_row_once(synthetic, kind: SplitKind, seed: int) -> None:
    drawn = draw_rows(synthetic, kind, seed)
    together = np.concatenate(drawn)
    if kind is SplitKind.PARAMETER_SETS:
        assert len(set(together.tolist())) == len(together) > 0.97 * synthetic.rows
    else:
        assert np.array_equal(np.sort(together), np.arange(synthetic.rows))
    assert not np.array_equal(drawn.train, np.sort(drawn.train))


def test_every_seed_leaves_the_same_number_of_rows(synthetic) -> None:
    least = least_training_rows(synthetic)
    left = []
    for seed in range(60):
        drawn = draw_rows(synthetic, SplitKind.PARAMETER_SETS, seed)
        assert drawn.train.size == least
        left.append(synthetic.rows - drawn.test.size)
        sets = synthetic.parameter_set_index
        assert not set(sets[drawn.train].tolist()) & set(sets[drawn.test].tolist())
    # No more is given away than the unluckiest draw needs.
    assert least <= min(left) <= least + 100
    assert max(left) > least


def test_published_sizes(synthetic) -> None:
    drawn = draw_rows(synthetic, SplitKind.ROWS, PUBLISHED_SEED)
    assert (drawn.train.size, drawn.test.size) == (19950, 6650)
    sizes = [beginning(drawn.train, one).size for one in (0.001, 0.01, 0.05, 0.1, 0.2, 1.0)]
    assert sizes == [19, 199, 997, 1995, 3990, 19950]


@pytest.mark.parametrize("kind", COMMON_KINDS)
def test_test_rows_are_those_of_the_project(synthetic, kind: SplitKind) -> None:
    drawn = draw_rows(synthetic, kind, 3)
    assert np.array_equal(np.sort(drawn.test), split(synthetic, kind, 3).test)


def test_beginning_is_never_empty() -> None:
    assert beginning(np.arange(5, 15), 0.001).tolist() == [5]


@pytest.mark.parametrize("fraction", [0.0, -0.1, 1.1, float("nan")])
def test_bad_fraction(fraction: float) -> None:
    with pytest.raises(PulsewrightError, match=f"fraction of training rows is {fraction}"):
        beginning(np.arange(5), fraction)


def test_negative_seed(small) -> None:
    with pytest.raises(PulsewrightError, match="seed is -1"):
        draw_rows(small, SplitKind.ROWS, -1)


def test_standardised(small) -> None:
    x = standardised(small)
    assert np.allclose(x.mean(axis=0), 0)
    assert np.allclose(x.std(axis=0), 1)
