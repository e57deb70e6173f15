# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from pulsewright.quant.metrics import mean_squared_error
from pulsewright.quant.paper.protocol import PublishedTraining
from pulsewright.quant.paper.ridge import fit_ridge
from pulsewright.quant.splits import SplitKind, split
from pulsewright.quant.studies.baselines import published_row, ridge_row
from pulsewright.quant.studies.settings import StudySettings

# The small curves are one session.
KINDS = [kind for kind in SplitKind if kind is not SplitKind.SESSIONS]
SETTINGS = StudySettings(published_training=PublishedTraining(epochs=1))


@pytest.mark.parametrize("kind", KINDS)
def test_ridge(small, kind: SplitKind) -> None:
    row = ridge_row(small, SETTINGS, kind, (1, 4))
    expected = []
    for seed in (1, 4):
        parts = split(small, kind, seed)
        ridge = fit_ridge(small, np.concatenate([parts.train, parts.validation]))
        prediction = ridge.predict(small.inputs[parts.test])
        expected.append(mean_squared_error(prediction, small.targets[parts.test]))
    assert row == {"parameters": 8, "test_mse": expected}


@pytest.mark.parametrize("kind", KINDS)
def test_a_seed_has_the_same_error_whatever_it_is_stacked_with(small, kind: SplitKind) -> None:
    together = published_row(small, SETTINGS, kind, (1, 4, 6))["test_mse"]
    alone = [published_row(small, SETTINGS, kind, (seed,))["test_mse"][0] for seed in (1, 4, 6)]
    assert together == alone
    assert len(set(together)) == 3
