# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from bench.pulse_widths import (
    TOLERANCE,
    WidthSeries,
    chosen_width,
    fixed_width,
    levels_of,
    main,
    programmed,
    width_exponent,
    width_series,
    width_table,
)
from pulsewright.quant.closed_loop.trials import MeasuredDevices
from pulsewright.quant.datasets.synthetic import synthetic_curves

WIDTHS = np.array([0.05, 0.1, 0.2, 0.4, 0.8])


def straight(exponent: float) -> WidthSeries:
    """A device whose current rises by the same step at every pulse of a width."""
    steps = 1e-8 * (WIDTHS / 0.1) ** exponent
    return WidthSeries("straight", WIDTHS, 1e-6 + steps[:, None] * np.arange(100), 0.001)


def test_a_pulse_moves_along_the_curve_of_its_width() -> None:
    series = straight(1.0)
    assert series.usual == 1
    assert series.after(1, 1e-6, 3) == pytest.approx(1.03e-6)
    assert series.after(3, 1.03e-6, 2) == pytest.approx(1.11e-6)
    # No pulse moves a current back, nor beyond what was measured.
    assert series.after(0, 1.9e-6, 1) == 1.9e-6
    assert series.after(1, 1e-6, 1000) == pytest.approx(1.99e-6)


@pytest.mark.parametrize("exponent", [0.7, 1.0, 1.3])
def test_the_exponent_of_steps_over_widths(exponent: float) -> None:
    assert width_exponent(straight(exponent)) == pytest.approx(exponent)


def test_a_chosen_width_takes_fewer_pulses_for_the_same_level() -> None:
    series = straight(1.0)
    level = float(levels_of(series)[-1])
    for choose in (fixed_width, chosen_width(1.0)):
        run = programmed(series, level, choose, np.random.default_rng(0))
        assert abs(run.error) < TOLERANCE + 0.01
    usual = programmed(series, level, fixed_width, np.random.default_rng(0))
    chosen = programmed(series, level, chosen_width(1.0), np.random.default_rng(0))
    assert chosen.pulses < usual.pulses


def test_each_series_goes_by_what_the_others_tell() -> None:
    table = width_table([straight(1.0), straight(1.3)])
    column = [one.key for one in table.columns].index("exponent")
    assert [row[column] for row in table.rows] == pytest.approx([1.3, 1.3, 1.0, 1.0])


def test_sweeps_are_found_by_their_settings(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = width_series(MeasuredDevices(synthetic_curves(0)))
    assert [one.name for one in found] == ["all times", "set pulse"]
    assert [len(one.widths) >= 8 for one in found] == [True, True]
    for series in found:
        assert (np.diff(series.widths) > 0).all()
        assert (np.diff(series.curves, axis=1) > 0).all()
        assert series.widths[series.usual] == 0.1
    monkeypatch.delenv("PULSEWRIGHT_DATA", raising=False)
    assert main() == 2
    assert "PULSEWRIGHT_DATA" in capsys.readouterr().err
