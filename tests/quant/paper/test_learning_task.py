# SPDX-License-Identifier: Apache-2.0
import pickle

import numpy as np
import pytest

from pulsewright.quant.paper.learning_task import own_point, published_point, ridge_point
from pulsewright.quant.paper.protocol import PublishedTraining
from pulsewright.quant.paper.targets import Target
from pulsewright.quant.settings import FloatTraining
from pulsewright.quant.splits import COMMON_KINDS, SplitKind

TRAINING = PublishedTraining(epochs=2).model_dump()


def published(curves, seeds, fraction=0.1, kind=SplitKind.ROWS, target=Target.LEVEL, **changed):
    training = {**TRAINING, **changed}
    return published_point(curves, (6, 8, 1), fraction, kind, target, seeds, training)


def test_a_seed_is_the_same_in_any_stack(small) -> None:
    alone, together = published(small, (3,)), published(small, (0, 3, 42))
    for name in alone:
        assert alone[name][0] == together[name][1]


def test_more_epochs_are_better(small) -> None:
    few, many = (published(small, (0, 1), 1.0, epochs=epochs) for epochs in (1, 30))
    assert max(many["test_mse"]) < min(few["test_mse"])
    assert few["train_rows"] == [3000, 3000]


@pytest.mark.parametrize("target", list(Target))
@pytest.mark.parametrize("kind", COMMON_KINDS)
def test_every_split_and_target(small, kind: SplitKind, target: Target) -> None:
    row = published(small, (0, 1, 2, 3), 0.5, kind, target)
    assert all(np.isfinite(row["test_mse"]))
    assert row["seeds"] == [0, 1, 2, 3]


def test_ridge_uses_the_same_rows(small) -> None:
    row = ridge_point(small, 0.1, SplitKind.ROWS, (0, 1))
    assert row["train_rows"] == published(small, (0, 1))["train_rows"]
    assert max(row["test_mse"]) < 0.02


def test_own_training(small) -> None:
    training = FloatTraining(epochs=8, growth=1).model_dump()
    row = own_point(small, (6, 8, 1), SplitKind.ROWS, (0, 5), training)
    # A tenth of the training rows are for validation.
    assert row["train_rows"] == [2700, 2700]
    assert max(row["test_mse"]) < 0.05
    assert row["r_squared"][0] > 0.5


def test_tasks_can_be_sent_to_workers(small) -> None:
    for work in (published_point, ridge_point, own_point):
        assert pickle.loads(pickle.dumps(work)) is work
    assert np.array_equal(pickle.loads(pickle.dumps(small)).inputs, small.inputs)
