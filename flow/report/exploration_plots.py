# SPDX-License-Identifier: Apache-2.0
"""Pictures of an exploration: pairs of figures that people weigh, each with its own front."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from pulsewright.flow.report.log_ticks import logarithmic
from pulsewright.flow.report.non_dominated import non_dominated
from pulsewright.flow.report.placed_labels import place_labels
from pulsewright.flow.steps.exploration_result import (
    Exploration,
    ExploredDesign,
    ExploredPeer,
    ExploredVariant,
)
from pulsewright.flow.steps.synthesised import ENGINE
from pulsewright.hls_model.escape.plots import plot_text
from pulsewright.hls_model.files.atomic_write import atomic_path


class PlottedPoint(NamedTuple):
    """x, y: in the units of the axes. label: beside the point. series: what has one colour.

    recipe: file of a variant on the front; else empty.
    """

    x: float
    y: float
    label: str
    series: str
    recipe: str = ""


Value = Callable[[Exploration, ExploredVariant, ExploredDesign], float | None]
PeerValue = Callable[[ExploredPeer], float | None]


@dataclass(frozen=True)
class PlottedPair:
    """Two figures over each other.

    peer_x, peer_y: the same of designs of others; None where they have none. more_is_better: of x;
    of y less is better always. unless: a pair that says more, beside which this one is not drawn.
    """

    name: str
    x: Value
    x_label: str
    y: Value
    y_label: str
    peer_x: PeerValue | None = None
    peer_y: PeerValue | None = None
    more_is_better: bool = False
    unless: str = ""


def _area(found: Exploration, variant: ExploredVariant, design: ExploredDesign) -> float | None:
    luts = design.luts_with_carries
    return design.kilo_gate_equivalents if found.is_cells else None if luts is None else float(luts)


def _rate(found: Exploration, variant: ExploredVariant, design: ExploredDesign) -> float | None:
    interval = design.interval_nanosecond
    return None if interval is None else 1000 / interval


def _latency(found: Exploration, variant: ExploredVariant, design: ExploredDesign) -> float | None:
    return design.latency_nanosecond


def _energy(found: Exploration, variant: ExploredVariant, design: ExploredDesign) -> float | None:
    return design.picojoule


def _error(found: Exploration, variant: ExploredVariant, design: ExploredDesign) -> float | None:
    return found.networks[variant.network].error


def _cycles(found: Exploration, variant: ExploredVariant, design: ExploredDesign) -> float | None:
    return variant.initiation_interval


def _peer_area(peer: ExploredPeer) -> float | None:
    gates = peer.kilo_gate_equivalents
    return peer.luts_with_carries if gates is None else gates


def _peer_rate(peer: ExploredPeer) -> float | None:
    return None if peer.megahertz is None else peer.megahertz / peer.initiation_interval


def _peer_latency(peer: ExploredPeer) -> float | None:
    if peer.megahertz is None or peer.latency is None:
        return None
    return 1000 * peer.latency / peer.megahertz


def _peer_cycles(peer: ExploredPeer) -> float | None:
    return peer.initiation_interval


AREA, RATE = "area", "million inferences a second"
LATENCY, ENERGY, ERROR = "latency, ns", "pJ an inference, random rows", "test error"
CYCLES = "clock cycles from one inference to the next"
PAIRS = (
    PlottedPair("area_rate", _rate, RATE, _area, AREA, _peer_rate, _peer_area, more_is_better=True),
    PlottedPair(
        "area_cycles",
        _cycles,
        CYCLES,
        _area,
        AREA,
        _peer_cycles,
        _peer_area,
        unless="area_rate",
    ),
    PlottedPair("area_latency", _latency, LATENCY, _area, AREA, _peer_latency, _peer_area),
    PlottedPair("energy_error", _error, ERROR, _energy, ENERGY),
    PlottedPair("area_error", _error, ERROR, _area, AREA),
)


def points_of(found: Exploration, pair: PlottedPair) -> list[PlottedPoint]:
    """What is known of both figures; none if all have the same x, which no picture is needed for.

    Of engines; of a variant with reloadable weights, which has none alone, of its coprocessor.
    """
    points = [
        PlottedPoint(x, y, _label(variant), _series(found, variant, design), variant.recipe)
        for variant, design in _drawn(found)
        if (x := pair.x(found, variant, design)) is not None
        and (y := pair.y(found, variant, design)) is not None
    ]
    is_same = len({point.x for point in points}) == 1 and len(points) > 1
    return [] if is_same else points


def peer_points(found: Exploration, pair: PlottedPair) -> list[PlottedPoint]:
    """Designs of others of which both figures are known."""
    if pair.peer_x is None or pair.peer_y is None:
        return []
    return [
        PlottedPoint(x, y, one.name, f"others, {one.kind}")
        for one in found.peers
        if (x := pair.peer_x(one)) is not None and (y := pair.peer_y(one)) is not None
    ]


def _drawn(found: Exploration) -> Iterator[tuple[ExploredVariant, ExploredDesign]]:
    for variant in found.variants:
        for design in variant.designs:
            if design.design == ENGINE or variant.weights == "reloadable":
                yield variant, design


def _label(variant: ExploredVariant) -> str:
    _, _, engine = variant.name.rpartition(": ")
    return engine.replace(" multipliers", "")


def _series(found: Exploration, variant: ExploredVariant, design: ExploredDesign) -> str:
    alone = "" if design.design == ENGINE else f", with {design.design}"
    return f"{variant.network}{alone}"


def front_of(points: Sequence[PlottedPoint], pair: PlottedPair) -> list[PlottedPoint]:
    """Those that none equals or beats in both figures, by x."""
    sign = -1.0 if pair.more_is_better else 1.0
    marks = non_dominated([(sign * point.x, point.y) for point in points])
    return sorted(point for point, is_on in zip(points, marks, strict=True) if is_on)


def drawn_pairs(found: Exploration) -> list[tuple[PlottedPair, list[PlottedPoint]]]:
    """Every pair of which something is known, with its points."""
    drawn: dict[str, tuple[PlottedPair, list[PlottedPoint]]] = {}
    for pair in PAIRS:
        points = [] if pair.unless in drawn else points_of(found, pair)
        if points:
            drawn[pair.name] = pair, points
    return list(drawn.values())


def y_label(found: Exploration, pair: PlottedPair) -> str:
    """Of the axis; areas by what the target has."""
    area = "kGE" if found.is_cells else "LUT, carry cells included"
    return area if pair.y_label == AREA else pair.y_label


def plot_exploration(found: Exploration, folder: Path) -> dict[str, Path]:
    """Draw every pair of which something is known, as PNG in `folder`; the files by name."""
    for pair in PAIRS:
        (folder / f"{pair.name}.png").unlink(missing_ok=True)
    pictures = {}
    for pair, points in drawn_pairs(found):
        pictures[pair.name] = folder / f"{pair.name}.png"
        _plot(found, pair, points, pictures[pair.name])
    return pictures


def _plot(
    found: Exploration, pair: PlottedPair, points: Sequence[PlottedPoint], target: Path
) -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, axis = plt.subplots(figsize=(8, 5))
    # Names need room at the ends.
    axis.margins(0.12)
    for series in dict.fromkeys(point.series for point in points):
        ours = [point for point in points if point.series == series]
        axis.plot(
            [one.x for one in ours], [one.y for one in ours], "o", ms=5, label=plot_text(series)
        )
    others = peer_points(found, pair)
    for series in dict.fromkeys(point.series for point in others):
        theirs = [point for point in others if point.series == series]
        axis.plot(
            [one.x for one in theirs], [one.y for one in theirs], "kx", ms=6, label=series, zorder=3
        )
    front = front_of(points, pair)
    _draw_front(axis, front, pair)
    logarithmic(axis)
    axis.set_xlabel(pair.x_label)
    axis.set_ylabel(y_label(found, pair))
    axis.set_title(plot_text(f"{found.recipe} on {found.title}"), fontsize=10)
    axis.grid(visible=True, which="both", alpha=0.3)
    axis.legend(fontsize=8)
    figure.tight_layout()
    labelled = [*front, *others, *(one for one in points if one not in front)]
    place_labels(axis, [(one.x, one.y, plot_text(one.label)) for one in labelled])
    with atomic_path(target) as temporary:
        figure.savefig(temporary, format="png", dpi=120)
    plt.close(figure)


def _draw_front(axis: Any, front: Sequence[PlottedPoint], pair: PlottedPair) -> None:
    """A line of steps: what is between two of its corners is reached by one of them."""
    where = "pre" if pair.more_is_better else "post"
    axis.step(
        [one.x for one in front],
        [one.y for one in front],
        where=where,
        color="0.4",
        linewidth=1,
        label="front",
        zorder=1,
    )
