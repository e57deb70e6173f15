# SPDX-License-Identifier: Apache-2.0
"""Which designs of an exploration no other one equals or beats in every objective."""

from collections.abc import Iterator, Mapping, Sequence
from math import inf

from pulsewright.flow.report.non_dominated import non_dominated
from pulsewright.flow.steps.exploration_result import (
    ExploredDesign,
    ExploredNetwork,
    ExploredVariant,
    Objective,
)
from pulsewright.flow.steps.synthesised import ENGINE

OBJECTIVES: tuple[Objective, ...] = (
    "area",
    "interval_nanosecond",
    "latency_nanosecond",
    "picojoule",
    "error",
)
CURVE_OBJECTIVES: tuple[Objective, ...] = ("curve_nanosecond", "curve_picojoule")
AREAS = ("kilo_gate_equivalents", "luts_with_carries", "dsps", "block_rams")
# Of a variant, where no placement tells the time of a cycle.
CYCLES: dict[Objective, str] = {
    "interval_nanosecond": "initiation_interval",
    "latency_nanosecond": "latency",
    "curve_nanosecond": "curve_cycles",
}

Candidate = tuple[ExploredVariant, ExploredDesign]


def objectives_of(variants: Sequence[ExploredVariant]) -> tuple[Objective, ...]:
    """What these are compared in; in curves too, if some are made for them."""
    for_curves = any(one.incremental or one.curve == "piecewise_linear" for one in variants)
    return (*OBJECTIVES, *(CURVE_OBJECTIVES if for_curves else ()))


def mark_front(
    variants: Sequence[ExploredVariant],
    networks: Mapping[str, ExploredNetwork],
    objectives: Sequence[Objective],
) -> None:
    """Write `on_front` of every design that was measured.

    Engines are compared with engines, and coprocessors with coprocessors only where one has
    reloadable weights, which no engine has alone.
    """
    pairs = [(variant, design) for variant in variants for design in variant.designs]
    engines = [pair for pair in pairs if pair[1].design == ENGINE]
    coprocessors = [pair for pair in pairs if pair[1].design != ENGINE]
    reloadable = any(variant.weights == "reloadable" for variant, _ in coprocessors)
    for kind in (engines, coprocessors if reloadable else []):
        columns = [column for one in objectives for column in _columns(one, kind, networks)]
        fronts = non_dominated(list(zip(*columns, strict=True)))
        for (_, design), is_on in zip(kind, fronts, strict=True):
            design.on_front = is_on


def _columns(
    objective: Objective, pairs: Sequence[Candidate], networks: Mapping[str, ExploredNetwork]
) -> Iterator[list[float]]:
    """What each costs, less being better; several columns of an area that no sum makes one."""
    if objective == "area":
        for resource in AREAS:
            yield _known([getattr(design, resource) for _, design in pairs])
    elif objective == "error":
        yield _known([networks[variant.network].error for variant, _ in pairs])
    else:
        values = [getattr(design, objective) for _, design in pairs]
        if objective in CYCLES and all(one is None for one in values):
            values = [getattr(variant, CYCLES[objective]) for variant, _ in pairs]
        yield _known(values)


def _known(values: Sequence[float | None]) -> list[float]:
    """What nobody has decides nothing; what others have and one has not is as bad as can be."""
    if all(one is None for one in values):
        return [0.0] * len(values)
    return [inf if one is None else float(one) for one in values]
