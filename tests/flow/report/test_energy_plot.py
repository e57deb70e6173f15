# SPDX-License-Identifier: Apache-2.0
from pathlib import Path
from typing import Any

import pytest

from pulsewright.flow.report.energy_plot import draw_energy
from pulsewright.flow.report.energy_tables import shipped_tables
from pulsewright.hls_model.energy.figures import energy_totals
from pulsewright.hls_model.energy.total import EnergyPart
from tests.models import fold_model, random_model


def test_the_bars_are_the_parts_of_the_totals(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from matplotlib.axes import Axes

    bars: list[tuple[int, float, float]] = []
    barh = Axes.barh

    def noted(self: Axes, row: Any, width: Any, left: Any, **options: Any) -> Any:
        bars.append((row, left, width))
        return barh(self, row, width, left=left, **options)

    monkeypatch.setattr(Axes, "barh", noted)
    model = random_model((6, 8, 1), pulses=20)
    engine = fold_model(model, [(2, 1), (1, 2)], incremental=True)
    totals = [one for table in shipped_tables() for one in energy_totals(model, engine, table)]
    target = tmp_path / "energy.png"
    draw_energy(totals, "small", target)
    assert target.read_bytes().startswith(b"\x89PNG")
    assert len(bars) == len(totals) * len(EnergyPart)
    ends = {(row, left + width) for row, left, width in bars[3 :: len(EnergyPart)]}
    rows = len(totals) // 3
    names = ("inference", "incremental step", "curve of 20 pulses")
    for name in names:
        group = [one for one in totals if one.workload.name == name]
        assert len(group) == rows
        for row, total in enumerate(group):
            assert any(r == row and end == pytest.approx(total.picojoule / 1000) for r, end in ends)
