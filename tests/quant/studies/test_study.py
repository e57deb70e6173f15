# SPDX-License-Identifier: Apache-2.0
import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.quant.studies.grid import Grid
from pulsewright.quant.studies.study import Study


def study(seeds: int, *grids: Grid) -> Study:
    return Study(seeds=tuple(range(seeds)), grids=grids)


def test_many_seeds_are_checked_without_making_all_points() -> None:
    study(30_000, Grid(name="a")).check()
    study(100_000, Grid(name="a")).check()
    with pytest.raises(PulsewrightError, match="100001 configurations, at most 100000 are run"):
        study(100_001, Grid(name="a")).check()
    with pytest.raises(ValueError, match="seed 7 is there twice; leave one out"):
        Study(seeds=(*range(30_000), 7), grids=(Grid(name="a"),))


def test_grids_count_together() -> None:
    grids = [Grid(name=f"g{number}") for number in range(3)]
    study(33_333, *grids).check()
    with pytest.raises(PulsewrightError, match="the grids have 100002 configurations"):
        study(33_334, *grids).check()
    with pytest.raises(PulsewrightError, match="the grids have 100002 configurations"):
        study(33_334, *grids).configurations()


def test_a_contradiction_in_any_network_or_width_is_found() -> None:
    good = Grid(name="a", network=("A1", "A2"), weights=(8, 4), split=("rows", "curves"))
    study(2, good).check()
    faulty = good.model_copy(update={"weights": (8, (4, 4))})
    with pytest.raises(PulsewrightError, match=r"2 weight widths .* for 3 layers"):
        study(2, faulty).check()
