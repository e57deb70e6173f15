# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.quant.closed_loop.instrument import (
    RereadDevices,
    full_scale_step,
    judged_by_device,
)
from pulsewright.quant.closed_loop.trials import MeasuredDevices, Outcome, make_trials
from pulsewright.quant.datasets.synthetic import synthetic_curves

CURVES = synthetic_curves(0, curves=20)
MEASURED = MeasuredDevices(CURVES)
TRIALS = make_trials(MEASURED, MEASURED.learnable)


def test_steps_of_one_change_nothing() -> None:
    same = RereadDevices(CURVES)
    assert np.array_equal(same.reads, MEASURED.reads)
    assert np.array_equal(same.resolution, MEASURED.resolution)


def test_reads_are_rounded_to_steps() -> None:
    found = RereadDevices(CURVES, step=30_000)
    assert (found.reads % 30_000 == 0).all()
    assert np.abs(found.reads - MEASURED.reads).max() <= 15_000
    assert (found.resolution == 30_000).all()


def test_noise_is_relative_and_drawn_by_the_seed() -> None:
    found = RereadDevices(CURVES, added_noise=0.02, seed=1)
    ratio = found.reads / MEASURED.reads - 1
    assert ratio.std() == pytest.approx(0.02, rel=0.1)
    assert np.array_equal(found.reads, RereadDevices(CURVES, added_noise=0.02, seed=1).reads)
    assert (found.reads != RereadDevices(CURVES, added_noise=0.02, seed=2).reads).any()


@pytest.mark.parametrize("bits", [8, 12, 31])
def test_the_range_holds_the_largest_read(bits: int) -> None:
    step = full_scale_step(MEASURED, TRIALS, bits)
    largest = MEASURED.reads[np.unique(TRIALS.curve)].max()
    assert step * (2**bits - 1) >= largest
    assert step == 1 or (step - 1) * (2**bits - 1) < largest


def test_judges_see_the_device() -> None:
    pulses = np.full_like(TRIALS.curve, 7)
    outcome = Outcome(pulses, pulses, 0 * pulses)
    found = judged_by_device(MEASURED, TRIALS, outcome)
    smooth = MEASURED.quality.smooth[TRIALS.curve, 7] * 1e12
    assert np.abs(found.current - smooth).max() <= 0.5
    assert np.array_equal(found.reads, outcome.reads)


@pytest.mark.parametrize(("step", "noise"), [(0, 0.0), (1, -0.1), (1, 1.5)])
def test_bad_instruments_are_refused(step: int, noise: float) -> None:
    with pytest.raises(PulsewrightError, match="give 1 pA or more, and a share of 0 to 1"):
        RereadDevices(CURVES, step, noise)
