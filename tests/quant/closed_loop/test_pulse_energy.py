# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.quant.closed_loop.pulse_energy import (
    check_read_voltage,
    pulse_joules,
    read_joules,
)
from pulsewright.quant.closed_loop.trials import MeasuredDevices
from pulsewright.quant.datasets.pulse_curves import PulseCurves

# V_set 2 and 2.4 V; t_set 0.1 and 0.5 s; t_read 0.1 and 0.2 s.
PARAMETERS = np.array([[2.0, 0.0, 0.1, 0.1, 0.1], [2.4, -0.3, 0.5, 0.1, 0.2]])
# The second device starts below zero, where only noise gets: 0.
CURRENTS = np.array([[1e-6, 2e-6, 3e-6, 4e-6], [-1e-9, 1e-6, 1e-6, 2e-6]])
DEVICES = MeasuredDevices(PulseCurves(PARAMETERS, CURRENTS))
CURVES = np.array([0, 0, 0, 1])


def test_pulses_count_at_the_conductance_before_them() -> None:
    """4 V**2 at 2, then 2 + 4 uS (0.5 V) for 0.1 s; 5.76 V**2 at 0 + 2 + 2 uS for 0.5 s."""
    found = pulse_joules(DEVICES, CURVES, np.array([0, 1, 2, 3]), 0.5)
    assert found.tolist() == pytest.approx([0, 0.8e-6, 2.4e-6, 11.52e-6])


def test_a_read_counts_for_the_whole_read_time() -> None:
    """0.5 V * 1 uA * 0.1 s, .."""
    found = read_joules(DEVICES, CURVES, np.array([0, 1, 3, 3]), 0.5)
    assert found.tolist() == pytest.approx([0.05e-6, 0.1e-6, 0.2e-6, 0.2e-6])


def test_what_the_read_voltage_does() -> None:
    """Half of it doubles the conductance: twice the energy of pulses, half that of reads."""
    place = np.array([1, 2, 3, 3])
    half, whole = (pulse_joules(DEVICES, CURVES, place, volts) for volts in (0.25, 0.5))
    assert half == pytest.approx(2 * whole)
    half, whole = (read_joules(DEVICES, CURVES, place, volts) for volts in (0.25, 0.5))
    assert half == pytest.approx(whole / 2)


@pytest.mark.parametrize("volts", [0.0, -0.5, float("inf"), float("nan")])
def test_a_voltage_that_tells_no_conductance_is_refused(volts: float) -> None:
    with pytest.raises(PulsewrightError, match="give the one that the currents were read at"):
        check_read_voltage(volts)
