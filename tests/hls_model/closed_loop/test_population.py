# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from pulsewright.hls_model.closed_loop.logarithm import exp2, log2
from pulsewright.hls_model.closed_loop.population import LARGEST_VALUE, STEP, Population
from tests.history_models import LINEAR_POPULATION, random_population

PLACES = np.arange(100)


def test_a_rise_in_proportion_to_the_octaves() -> None:
    """Entry i is i units of 600, so that a place of u octaves has risen by 4800 u."""
    risen = LINEAR_POPULATION.rise_at(PLACES)
    assert np.abs(risen - 4800 * np.log2(1 + PLACES)).max() < 4
    assert LINEAR_POPULATION.octaves_to(np.array([4800, 9600])).tolist() == [4096, 8192]


@given(st.integers(0, 2**32 - 1))
def test_a_place_is_found_again_by_its_rise(seed: int) -> None:
    population = random_population(seed)
    risen = population.rise_at(PLACES)
    assert (np.diff(risen) >= 0).all()
    octaves = population.octaves_to(risen)
    last = STEP * (len(population.rise) - 1)
    # A unit of rise is at most a whole step of the table.
    assert (octaves <= np.maximum(np.minimum(log2(1 + PLACES), last), 1)).all()
    again = population.rise_at((exp2(octaves) >> 12) - 1)
    assert (again <= risen).all()


def test_beyond_its_ends() -> None:
    last = LINEAR_POPULATION.rise[-1]
    assert LINEAR_POPULATION.rise_at(np.array([0, 10**6])).tolist() == [0, last]
    ends = LINEAR_POPULATION.octaves_to(np.array([-5, 0, last, 2**30]))
    assert ends.tolist() == [1, 1, *[STEP * (len(LINEAR_POPULATION.rise) - 1)] * 2]


@pytest.mark.parametrize(
    "rise", [(1, 2), (0, 3, 3), (0, 5, 4), (0, LARGEST_VALUE + 1), (0,), tuple(range(200))]
)
def test_tables_that_do_not_rise_are_refused(rise: tuple[int, ...]) -> None:
    with pytest.raises(ValidationError):
        Population(rise=rise)
