# SPDX-License-Identifier: Apache-2.0
"""What the plots of a reproduction share."""

from pathlib import Path
from typing import Any

from pulsewright.hls_model.files.atomic_write import atomic_path

COLOURS = {"A1": "tab:blue", "A2": "tab:orange", "A3": "tab:green"}
OTHER_COLOUR = "tab:gray"
RIDGE_COLOUR = "black"


def pyplot() -> Any:
    """Matplotlib's pyplot, drawing into files; imported when it is needed, since it is slow."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    return pyplot


def save(figure: Any, target: Path) -> None:
    """Write the figure as PNG, whole or not at all, and close it.

    Raises:
        PulsewrightError: the file cannot be written.
    """
    figure.tight_layout()
    with atomic_path(target) as temporary:
        figure.savefig(temporary, format="png", dpi=130)
    pyplot().close(figure)
