# SPDX-License-Identifier: Apache-2.0
import matplotlib as mpl
import pytest

from pulsewright.flow.report.log_ticks import logarithmic


@pytest.mark.parametrize(
    ("values", "shown", "missing"),
    [
        ((3.5, 10.1), {"4", "6", "10"}, {"$"}),
        ((7.0, 239.0), {"10", "20", "50", "100"}, {"$", "30"}),
        ((0.4, 215.0), {"1", "10", "100"}, {"$", "20"}),
        ((2e4, 3e7), {"1e+05", "1e+07"}, {"$", "2e+04"}),
    ],
)
def test_ticks_are_numbers(values: tuple[float, float], shown: set[str], missing: set[str]) -> None:
    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, axis = plt.subplots()
    axis.plot([1, 2], values, "o")
    logarithmic(axis)
    figure.canvas.draw()
    texts = [one.get_text() for one in axis.get_yticklabels(which="both") if one.get_text()]
    assert shown <= set(texts)
    assert not any(one.startswith(text) for one in texts for text in missing)
    plt.close(figure)
