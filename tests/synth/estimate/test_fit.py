# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from pulsewright.synth.estimate.fit import Fit, spread_out


def test_a_sum_of_terms_is_found() -> None:
    random = np.random.default_rng(0)
    terms = random.integers(1, 5000, (12, 3))
    weights = np.array([40.0, 0.5, 0.02])
    fit = Fit.of(terms.tolist(), (terms @ weights).tolist())
    assert fit.weights == pytest.approx(weights)
    assert fit.worst_error < 1e-9
    assert fit.value([1, 2, 100]) == pytest.approx(43)
    assert fit.samples == 12


def test_no_term_has_a_negative_weight() -> None:
    terms = [[1.0, n] for n in range(1, 9)]
    fit = Fit.of(terms, [100 - 3 * n for n in range(1, 9)])
    assert fit.weights[1] == 0
    assert fit.weights[0] > 0


def test_errors_are_those_of_samples_that_were_left_out() -> None:
    """Of four equal figures and one twice as large, a constant tells each by the other four."""
    figures = [10.0, 10.0, 10.0, 10.0, 20.0]
    fit = Fit.of([[1.0]] * 5, figures)
    # Least squares of relative errors: the mean of 1/y over that of 1/y^2.
    told = [
        sum(1 / y for y in others) / sum(1 / y**2 for y in others)
        for others in (figures[:n] + figures[n + 1 :] for n in range(5))
    ]
    errors = [abs(one / figure - 1) for one, figure in zip(told, figures, strict=True)]
    assert fit.worst_error == pytest.approx(max(errors))
    assert fit.median_error == pytest.approx(sorted(errors)[2])
    assert fit.worst_error == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("terms", "figures"), [([[1.0]], [3.0]), ([[1.0]] * 3, [1.0, 0.0, 2.0]), ([[1.0]] * 2, [1.0])]
)
def test_what_cannot_be_fitted(terms: list[list[float]], figures: list[float]) -> None:
    with pytest.raises(ValueError, match="cannot be fitted"):
        Fit.of(terms, figures)


def test_samples_lie_far_from_each_other() -> None:
    terms = [[1, 1], [1, 1.1], [1, 100], [50, 1], [1, 1], [50, 90]]
    assert spread_out(terms, 4)[0] in (0, 4)
    assert sorted(spread_out(terms, 4))[-3:] == [2, 3, 5]
    # As many as there are different ones.
    assert len(spread_out(terms, 6)) == 5
