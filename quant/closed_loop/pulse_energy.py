# SPDX-License-Identifier: Apache-2.0
"""What pulses and reads take in a device: V**2 * t at the conductance that was read.

The conductance is read current over read voltage, taken to be ohmic up to the voltage of the pulse.
No curve tells the read voltage. Antipulses, wires, selectors and the instrument are not counted.
"""

import numpy as np
import numpy.typing as npt

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.quant.closed_loop.trials import PICOAMPERES, MeasuredDevices

FloatArray = npt.NDArray[np.float64]

MILLIVOLTS, MICROSECONDS = 1e3, 1e6
# An assumption. Energy of pulses goes with its inverse, that of reads with it.
READ_VOLTAGE = 0.5


def pulse_joules(
    devices: MeasuredDevices, curve: IntegerArray, pulses: IntegerArray, read_voltage: float
) -> FloatArray:
    """(cells,) of the first `pulses` set pulses of each cell's curve.

    Each is counted at the conductance that the read before it found. read_voltage: V.

    Raises:
        PulsewrightError: the read voltage is not above 0.
    """
    check_read_voltage(read_voltage)
    before = np.cumsum(devices.reads, axis=1) - devices.reads
    siemens = before[curve, pulses] / PICOAMPERES / read_voltage
    volts = devices.setting.v_set[curve] / MILLIVOLTS
    joules: FloatArray = volts**2 * siemens * devices.setting.t_set[curve] / MICROSECONDS
    return joules


def read_joules(
    devices: MeasuredDevices, curve: IntegerArray, place: IntegerArray, read_voltage: float
) -> FloatArray:
    """(cells,) of one read of each cell after `place` pulses, during the whole read time.

    Raises:
        PulsewrightError: the read voltage is not above 0.
    """
    check_read_voltage(read_voltage)
    amperes = devices.reads[curve, place] / PICOAMPERES
    joules: FloatArray = read_voltage * amperes * devices.setting.t_read[curve] / MICROSECONDS
    return joules


def check_read_voltage(read_voltage: float) -> None:
    """Refuse one that no conductance can be told with.

    Raises:
        PulsewrightError: it is not a number above 0.
    """
    if not 0 < read_voltage < np.inf:
        raise PulsewrightError(
            f"a read voltage of {read_voltage} V; give the one that the currents were read at, "
            "above 0 V"
        )
