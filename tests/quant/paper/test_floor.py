# SPDX-License-Identifier: Apache-2.0
import numpy as np

from pulsewright.quant.datasets.pulse_curves import PulseCurves
from pulsewright.quant.metrics import mean_squared_error
from pulsewright.quant.paper.floor import irreducible_floor, most_frequent_set
from pulsewright.quant.paper.targets import Target

PULSES = 5
RISE = np.linspace(0, 1, PULSES)


def curves_of(shapes: list[list[float]], sets: list[int]) -> PulseCurves:
    parameters = np.tile([2.0, 0.0, 0.1, 0.1, 0.1], (len(sets), 1))
    parameters[:, 0] += 0.1 * np.array(sets)
    return PulseCurves(parameters, np.array(shapes))


def test_two_equal_sets_and_a_single_one() -> None:
    # Two curves of one set differ by 0.4 at one of five pulses; the third is of its own set.
    other = RISE.copy()
    other[2] += 0.4
    curves = curves_of([list(RISE), list(other), list(RISE**2)], [0, 0, 1])
    floor = irreducible_floor(curves)
    # Each is 0.2 from the mean at one of 5 pulses; 2 of 3 curves.
    assert np.isclose(floor.any_function, 0.2**2 / 5 * 2 / 3)
    # One degree of freedom for two curves.
    assert np.isclose(floor.new_curve, 2 * 0.2**2 / 5 * 2 / 3)
    assert (floor.repeated_sets, floor.repeated_curves, floor.curves) == (1, 2, 3)
    second = np.diff(RISE**2, n=2)
    assert np.isclose(floor.read_noise, (second**2).mean() / 6 / 3)


def test_no_function_of_the_inputs_is_below(synthetic) -> None:
    floor = irreducible_floor(synthetic)
    generator = np.random.default_rng(0)
    sets = int(synthetic.parameter_set.max()) + 1
    best = np.zeros((sets, synthetic.pulses))
    levels = synthetic.targets.reshape(-1, synthetic.pulses)
    for number in range(sets):
        best[number] = levels[synthetic.parameter_set == number].mean(axis=0)
    prediction = best[synthetic.parameter_set].reshape(-1)
    assert np.isclose(mean_squared_error(prediction, synthetic.targets), floor.any_function)
    for scale in (1e-3, 1e-2):
        changed = best + scale * generator.standard_normal(best.shape)
        prediction = changed[synthetic.parameter_set].reshape(-1)
        assert mean_squared_error(prediction, synthetic.targets) > floor.any_function
    assert floor.new_curve > floor.any_function > 0


def test_increments_have_their_own_floor(synthetic) -> None:
    level, increment = (irreducible_floor(synthetic, target) for target in Target)
    assert 0 < increment.any_function < level.any_function
    # Independent noise of two reads.
    assert increment.read_noise == 2 * level.read_noise


def test_all_sets_different_and_one_curve() -> None:
    curves = curves_of([list(RISE), list(RISE**2)], [0, 1])
    assert irreducible_floor(curves)[:2] == (0.0, 0.0)
    one = irreducible_floor(curves_of([list(RISE)], [0]))
    assert (one.any_function, one.any_function_se, one.repeated_sets) == (0.0, 0.0, 0)


def test_most_frequent_set(synthetic) -> None:
    assert most_frequent_set(synthetic).sum() == 148
    assert len(np.unique(synthetic.parameters[most_frequent_set(synthetic)], axis=0)) == 1


def test_on_measured_curves(measured_curves) -> None:
    floor = irreducible_floor(measured_curves)
    assert (floor.repeated_sets, floor.repeated_curves, floor.curves) == (23, 200, 266)
    assert 0.0034 < floor.any_function < 0.0036
