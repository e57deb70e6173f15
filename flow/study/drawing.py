# SPDX-License-Identifier: Apache-2.0
"""Figures without a screen, written whole or not at all."""

from pathlib import Path
from typing import Any

import matplotlib as mpl

from pulsewright.hls_model.files.atomic_write import atomic_path


def new_figure(rows: int, columns: int, size: tuple[float, float]) -> tuple[Any, Any]:
    """A figure of `size` inches, and its axes (rows, columns)."""
    mpl.use("Agg")
    from matplotlib import pyplot as plt

    return plt.subplots(rows, columns, figsize=size, squeeze=False)


def save_figure(figure: Any, path: Path) -> None:
    """Write it as PNG and let it go."""
    from matplotlib import pyplot as plt

    figure.tight_layout()
    with atomic_path(path) as temporary:
        figure.savefig(temporary, format="png", dpi=120)
    plt.close(figure)
