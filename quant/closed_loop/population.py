# SPDX-License-Identifier: Apache-2.0
"""The usual rise of training curves, as the table of a controller with device memory."""

import numpy as np

from pulsewright.hls_model.closed_loop.logarithm import OCTAVE
from pulsewright.hls_model.closed_loop.population import STEP, UNIT_BITS, Population
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.quant.closed_loop.trials import MeasuredDevices


def usual_rise(devices: MeasuredDevices, chosen: IntegerArray) -> Population:
    """The median over the curves `chosen` of the smooth rise as a share of a curve's own.

    Coarse and spoilt curves are left out unless there are no others.

    Raises:
        PulsewrightError: no curve of them rises.
    """
    quality = devices.quality
    rising = chosen[quality.rise[chosen] > 0]
    fine = rising[~(quality.coarse[rising] | quality.spoilt[rising])]
    used = fine if fine.size else rising
    if not used.size:
        raise PulsewrightError("no curve of the training rises; give curves that do")
    smooth = quality.smooth[used]
    median = np.median((smooth - smooth[:, :1]) / quality.rise[used][:, None], axis=0)
    place = np.log2(1 + np.arange(len(median)))
    octaves = np.arange(0, place[-1] + STEP / OCTAVE, STEP / OCTAVE)
    rise = np.rint(np.interp(octaves, place, median) * 2**UNIT_BITS).astype(np.int64)
    # Where the curves are flat every entry is one unit above the one before.
    entries = np.arange(len(rise))
    risen = np.maximum.accumulate(rise - entries) + entries
    return Population(rise=tuple((risen - risen[0]).tolist()))
