# SPDX-License-Identifier: Apache-2.0
"""Points of learning curves: a model, a fraction of the data, a split, a target; all its seeds.

What a sweep sends to a worker and gets back are plain values, beside the curves themselves.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch

from pulsewright.quant.curve_sources import FLOAT_CODE_FORMAT, fit_input_map
from pulsewright.quant.datasets.pulse_curves import PulseCurves
from pulsewright.quant.paper.curve_errors import Row, measured_row
from pulsewright.quant.paper.drawn_rows import DrawnRows, beginning, draw_rows, standardised
from pulsewright.quant.paper.protocol import PublishedTraining
from pulsewright.quant.paper.ridge import fit_ridge
from pulsewright.quant.paper.stacked_training import train_stack
from pulsewright.quant.paper.targets import Target, target_rows
from pulsewright.quant.pipeline import train_float
from pulsewright.quant.settings import FloatTraining
from pulsewright.quant.splits import SplitKind, split
from pulsewright.quant.torch_session import quiet_torch


def published_point(
    curves: PulseCurves,
    sizes: tuple[int, ...],
    fraction: float,
    kind: SplitKind,
    target: Target,
    seeds: Sequence[int],
    training: Mapping[str, Any],
) -> Row:
    """Train `sizes` by the published protocol on a beginning of the drawn training rows.

    training: the fields of `PublishedTraining`.

    Raises:
        PulsewrightError: the curves cannot be split or normalised, or the training diverges.
    """
    drawn = [draw_rows(curves, kind, seed) for seed in seeds]
    used = [beginning(one.train, fraction) for one in drawn]
    x, y = standardised(curves), target_rows(curves, target)
    network = train_stack(
        sizes,
        torch.from_numpy(np.stack([x[rows] for rows in used]).astype(np.float32)),
        torch.from_numpy(np.stack([y[rows, None] for rows in used]).astype(np.float32)),
        seeds,
        PublishedTraining.model_validate(training),
    )
    inputs = torch.from_numpy(x.astype(np.float32))
    with quiet_torch(), torch.no_grad():
        predictions = network.predict(inputs)[:, :, 0].numpy().astype(np.float64)
    return measured_row(curves, kind, target, seeds, drawn, used, predictions)


def ridge_point(curves: PulseCurves, fraction: float, kind: SplitKind, seeds: Sequence[int]) -> Row:
    """Fit the ridge regression to the same rows; levels only.

    Raises:
        PulsewrightError: the curves cannot be split.
    """
    drawn = [draw_rows(curves, kind, seed) for seed in seeds]
    used = [beginning(one.train, fraction) for one in drawn]
    predictions = np.stack([fit_ridge(curves, rows).predict(curves.inputs) for rows in used])
    return measured_row(curves, kind, Target.LEVEL, seeds, drawn, used, predictions)


def own_point(
    curves: PulseCurves,
    sizes: tuple[int, ...],
    kind: SplitKind,
    seeds: Sequence[int],
    training: Mapping[str, Any],
) -> Row:
    """Train `sizes` as the project does, on all training rows less a tenth for validation.

    training: the fields of `FloatTraining`. Levels only.

    Raises:
        PulsewrightError: the curves cannot be split or mapped, or the training diverges.
    """
    input_map = fit_input_map(curves, FLOAT_CODE_FORMAT)
    settings = FloatTraining.model_validate(training)
    inputs = torch.from_numpy(input_map.normalised(curves.inputs).astype(np.float32))
    drawn, predictions = [], []
    for seed in seeds:
        parts = split(curves, kind, seed)
        trained = train_float(curves, input_map, parts, sizes, settings, seed)
        with quiet_torch(), torch.no_grad():
            prediction = trained.network()(inputs)[:, 0].numpy()
        drawn.append(DrawnRows(parts.train, parts.test))
        predictions.append(prediction.astype(np.float64))
    used = [one.train for one in drawn]
    return measured_row(curves, kind, Target.LEVEL, seeds, drawn, used, np.stack(predictions))
