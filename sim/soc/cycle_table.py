# SPDX-License-Identifier: Apache-2.0
"""What the program `cycles` measured: the best of each method over the compiler's settings."""

from collections.abc import Mapping
from typing import NamedTuple

from pulsewright.sim.soc.run import ProgramRun

SOFTWARE = "software_"
CURVE = "curve_"
CURVE_SOFTWARE = "curve_software_"


class MethodCycles(NamedTuple):
    """Mean clock cycles of one inference by a method, and the compiler's setting that gave them.

    accesses: mean 32-bit accesses of RAM, instruction fetches and data together. mismatches: rows
    whose result is not that of the integer model.
    """

    method: str
    cycles: float
    accesses: float
    optimisation: str
    rows: int
    mismatches: int


def best_methods(runs: Mapping[str, ProgramRun]) -> dict[str, MethodCycles]:
    """Every method with the setting in which it takes the fewest cycles."""
    best: dict[str, MethodCycles] = {}
    for optimisation, run in runs.items():
        for name, fields in run.measures.items():
            if not {"cycles", "accesses", "rows", "mismatches"} <= fields.keys():
                continue
            found = MethodCycles(
                name,
                fields["cycles"] / fields["rows"],
                fields["accesses"] / fields["rows"],
                optimisation,
                fields["rows"],
                fields["mismatches"],
            )
            if name not in best or found.cycles < best[name].cycles:
                best[name] = found
    return best


def has_software(methods: Mapping[str, MethodCycles]) -> bool:
    """True if a row was inferred without the coprocessor; behind windows none is."""
    return any(name.startswith(SOFTWARE) for name in methods)


def best_software(methods: Mapping[str, MethodCycles]) -> MethodCycles:
    """The fastest way to infer one row without the coprocessor, if there is one."""
    return _fastest(methods, SOFTWARE)


def best_curve_software(methods: Mapping[str, MethodCycles]) -> MethodCycles | None:
    """The fastest way to a pulse of a curve without the coprocessor; None without curves."""
    if not any(name.startswith(CURVE_SOFTWARE) for name in methods):
        return None
    return _fastest(methods, CURVE_SOFTWARE)


def _fastest(methods: Mapping[str, MethodCycles], prefix: str) -> MethodCycles:
    candidates = [one for name, one in methods.items() if name.startswith(prefix)]
    return min(candidates, key=lambda one: one.cycles)
