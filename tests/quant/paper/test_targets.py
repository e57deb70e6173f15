# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from pulsewright.quant.paper.targets import Target, predicted_levels, target_rows


@pytest.mark.parametrize("target", list(Target))
def test_targets_as_predictions_are_the_curves(small, target: Target) -> None:
    levels = predicted_levels(small, target, target_rows(small, target))
    assert np.allclose(levels, small.targets.reshape(40, 100), atol=1e-12)


def test_increments(small) -> None:
    levels = small.targets.reshape(40, 100)
    increments = target_rows(small, Target.INCREMENT).reshape(40, 100)
    assert np.array_equal(increments[:, 0], levels[:, 0])
    assert increments[7, 30] == levels[7, 30] - levels[7, 29]
