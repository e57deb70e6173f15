# SPDX-License-Identifier: Apache-2.0
import pytest

from pulsewright.quant.float_network.stages import Stage, stages
from pulsewright.quant.settings import FloatTraining


def test_a1() -> None:
    settings = FloatTraining(epochs=240, learning_rate=0.03)
    assert stages((6, 64, 1), settings) == [
        Stage((6, 256, 1), 60, 0.03),
        Stage((6, 128, 1), 60, pytest.approx(0.01)),
        Stage((6, 64, 1), 120, pytest.approx(0.01)),
    ]


@pytest.mark.parametrize("sizes", [(6, 64, 64, 1), (6, 64, 64, 64, 1), (6, 1)])
def test_one_stage_where_nothing_can_grow(sizes) -> None:
    assert stages(sizes, FloatTraining()) == [Stage(sizes, FloatTraining().epochs, 0.03)]


def test_growth_is_halved_until_the_start_is_small_enough() -> None:
    first, second, third = stages((6, 32, 32, 1), FloatTraining())
    assert (first.sizes, second.sizes) == ((6, 64, 64, 1), (6, 45, 45, 1))
    assert third.sizes == (6, 32, 32, 1)


def test_no_growth() -> None:
    assert len(stages((6, 8, 1), FloatTraining(growth=1))) == 1


@pytest.mark.parametrize("epochs", [1, 2, 3, 5, 8, 241])
def test_epochs_of_all_stages_add_up(epochs: int) -> None:
    parts = stages((6, 8, 1), FloatTraining(epochs=epochs))
    assert sum(stage.epochs for stage in parts) == epochs
    assert parts[-1].epochs > 0
