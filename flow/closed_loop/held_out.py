# SPDX-License-Identifier: Apache-2.0
"""Networks of a cross-validation: each has not seen the curves that it is tried on."""

import json
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console

from pulsewright.flow.closed_loop.settings import ClosedLoopSettings
from pulsewright.flow.code_digest import code_digest
from pulsewright.flow.progress import progress_bar
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.quant.datasets.pulse_curves import PulseCurves
from pulsewright.quant.datasets.sessions import session_folds, sessions
from pulsewright.quant.studies.cluster import ClusterOptions
from pulsewright.quant.studies.journal import Journal
from pulsewright.quant.studies.sweep import ERROR, Task, run_sweep

JOURNAL = "networks.jsonl"
CODE = ("pulsewright.quant.closed_loop.fold_task",)
MODEL = "model"


class HeldOut(StrEnum):
    """What no network has seen of the curves that it is tried on: the session, or the curve."""

    SESSIONS = "sessions"
    CURVES = "curves"


def folds(curves: PulseCurves, held_out: HeldOut, settings: ClosedLoopSettings) -> IntegerArray:
    """(curves,) the fold of each curve.

    Raises:
        PulsewrightError: the curves are of one session.
    """
    if held_out is HeldOut.SESSIONS:
        return session_folds(sessions(curves), settings.folds)
    order = np.random.default_rng(settings.training.seed).permutation(curves.curves)
    return np.asarray(order % settings.folds, dtype=np.int64)


def trained_models(
    curves: PulseCurves,
    fold: Mapping[HeldOut, IntegerArray],
    settings: ClosedLoopSettings,
    folder: Path,
    cluster: ClusterOptions,
    console: Console,
) -> dict[HeldOut, dict[int, IntegerMlp]]:
    """The networks by fold; finished ones are kept in `folder` and not trained again.

    Raises:
        PulsewrightError: a training failed, or the journal cannot be written.
    """
    tasks = {
        (kind, one): _task(kind, one, fold[kind], settings)
        for kind in fold
        for one in np.unique(fold[kind]).tolist()
    }
    with (
        Journal.open(folder / JOURNAL, made_from(curves, settings)) as journal,
        progress_bar(console, "training", "networks") as show,
    ):
        rows = run_sweep(list(tasks.values()), journal, cluster, show, {"curves": curves})
    models: dict[HeldOut, dict[int, IntegerMlp]] = {kind: {} for kind in fold}
    for (kind, one), task in tasks.items():
        row = rows[task.key]
        if ERROR in row:
            raise PulsewrightError(
                f"the network without fold {one} of {kind.value} failed: {row[ERROR]}; mend that "
                "and run again, what is finished is kept"
            )
        models[kind][one] = IntegerMlp.model_validate(json.loads(row[MODEL]))
    return models


def made_from(curves: PulseCurves, settings: ClosedLoopSettings) -> dict[str, object]:
    """What decides the networks beside their folds."""
    return {
        "curves": curves.digest,
        "training": settings.training.model_dump(mode="json"),
        "folds": settings.folds,
        "code": code_digest(CODE),
    }


def _task(kind: HeldOut, one: int, fold: IntegerArray, settings: ClosedLoopSettings) -> Task:
    # Torch takes seconds to import, which a run that finds all networks done should not wait for.
    from pulsewright.quant.closed_loop.fold_task import fold_row

    arguments = {
        "fold": fold.tolist(),
        "held_out": one,
        "training": settings.training.model_dump(mode="json"),
    }
    return Task(f"{kind.value}/{one}", fold_row, arguments, _is_model)


def _is_model(row: dict[str, Any]) -> bool:
    try:
        IntegerMlp.model_validate(json.loads(row[MODEL]))
    except (ValueError, KeyError, TypeError):
        return False
    return True
