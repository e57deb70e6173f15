# SPDX-License-Identifier: Apache-2.0
"""A study: its grids, its settings, and the order of its work; free of Torch."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.quant.datasets.pulse_curves import PulseCurves
from pulsewright.quant.progress import StepProgress
from pulsewright.quant.splits import SplitKind
from pulsewright.quant.studies.cluster import ClusterOptions
from pulsewright.quant.studies.configuration import Configuration, FloatConfiguration
from pulsewright.quant.studies.grid import MOST_CONFIGURATIONS, Grid
from pulsewright.quant.studies.journal import Journal, Row
from pulsewright.quant.studies.row_shape import (
    ConfigurationRowShape,
    FloatRowShape,
    PublishedRowShape,
    RidgeRowShape,
    has_entries,
    has_shape,
)
from pulsewright.quant.studies.settings import StudySettings
from pulsewright.quant.studies.sweep import ERROR, Task, run_sweep


class Study(BaseModel):
    """Grids of configurations, each trained once for every seed.

    Raises:
        pydantic.ValidationError: no grid or no seed, or one twice.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    settings: StudySettings = StudySettings()
    seeds: Annotated[tuple[Annotated[int, Field(ge=0, lt=2**31)], ...], Field(min_length=1)]
    grids: Annotated[tuple[Grid, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _check(self) -> Self:
        for what, values in (("seed", self.seeds), ("grid", [grid.name for grid in self.grids])):
            repeated = [value for value, count in Counter(values).items() if count > 1]
            if repeated:
                raise ValueError(f"{what} {repeated[0]!r} is there twice; leave one out")
        return self

    def check(self) -> None:
        """Refuse grids that cannot be run, without making all their points.

        Raises:
            PulsewrightError: there are too many configurations, or a grid contradicts itself.
        """
        total = sum(grid.count(self.seeds) for grid in self.grids)
        if total > MOST_CONFIGURATIONS:
            raise PulsewrightError(
                f"the grids have {total} configurations, at most {MOST_CONFIGURATIONS} are run; "
                "leave seeds or values out"
            )
        for grid in self.grids:
            grid.check()

    def configurations(self) -> dict[str, Configuration]:
        """Key to configuration, each once, in the order of the grids.

        Raises:
            PulsewrightError: the grids are too large, or one contradicts itself.
        """
        self.check()
        return {
            configuration.key: configuration
            for grid in self.grids
            for configuration in grid.configurations(self.seeds)
        }

    def grids_of(self) -> dict[str, list[str]]:
        """Key of each configuration to the names of the grids that hold it."""
        names: dict[str, list[str]] = {}
        for grid in self.grids:
            for configuration in grid.configurations(self.seeds):
                names.setdefault(configuration.key, []).append(grid.name)
        return names


@dataclass(frozen=True)
class StudyResult:
    """Rows of all configurations, in the order of the grids, and the baselines.

    A configuration that failed has the columns of its configuration and `error`. ridge,
    published_a1: test errors by split, one for each seed; empty where they were not asked for.
    """

    rows: list[Row]
    ridge: dict[SplitKind, list[float]]
    ridge_parameters: int
    published_a1: dict[SplitKind, list[float]]


def run_study(
    study: Study,
    curves: PulseCurves,
    floats: Journal,
    rows: Journal,
    cluster: ClusterOptions,
    progress: StepProgress | None = None,
) -> StudyResult:
    """Train what the journals lack.

    floats: of float networks and baselines. rows: of configurations.

    Raises:
        PulsewrightError: a grid contradicts itself, the scheduler cannot be reached, a baseline
            fails, or a row cannot be written.
    """
    shared = {"curves": curves, "settings": study.settings}
    configurations = study.configurations()
    starts = {one.start.key: one.start for one in configurations.values()}
    kinds = sorted({start.split for start in starts.values()})
    _check_curves(study, curves, kinds)
    tasks = _first_tasks(study, starts, kinds)
    trained = run_sweep(tasks, floats, cluster, _named(progress, "float networks"), shared)
    ridge = _baseline_rows("ridge", study, kinds, trained)
    published = _baseline_rows(
        "published A1", study, kinds if study.settings.published_a1 else [], trained
    )
    failed = {
        key: {ERROR: f"float training: {trained[one.start.key][ERROR]}"}
        for key, one in configurations.items()
        if ERROR in trained[one.start.key]
    }
    left = {key: one for key, one in configurations.items() if key not in failed}
    tasks = _configuration_tasks(left, trained)
    done = run_sweep(tasks, rows, cluster, _named(progress, "configurations"), shared)
    return StudyResult(
        rows=_joined_rows(study, configurations, failed | done, published),
        ridge={kind: row["test_mse"] for kind, row in ridge.items()},
        ridge_parameters=max(row["parameters"] for row in ridge.values()),
        published_a1={kind: row["test_mse"] for kind, row in published.items()},
    )


def _baseline_key(name: str, study: Study, kind: SplitKind) -> str:
    return f"{name} {kind.value} {study.seeds}"


def _first_tasks(
    study: Study, starts: Mapping[str, FloatConfiguration], kinds: Sequence[SplitKind]
) -> list[Task]:
    """Float networks and baselines; the published training first: it is by far the longest."""
    from pulsewright.quant.studies.baselines import published_row, ridge_row
    from pulsewright.quant.studies.float_rows import float_row

    seeds, count = {"seeds": study.seeds}, len(study.seeds)
    is_published = has_entries(PublishedRowShape, count)
    is_float, is_ridge = has_shape(FloatRowShape), has_entries(RidgeRowShape, count)

    def key_of(name: str, kind: SplitKind) -> str:
        return _baseline_key(name, study, kind)

    return [
        *(
            Task(key_of("published A1", kind), published_row, {"kind": kind, **seeds}, is_published)
            for kind in kinds
            if study.settings.published_a1
        ),
        *(Task(key, float_row, {"start": start}, is_float) for key, start in starts.items()),
        *(
            Task(key_of("ridge", kind), ridge_row, {"kind": kind, **seeds}, is_ridge)
            for kind in kinds
        ),
    ]


def _configuration_tasks(
    configurations: Mapping[str, Configuration], trained: Mapping[str, Row]
) -> list[Task]:
    """trained: rows of the float networks that they start from."""
    from pulsewright.quant.studies.evaluation import configuration_row

    is_finished = has_shape(ConfigurationRowShape)
    return [
        Task(
            key,
            configuration_row,
            {"configuration": one, "float_row": trained[one.start.key]},
            is_finished,
        )
        for key, one in configurations.items()
    ]


def _baseline_rows(
    name: str, study: Study, kinds: Sequence[SplitKind], trained: Mapping[str, Row]
) -> dict[SplitKind, Row]:
    """The rows of a baseline by split.

    Raises:
        PulsewrightError: it failed.
    """
    found = {kind: trained[_baseline_key(name, study, kind)] for kind in kinds}
    for row in found.values():
        if ERROR in row:
            raise PulsewrightError(f"a baseline of the study failed: {row[ERROR]}; see to the data")
    return found


def _joined_rows(
    study: Study,
    configurations: Mapping[str, Configuration],
    trained: Mapping[str, Row],
    published: Mapping[SplitKind, Row],
) -> list[Row]:
    """Each configuration with its grids, what it measured, and the published error beside it."""
    grids, rows = study.grids_of(), []
    place_of = {seed: place for place, seed in enumerate(study.seeds)}
    for key, one in configurations.items():
        # A journal's row says nothing of the configuration that its key does not.
        row = {"grids": grids[key], **one.columns(), **trained[key], **one.columns()}
        kind = one.start.split
        if kind in published and ERROR not in row:
            reference = published[kind]["test_mse"][place_of[one.start.seed]]
            row["ratio_to_published"] = row["integer_mse"] / reference
        rows.append(row)
    return rows


def _check_curves(study: Study, curves: PulseCurves, kinds: Iterable[SplitKind]) -> None:
    """Refuse curves that some configuration cannot be trained on, before the first is."""
    curves.features()
    for kind in kinds:
        for seed in study.seeds:
            study.settings.split(curves, kind, seed)


def _named(progress: StepProgress | None, step: str) -> Callable[[int, int], None] | None:
    if progress is None:
        return None
    return lambda done, total: progress(step, done, total)
