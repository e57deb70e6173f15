# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from pulsewright.hls_model.closed_loop.history import history_map
from pulsewright.hls_model.closed_loop.rule import check_history_network
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.quant.closed_loop.controllers import blind_families, history_family
from pulsewright.quant.closed_loop.fold_task import fold_row
from pulsewright.quant.closed_loop.network import codes, train_history_network
from pulsewright.quant.closed_loop.settings import HistoryTraining
from pulsewright.quant.closed_loop.trials import MeasuredDevices, make_trials, run_trials
from pulsewright.quant.closed_loop.tuples import draw_tuples
from pulsewright.quant.datasets.pulse_curves import PulseCurves
from pulsewright.quant.datasets.synthetic import synthetic_curves
from pulsewright.quant.quantised.brevitas_comparison import compare_with_brevitas
from pulsewright.quant.settings import FloatTraining, QuantisedTraining, Refinement

DEVICES = MeasuredDevices(synthetic_curves(0, curves=60))
LEARNABLE = np.flatnonzero(DEVICES.learnable)
TRAINING = HistoryTraining(
    hidden=(8,),
    tuples=120,
    float_training=FloatTraining(epochs=8, batch_size=256, learning_rate=0.02, growth=1.0),
    quantised=QuantisedTraining(epochs=3, batch_size=256, refinement=Refinement.NONE),
)


TOLD: list[tuple[str, int, int]] = []


@pytest.fixture(scope="module")
def trained():
    return train_history_network(
        DEVICES, LEARNABLE[5:], TRAINING, "history", lambda *told: TOLD.append(told)
    )


def test_both_trainings_tell_how_far_they_are(trained) -> None:
    for step in ("float training", "quantisation-aware training"):
        done = [(done, total) for name, done, total in TOLD if name == step]
        assert len(done) > 1
        assert done == sorted(done)
        assert done[-1][0] == done[-1][1]


def test_a_curve_straight_in_log_needs_no_correction() -> None:
    """1 uA at N = 0, and 0.4 uA more an octave of 1 + N."""
    straight = 1e-6 + 4e-7 * np.log2(1 + np.arange(100))
    devices = MeasuredDevices(PulseCurves(DEVICES.curves.parameters[:1], straight[None]))
    drawn = draw_tuples(devices, np.array([0]), 2000, seed=0)
    known = drawn.inputs[:, 6] == 1
    assert known.sum() > 1000
    # Ways below 0.03 octaves, and levels within a thousandth, are taken as these.
    assert np.quantile(np.abs(drawn.correction[known]), 0.9) < 0.02
    # Before there is a slope, the usual one stands for it: 0.4 octaves are said by the network.
    expected = np.log2(0.208 / 0.4)
    assert np.median(drawn.correction[~known]) == pytest.approx(expected, abs=0.01)


def test_tuples_are_drawn_by_the_seed() -> None:
    drawn = draw_tuples(DEVICES, LEARNABLE, 50, seed=0)
    rows = len(drawn.correction)
    assert drawn.inputs.shape == (rows, 13)
    assert set(drawn.curve.tolist()) <= set(LEARNABLE.tolist())
    assert rows > 30 * len(LEARNABLE)
    again = draw_tuples(DEVICES, LEARNABLE, 50, seed=0)
    assert np.array_equal(again.inputs, drawn.inputs)
    assert np.array_equal(again.correction, drawn.correction)


def test_integers_are_those_of_brevitas(trained) -> None:
    check_history_network(trained.model)
    drawn = draw_tuples(DEVICES, LEARNABLE[:5], 200, seed=3)
    compared = compare_with_brevitas(
        trained.network, trained.model, codes(trained.model.input_map, drawn.inputs)
    )
    assert (compared.rows, compared.mismatches) == (len(drawn.correction), 0)


def test_quantiles_cover_what_they_should(trained) -> None:
    """On curves that were not trained on; the bounds are wide, since five curves are few."""
    drawn = draw_tuples(DEVICES, LEARNABLE[:5], 200, seed=3)
    outputs = trained.model.infer(codes(trained.model.input_map, drawn.inputs))
    below = (drawn.correction[:, None] < outputs * trained.model.output_format.step).mean(axis=0)
    assert below[0] < 0.2
    assert 0.25 < below[1] < 0.75


def test_it_needs_fewer_reads_than_single_pulses(trained) -> None:
    chosen = np.zeros(60, dtype=bool)
    chosen[LEARNABLE[:5]] = True
    trials = make_trials(DEVICES, chosen)
    family = history_family({0: trained.model}, np.zeros(60, dtype=np.int64))
    network = run_trials(DEVICES, trials, family.members[family.usual])
    for blind in blind_families():
        assert blind.usual in blind.members
        outcomes = [run_trials(DEVICES, trials, one) for one in blind.members.values()]
        if blind.name == "single":
            assert network.reads.mean() < 0.5 * outcomes[0].reads.mean()


def test_the_row_of_a_fold_is_its_model(trained) -> None:
    fold = [0] * 60
    for curve in LEARNABLE[:5]:
        fold[curve] = 1
    row = fold_row(DEVICES.curves, fold, 1, TRAINING.model_dump(mode="json"))
    text = trained.model.model_copy(update={"name": "history_1"}).to_json()
    assert row["model"] == text


def test_the_map_is_that_of_all_curves(trained) -> None:
    assert trained.model.input_map == history_map(
        DEVICES.setting, DEVICES.curves.pulses, TRAINING.bits.code_format
    )


def test_one_curve_is_refused() -> None:
    with pytest.raises(PulsewrightError, match="1 curves to learn histories from"):
        train_history_network(DEVICES, LEARNABLE[:1], TRAINING, "history")
