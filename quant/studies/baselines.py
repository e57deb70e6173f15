# SPDX-License-Identifier: Apache-2.0
"""What the networks of a study are measured against, on the same test rows."""

import numpy as np
import torch

from pulsewright.hls_model.presets import preset_sizes
from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.quant.datasets.pulse_curves import PulseCurves
from pulsewright.quant.metrics import mean_squared_error
from pulsewright.quant.paper.drawn_rows import standardised
from pulsewright.quant.paper.ridge import fit_ridge
from pulsewright.quant.paper.stacked_training import train_stack
from pulsewright.quant.splits import Split, SplitKind
from pulsewright.quant.studies.journal import Row
from pulsewright.quant.studies.settings import StudySettings


def ridge_row(
    curves: PulseCurves, settings: StudySettings, kind: SplitKind, seeds: tuple[int, ...]
) -> Row:
    """Test error of the ridge regression for each seed."""
    errors, parameters = [], 0
    for parts in _splits(curves, settings, kind, seeds):
        ridge = fit_ridge(curves, _seen(parts))
        parameters = ridge.parameter_count
        prediction = ridge.predict(curves.inputs[parts.test])
        errors.append(mean_squared_error(prediction, curves.targets[parts.test]))
    return {"parameters": parameters, "test_mse": errors}


def published_row(
    curves: PulseCurves, settings: StudySettings, kind: SplitKind, seeds: tuple[int, ...]
) -> Row:
    """Test error, for each seed, of A1 trained as published.

    It has no validation rows, so those of the split are trained on as well.
    """
    splits = _splits(curves, settings, kind, seeds)
    x, y = standardised(curves).astype(np.float32), curves.targets[:, None].astype(np.float32)
    errors = np.empty(len(seeds))
    # Splits by parameter set differ in their number of rows, and a stack is of equal ones.
    counts = np.array([len(_seen(parts)) for parts in splits])
    for count in np.unique(counts):
        chosen = np.flatnonzero(counts == count)
        used = [_seen(splits[number]) for number in chosen]
        network = train_stack(
            preset_sizes("A1"),
            torch.from_numpy(np.stack([x[rows] for rows in used])),
            torch.from_numpy(np.stack([y[rows] for rows in used])),
            [seeds[number] for number in chosen],
            settings.published_training,
        )
        with torch.no_grad():
            predictions = network.predict(torch.from_numpy(x))[:, :, 0].numpy()
        for number, prediction in zip(chosen, predictions, strict=True):
            rows = splits[number].test
            errors[number] = mean_squared_error(prediction[rows], curves.targets[rows])
    return {"test_mse": errors.tolist()}


def _splits(
    curves: PulseCurves, settings: StudySettings, kind: SplitKind, seeds: tuple[int, ...]
) -> list[Split]:
    return [settings.split(curves, kind, seed) for seed in seeds]


def _seen(parts: Split) -> IntegerArray:
    return np.concatenate([parts.train, parts.validation])
