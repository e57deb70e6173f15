# SPDX-License-Identifier: Apache-2.0
from itertools import combinations

import matplotlib as mpl

from pulsewright.flow.report.placed_labels import place_labels


def test_no_label_lies_on_another_and_what_has_no_place_is_counted() -> None:
    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, axis = plt.subplots(figsize=(4, 3))
    axis.plot([1, 10], [1, 10], "o")
    spread = [(float(number), float(number), f"{number} multipliers") for number in range(1, 8)]
    assert place_labels(axis, spread) == 0
    renderer = figure.canvas.get_renderer()
    boxes = [one.get_window_extent(renderer) for one in axis.texts]
    assert len(boxes) == 7
    assert not any(one.overlaps(other) for one, other in combinations(boxes, 2))
    marks = [axis.transData.transform((x, y)) for x, y, _ in spread]
    assert not any(box.contains(*mark) for box in boxes for mark in marks)
    # One place cannot have twenty.
    assert place_labels(axis, [(5.0, 2.0, "crowded")] * 20) > 10
    plt.close(figure)
