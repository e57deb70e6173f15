# SPDX-License-Identifier: Apache-2.0
"""The trainings of a reproduction as tasks of a sweep, and the names of their rows."""

from enum import StrEnum
from typing import NamedTuple

from pulsewright.flow.reproduce.settings import ReproductionSettings
from pulsewright.hls_model.presets import preset_sizes
from pulsewright.quant.paper.targets import Target
from pulsewright.quant.splits import COMMON_KINDS, SplitKind
from pulsewright.quant.studies.row_shape import LearningCurveRowShape, has_entries
from pulsewright.quant.studies.sweep import Task


class Protocol(StrEnum):
    """PUBLISHED: as the published code. OWN: as the project. RIDGE: the ridge regression."""

    PUBLISHED = "published"
    OWN = "own"
    RIDGE = "ridge"


RIDGE_NAME = "ridge"


class Point(NamedTuple):
    """One point of a learning curve. model: a preset's name, or "ridge"."""

    protocol: Protocol
    kind: SplitKind
    target: Target
    model: str
    fraction: float

    @property
    def key(self) -> str:
        """Name of the row, `published/rows/level/A1/0.001`."""
        return "/".join((*self[:4], f"{self.fraction:g}"))


def points(settings: ReproductionSettings) -> list[Point]:
    """All points, each once; the longest trainings first, so that no worker idles at the end."""
    listed = []
    for kind in COMMON_KINDS:
        rows = kind is SplitKind.ROWS
        for target, fractions in (
            (Target.LEVEL, settings.level_rows if rows else settings.level_unseen),
            (Target.INCREMENT, settings.increment_rows if rows else settings.increment_unseen),
        ):
            listed += [
                Point(Protocol.PUBLISHED, kind, target, network, fraction)
                for network in settings.networks
                for fraction in fractions
            ]
        listed += [
            Point(Protocol.RIDGE, kind, Target.LEVEL, RIDGE_NAME, fraction)
            for fraction in settings.level_rows
        ]
        listed += [
            Point(Protocol.OWN, kind, Target.LEVEL, network, 1.0)
            for network in settings.own_networks
        ]
    return sorted(dict.fromkeys(listed), key=_cost, reverse=True)


def tasks(settings: ReproductionSettings) -> list[Task]:
    """The tasks of `points`; each takes the curves as the shared argument `curves`."""
    return [_task(point, settings) for point in points(settings)]


def _task(point: Point, settings: ReproductionSettings) -> Task:
    # Torch takes seconds to import, which a run that finds all rows done should not wait for.
    from pulsewright.quant.paper.learning_task import own_point, published_point, ridge_point

    if point.protocol is Protocol.RIDGE:
        return Task(
            point.key,
            ridge_point,
            {"fraction": point.fraction, "kind": point.kind, "seeds": settings.seeds},
            has_entries(LearningCurveRowShape, len(settings.seeds)),
        )
    sizes = preset_sizes(point.model)
    if point.protocol is Protocol.OWN:
        return Task(
            point.key,
            own_point,
            {
                "sizes": sizes,
                "kind": point.kind,
                "seeds": settings.own_seeds,
                "training": settings.own_training(point.kind).model_dump(),
            },
            has_entries(LearningCurveRowShape, len(settings.own_seeds)),
        )
    return Task(
        point.key,
        published_point,
        {
            "sizes": sizes,
            "fraction": point.fraction,
            "kind": point.kind,
            "target": point.target,
            "seeds": settings.seeds,
            "training": settings.published.model_dump(),
        },
        has_entries(LearningCurveRowShape, len(settings.seeds)),
    )


def _cost(point: Point) -> float:
    """Roughly the training time, in units of A1 by the published protocol on all rows."""
    if point.protocol is Protocol.RIDGE:
        return 0.0
    hidden = len(preset_sizes(point.model)) - 2
    return point.fraction * hidden * (0.4 if point.protocol is Protocol.OWN else 1.0)
