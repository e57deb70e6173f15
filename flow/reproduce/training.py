# SPDX-License-Identifier: Apache-2.0
"""The trainings of a reproduction, as far as their rows are not in the journal yet."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.console import Console

from pulsewright.flow.code_digest import code_digest
from pulsewright.flow.progress import progress_bar
from pulsewright.flow.reproduce.settings import ReproductionSettings
from pulsewright.flow.reproduce.tasks import tasks
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.presets import preset_sizes
from pulsewright.quant.datasets.pulse_curves import PulseCurves
from pulsewright.quant.paper.drawn_rows import draw_rows
from pulsewright.quant.splits import COMMON_KINDS
from pulsewright.quant.studies.cluster import ClusterOptions
from pulsewright.quant.studies.journal import Journal
from pulsewright.quant.studies.sweep import run_sweep

JOURNAL = "trainings.jsonl"
# What computes the rows, at the bottom of every task.
CODE = ("pulsewright.quant.paper.learning_task",)
LEAST_CURVES = 2


def trained_rows(
    curves: PulseCurves,
    settings: ReproductionSettings,
    folder: Path,
    cluster: ClusterOptions,
    console: Console,
) -> dict[str, dict[str, Any]]:
    """Rows of all tasks by key; finished ones are kept in `folder` and not repeated.

    Raises:
        PulsewrightError: the curves cannot be split or normalised, a network is unknown, the
            cluster cannot be reached, or the journal cannot be written.
    """
    check_curves(curves, settings)
    for network in (*settings.networks, *settings.own_networks):
        preset_sizes(network)
    with (
        Journal.open(folder / JOURNAL, made_from(curves, settings)) as journal,
        progress_bar(console, "training", "points") as show,
    ):
        return run_sweep(tasks(settings), journal, cluster, show, shared={"curves": curves})


def check_curves(curves: PulseCurves, settings: ReproductionSettings) -> None:
    """Refuse curves on which some training would fail, before the first begins.

    Raises:
        PulsewrightError: an input is the same on all rows, or a split leaves a part empty or its
            test with one curve.
    """
    curves.features()
    for kind in COMMON_KINDS:
        for seed in {*settings.seeds, *settings.own_seeds}:
            tested = len(set(curves.curve_index[draw_rows(curves, kind, seed).test].tolist()))
            if tested < LEAST_CURVES:
                raise PulsewrightError(
                    f"split by {kind.value} with seed {seed} the test has {tested} curve of "
                    f"{curves.curves}; give more curves, so that the error has a spread"
                )


def made_from(curves: PulseCurves, settings: ReproductionSettings) -> Mapping[str, object]:
    """What decides the rows beside their keys; the choice of fractions and networks does not."""
    return {
        "curves": curves.digest,
        "seeds": settings.seeds,
        "own_seeds": settings.own_seeds,
        "published": settings.published.model_dump(),
        "own": {kind: settings.own_training(kind).model_dump() for kind in COMMON_KINDS},
        "code": code_digest(CODE),
    }
