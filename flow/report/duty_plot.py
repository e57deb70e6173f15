# SPDX-License-Identifier: Apache-2.0
"""A picture of what an inference costs by how many are asked for a second."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from pulsewright.hls_model.escape.plots import plot_text
from pulsewright.hls_model.files.atomic_write import atomic_path
from pulsewright.synth.energy.duty_cycle import DutyCost

LEAST_A_SECOND, MOST_A_SECOND = 1.0, 1e7


def plot_duty_cycle(costs: Mapping[str, DutyCost], title: str, target: Path) -> None:
    """Draw each cost over the rates that its core can do, as PNG; both axes are logarithmic.

    A dot marks the rate at which the gaps cost as much as the inferences.
    """
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, axis = plt.subplots(figsize=(7, 4.5))
    for name, cost in costs.items():
        most = min(MOST_A_SECOND, cost.most_a_second)
        rates = np.geomspace(LEAST_A_SECOND, most, 200)
        rates[-1] = most
        energies = [cost.picojoule(float(rate)) for rate in rates]
        (line,) = axis.plot(rates, energies, label=plot_text(name))
        place = cost.break_even
        if LEAST_A_SECOND <= place <= most:
            axis.plot([place], [cost.picojoule(place)], "o", color=line.get_color())
    axis.set_xscale("log")
    axis.set_yscale("log")
    axis.set_xlabel("inferences a second")
    axis.set_ylabel("pJ an inference")
    axis.set_title(plot_text(title), fontsize=10)
    axis.grid(visible=True, which="major", alpha=0.3)
    axis.legend(fontsize=8)
    figure.tight_layout()
    with atomic_path(target) as temporary:
        figure.savefig(temporary, format="png", dpi=120)
    plt.close(figure)
