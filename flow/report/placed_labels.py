# SPDX-License-Identifier: Apache-2.0
"""Labels of points that lie neither on each other nor on points."""

from collections.abc import Sequence
from typing import Any

# Where a label may stand, in points from its mark: offset, and which of its corners is there.
PLACES = (
    ((5, 3), ("left", "bottom")),
    ((5, -3), ("left", "top")),
    ((-5, 3), ("right", "bottom")),
    ((-5, -3), ("right", "top")),
    ((0, 7), ("center", "bottom")),
    ((0, -7), ("center", "top")),
)
FONT_SIZE = 7
# Half of the side of a mark, in pixels.
HALF_MARK = 3.0


def place_labels(axis: Any, labels: Sequence[tuple[float, float, str]]) -> int:
    """Write each label beside its point where it covers nothing; how many have no place.

    labels: x, y in data coordinates, and the text. Axes must have their final limits, and their
    legend. A label that covers another, a point of these or the legend in every place is left out.
    """
    figure = axis.get_figure()
    figure.canvas.draw()
    renderer = figure.canvas.get_renderer()
    taken = [_mark(axis, x, y) for x, y, _ in labels]
    if axis.get_legend() is not None:
        taken.append(axis.get_legend().get_window_extent(renderer))
    left_out = 0
    for x, y, text in labels:
        for offset, (horizontal, vertical) in PLACES:
            label = axis.annotate(
                text,
                (x, y),
                xytext=offset,
                textcoords="offset points",
                ha=horizontal,
                va=vertical,
                fontsize=FONT_SIZE,
            )
            box = label.get_window_extent(renderer)
            inside = axis.bbox.x0 <= box.x0 and box.x1 <= axis.bbox.x1
            if inside and not any(box.overlaps(other) for other in taken):
                taken.append(box)
                break
            label.remove()
        else:
            left_out += 1
    return left_out


def _mark(axis: Any, x: float, y: float) -> Any:
    from matplotlib.transforms import Bbox

    across, up = axis.transData.transform((x, y))
    return Bbox.from_extents(across - HALF_MARK, up - HALF_MARK, across + HALF_MARK, up + HALF_MARK)
