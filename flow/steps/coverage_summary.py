# SPDX-License-Identifier: Apache-2.0
"""What benches reached of one design or of several: points by part, and the holes."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import reduce
from hashlib import sha256
from itertools import groupby
from operator import add
from typing import NamedTuple

from pulsewright.flow.steps.coverage_result import FunctionalPoint, Hole, Reached
from pulsewright.flow.steps.mutation_result import BenchKind
from pulsewright.sim.coverage.points import Counts, Point, PointKind
from pulsewright.synth.coverage.constant_bits import Bit
from pulsewright.synth.mutants.mutant import Part, part_of

_MODULE = re.compile(r"^module (\w+)\b")


class MeasuredDesign(NamedTuple):
    """What benches reached of one coprocessor.

    verilog: its lines, from module `top`. counts: of the design's own points, by bench. constant:
    bits of it that no bench can move. functional: hits of each bin, by cover point.
    """

    top: str
    verilog: Sequence[str]
    counts: Mapping[BenchKind, Counts]
    constant: frozenset[Bit]
    functional: Mapping[str, Mapping[str, int]]


class Summary(NamedTuple):
    """Parts of a `CoverageResult`."""

    reached: tuple[Reached, ...]
    holes: tuple[Hole, ...]
    functional: tuple[FunctionalPoint, ...]


class _Place(NamedTuple):
    """A module's name, and its first line from 1, where it was first met."""

    module: str
    line: int


def of_design(counts: Counts, top: str) -> Counts:
    """Without the points of the bench itself."""
    return Counter({point: counts[point] for point in counts if _is_of(point, top)})


def summary(designs: Sequence[MeasuredDesign]) -> Summary:
    """Of one or more designs, whose recipes have different names.

    Modules with the same text but for the names of modules count once, wherever they are: what one
    design reached of them is reached. A bit is constant if it is so in each of these.
    """
    counts: dict[BenchKind, Counts] = {}
    constant: dict[Bit, bool] = {}
    statements: dict[Point, str] = {}
    functional: dict[str, Counter[str]] = {}
    first: dict[str, _Place] = {}
    for design in designs:
        places = _places(design, first)
        # Yosys names a module with parameters anew; those are memories, which are not counted.
        fixed = {
            (places[module][1].module, *bit) for module, *bit in design.constant if module in places
        }
        for bench, found in design.counts.items():
            own = counts.setdefault(bench, Counter())
            for point, hits in found.items():
                here, there = places[point.module]
                moved = point._replace(
                    module=there.module, line=point.line - here.line + there.line
                )
                own[moved] += hits
                statements.setdefault(moved, design.verilog[point.line - 1])
                if moved.bit is not None:
                    bit = (moved.module, *moved.bit)
                    constant[bit] = constant.get(bit, True) and bit in fixed
        for name, hits_by_bin in design.functional.items():
            functional.setdefault(name, Counter()).update(hits_by_bin)
    return Summary(
        *_reached_and_left(counts, frozenset(bit for bit in constant if constant[bit]), statements),
        tuple(FunctionalPoint(name=name, hits=dict(hits)) for name, hits in functional.items()),
    )


def _places(design: MeasuredDesign, first: dict[str, _Place]) -> dict[str, tuple[_Place, _Place]]:
    """Where each module of the design stands, and where its like was first met (`first`)."""
    starts = [
        _Place(found[1], number)
        for number, line in enumerate(design.verilog, start=1)
        if (found := _MODULE.match(line))
    ]
    ends = [place.line - 1 for place in starts[1:]] + [len(design.verilog)]
    places = {}
    for place, end in zip(starts, ends, strict=True):
        text = "\n".join(_code(design.verilog[place.line - 1 : end], design.top))
        digest = sha256(text.encode()).hexdigest()
        places[place.module] = (place, first.setdefault(digest, place))
    return places


def _code(lines: Sequence[str], top: str) -> Iterator[str]:
    """A module up to its end, without the name of the design that it is part of."""
    for line in lines:
        yield line.replace(top, "")
        if line.startswith("endmodule"):
            return


def _reached_and_left(
    counts: Mapping[BenchKind, Counts],
    constant: frozenset[Bit],
    statements: Mapping[Point, str],
) -> tuple[tuple[Reached, ...], tuple[Hole, ...]]:
    together: Counts = reduce(add, map(_seen, counts.values()), Counter())
    points = {point for one in counts.values() for point in one}
    parts = {point: _part(point, statements[point]) for point in points}
    fixed = {point for point in points if _is_constant(point, constant)}
    reached = []
    for part in Part:
        for kind in PointKind:
            chosen = {one for one in points if parts[one] is part and one.kind is kind}
            if chosen:
                found = {bench: len(chosen & _seen(one).keys()) for bench, one in counts.items()}
                by_any = chosen & together.keys()
                reached.append(
                    Reached(
                        part=part,
                        kind=kind,
                        points=len(chosen),
                        constant=len((chosen & fixed) - by_any),
                        by=found,
                        by_any=len(by_any),
                    )
                )
    left = points - fixed - together.keys()
    return tuple(reached), tuple(_holes(left, parts, statements))


def _is_of(point: Point, top: str) -> bool:
    return point.module == top or point.module.startswith((f"{top}_coprocessor", f"{top}_attach"))


def _seen(counts: Counts) -> Counts:
    """Those that were come to."""
    return +counts


def _is_constant(point: Point, constant: frozenset[Bit]) -> bool:
    return point.bit is not None and (point.module, *point.bit) in constant


def _part(point: Point, statement: str) -> Part:
    return part_of(point.module, point.bit[0] if point.bit else None, [statement])


def spans(numbers: Sequence[int]) -> str:
    """Ascending numbers in few words: `3, 8 to 31`."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]} to {run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs)


def _holes(
    points: Iterable[Point], parts: Mapping[Point, Part], statements: Mapping[Point, str]
) -> Iterator[Hole]:
    """Those of one signal are one."""

    def place(point: Point) -> tuple[str, int, str, str]:
        what = point.bit[0] if point.bit else point.what
        return point.module, point.line, point.kind.value, what

    by_line = sorted(points, key=lambda point: (point.line, *place(point)))
    for (module, line, _, what), group in groupby(by_line, key=place):
        found = list(group)
        first = found[0]
        bits = sorted({point.bit[1] for point in found if point.bit})
        if bits:
            what += f", bit {spans(bits)}"
        yield Hole(
            part=parts[first],
            kind=first.kind,
            module=module,
            line=line,
            what=what,
            statement=statements[first].strip(),
            points=len(found),
        )
