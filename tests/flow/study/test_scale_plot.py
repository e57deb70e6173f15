# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import matplotlib.image
import pytest

from pulsewright.flow.study.scale_plot import plot_scales
from pulsewright.quant.studies.points import Point


def point(weights: str, scales: str, activations: str, ratio: float = 1.1) -> Point:
    columns = {
        "weight_bits": weights,
        "activation_bits": "8",
        "weight_scales": scales,
        "activation_scales": activations,
        "ratio": ratio,
    }
    return Point(columns, {"ratio": 0.1}, (0, 1))


PLAIN = [point(bits, "per_tensor", "power_of_two") for bits in ("8", "4")]
FLOATS = [point(bits, "per_channel_float", "float") for bits in ("8", "4")]


def test_a_picture_of_both_kinds(tmp_path: Path) -> None:
    path = tmp_path / "scales.png"
    assert plot_scales([*PLAIN, *FLOATS], "both $kinds", path)
    assert matplotlib.image.imread(path).std() > 0.05


def test_the_best_point_of_a_width_is_drawn(tmp_path: Path) -> None:
    pictures = []
    for name, ratios in (("a", (1.1, 9.0)), ("b", (9.0, 1.1)), ("c", (9.0, 9.0))):
        more = [point("4", "per_channel_float", "float", ratio) for ratio in ratios]
        path = tmp_path / f"{name}.png"
        assert plot_scales([*PLAIN, FLOATS[0], *more], "same", path)
        pictures.append(path.read_bytes())
    assert pictures[0] == pictures[1]
    assert pictures[0] != pictures[2]


@pytest.mark.parametrize(
    "points",
    [
        [],
        PLAIN,
        FLOATS,
        [PLAIN[0], FLOATS[0]],
        [point("2-8", "per_tensor", "power_of_two"), *FLOATS],
    ],
)
def test_there_is_none_without_two_kinds_and_two_widths(tmp_path: Path, points) -> None:
    assert not plot_scales(points, "one", tmp_path / "scales.png")
    assert list(tmp_path.iterdir()) == []
