# SPDX-License-Identifier: Apache-2.0
from pulsewright.flow.exploration.front import objectives_of
from pulsewright.flow.steps.exploration_result import Exploration
from tests.flow.exploration.explored import design, exploration, network, on_fpga, variant


def marks(found: Exploration) -> list[bool | None]:
    return [one.on_front for variant in found.variants for one in variant.designs]


def test_what_is_as_large_and_slower_is_on_no_front() -> None:
    found = exploration(
        variant("small", design(2, 40)),
        variant("large", design(6, 8)),
        variant("slow", design(6, 10)),
    )
    assert marks(found) == [True, True, False]


def test_a_smaller_test_error_is_an_objective() -> None:
    found = exploration(
        variant("exact", design(6, 8), network="exact"),
        variant("coarse", design(6, 8), network="coarse"),
        variant("small", design(2, 8), network="coarse"),
        exact=network(0.01),
        coarse=network(0.02),
    )
    assert marks(found) == [True, False, True]
    assert found.objectives[-1] == "error"


def test_no_sum_is_made_of_cells_of_different_kinds() -> None:
    found = exploration(
        variant("with DSP", on_fpga(100, dsps=2)),
        variant("without", on_fpga(300)),
        variant("larger", on_fpga(300, dsps=1)),
        is_cells=False,
    )
    assert marks(found) == [True, True, False]


def test_what_was_not_placed_is_slower_than_what_was() -> None:
    placed, unplaced = variant("placed", on_fpga(9)), variant("too large", on_fpga(9, 0, None))
    assert marks(exploration(placed, unplaced, is_cells=False)) == [True, False]


def test_without_placements_cycles_tell_the_time() -> None:
    slow = variant("slow", on_fpga(9, 0, None), initiation_interval=8)
    fast = variant("fast", on_fpga(9, 0, None), initiation_interval=1)
    assert marks(exploration(slow, fast, is_cells=False)) == [False, True]


def test_coprocessors_have_a_front_where_one_has_no_engine_alone() -> None:
    engine, coprocessor = design(2, 9), design(9, 9, design="obi")
    alone = variant("constant", engine, coprocessor)
    assert marks(exploration(alone)) == [True, None]
    reloadable = variant("reloadable", design(8, 9, design="obi"), weights="reloadable")
    assert marks(exploration(alone, reloadable)) == [True, False, True]


def test_engines_for_curves_are_compared_along_curves_too() -> None:
    plain = variant("plain", design(2, 8, curve_nanosecond=900))
    other = variant("incremental", design(3, 8, curve_nanosecond=200), incremental=True)
    assert marks(exploration(plain, other)) == [True, True]
    assert "curve_nanosecond" not in objectives_of([plain])
