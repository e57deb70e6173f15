# SPDX-License-Identifier: Apache-2.0
"""A picture of predicted beside given curves."""

from pathlib import Path

import numpy as np

from pulsewright.flow.workspace import Workspace
from pulsewright.hls_model.files.atomic_write import atomic_path

PERCENTILES = (10, 50, 75, 95)


def plot_curves(workspace: Workspace, target: Path) -> None:
    """Draw four curves and the integer model's predictions of them, as PNG.

    The curves stand at the 10th, 50th, 75th and 95th percentile of the model's squared error over
    all curves, so that the picture shows the bad beside the good.
    """
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    curves, model = workspace.curves, workspace.model
    shape = (curves.curves, curves.pulses)
    given = curves.targets.reshape(shape)
    predicted = model.predict(curves.inputs)[:, 0].reshape(shape)
    errors = ((predicted - given) ** 2).mean(axis=1)
    order = np.argsort(errors)
    figure, axes = plt.subplots(1, len(PERCENTILES), figsize=(12, 3.2), sharey=True)
    for axis, percentile in zip(axes, PERCENTILES, strict=True):
        curve = order[round(percentile / 100 * (len(order) - 1))]
        v_set, v_anti, t_set, t_off, t_read = curves.parameters[curve]
        axis.plot(given[curve], ".", markersize=3, color="tab:gray", label="given")
        axis.plot(predicted[curve], color="tab:blue", label="integer model")
        axis.set_title(
            f"{percentile}th percentile, MSE {errors[curve]:.4f}\n"
            f"{v_set:g} V, {v_anti:g} V, {t_set:g}/{t_off:g}/{t_read:g} s",
            fontsize=9,
        )
        axis.set_xlabel("pulse number N")
    axes[0].set_ylabel("scaled read current $I_{r,n}$")
    axes[0].legend(loc="lower right", fontsize=8)
    kind = workspace.recipe.data.source.value
    figure.suptitle(
        f"{workspace.recipe.name}: {'-'.join(map(str, model.sizes))} in integers, {kind} curves",
        fontsize=10,
    )
    figure.tight_layout()
    with atomic_path(target) as temporary:
        figure.savefig(temporary, format="png", dpi=120)
    plt.close(figure)
