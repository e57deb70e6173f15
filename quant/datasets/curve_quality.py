# SPDX-License-Identifier: Apache-2.0
"""What the reads of a curve are worth: the instrument's grid, noise, glitches, dead devices.

Found in the currents themselves; nothing is assumed about the instrument.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from numpy.polynomial import legendre

from pulsewright.hls_model.isotonic import isotonic
from pulsewright.quant.datasets.pulse_curves import PulseCurves

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

# A grid is looked for down to this share of the largest current; reads have six digits.
FINEST_GRID = 1e-6
# A curve whose rise has fewer steps of its instrument is read with less than 8 bits.
COARSE_STEPS = 256
# Of log(1 + N); the curves are nearly linear in it.
SMOOTH_DEGREE = 4
SMOOTH_ROUNDS = 30
# In standard deviations of the read noise: where a read counts less, and where it is a glitch.
FULL_WEIGHT = 2.5
GLITCH = 8.0
# The standard deviation of a normal distribution is this many median absolute deviations.
NORMAL_DEVIATIONS = 1.4826
# A device that moves by less than this many standard deviations of its read noise is dead.
DEAD = 2.0
# A glitch spoils the scaling of its curve if it widens the range of the reads by this share.
SPOILT_SHARE = 0.1


@dataclass(frozen=True)
class CurveQuality:
    """What `curve_quality` finds; A throughout.

    currents: (curves, pulses) as they are. resolution: (curves,) the step of the grid on which all
    reads of a curve lie. smooth: (curves, pulses) a never falling curve through the reads. noise:
    (curves,) standard deviation of the reads about it, from their median absolute deviation.
    """

    currents: FloatArray
    resolution: FloatArray
    smooth: FloatArray
    noise: FloatArray

    @cached_property
    def rise(self) -> FloatArray:
        """(curves,) how far the smooth curve rises, 0 or more."""
        rise: FloatArray = self.smooth[:, -1] - self.smooth[:, 0]
        return rise

    @cached_property
    def glitches(self) -> BoolArray:
        """(curves, pulses) reads more than 8 standard deviations off, that of the grid included."""
        deviation = np.hypot(self.noise, self.resolution / np.sqrt(12))
        glitches: BoolArray = np.abs(self.currents - self.smooth) > GLITCH * deviation[:, None]
        return glitches & ~self.dead[:, None]

    @cached_property
    def dead(self) -> BoolArray:
        """(curves,) devices that rise by less than twice the standard deviation of their noise."""
        dead: BoolArray = self.rise <= DEAD * self.noise
        return dead

    @cached_property
    def coarse(self) -> BoolArray:
        """(curves,) read in fewer than 256 steps of the instrument from lowest to highest."""
        coarse: BoolArray = np.ptp(self.currents, axis=1) < COARSE_STEPS * self.resolution
        return coarse & ~self.dead

    @cached_property
    def spoilt(self) -> BoolArray:
        """(curves,) whose scaling to 0..1 a glitch widens by a tenth or more."""
        kept = np.ma.masked_array(self.currents, self.glitches)
        narrow = (kept.max(axis=1) - kept.min(axis=1)).filled(0.0)
        wide = np.ptp(self.currents, axis=1)
        spoilt: BoolArray = wide > (1 + SPOILT_SHARE) * narrow
        return spoilt & self.glitches.any(axis=1)


def curve_quality(curves: PulseCurves) -> CurveQuality:
    """Find grid, noise and shape of every curve."""
    currents = curves.currents
    smooth, noise = smooth_curves(currents)
    return CurveQuality(currents, grid_steps(currents), smooth, noise)


def grid_steps(currents: FloatArray) -> FloatArray:
    """(curves,) the largest step of which all reads of a curve (curves, pulses) are multiples.

    The greatest common divisor of the reads by Euclid's algorithm, whose remainders below 1e-6 of
    the largest read are rounding: reads on no grid come out with about that resolution. Unit as
    `currents`.
    """
    tolerance = FINEST_GRID * np.abs(currents).max(axis=1)
    step = np.zeros(len(currents))
    for column in np.abs(currents).T:
        larger, smaller = np.maximum(step, column), np.minimum(step, column)
        while (smaller > tolerance).any():
            inexact = smaller > tolerance
            divisor = np.where(inexact, smaller, 1.0)
            rest = np.abs(larger - np.rint(larger / divisor) * divisor)
            larger = np.where(inexact, smaller, larger)
            smaller = np.where(inexact, rest, smaller)
        step = larger
    found: FloatArray = np.maximum(step, tolerance)
    return found


def smooth_curves(currents: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Never falling curves through reads (curves, pulses), and the noise (curves,) about them.

    A polynomial of fourth degree in log(1 + N) by reweighted least squares, which leaves glitches
    out, and its isotonic regression.
    """
    pulses = currents.shape[1]
    place = np.log1p(np.arange(pulses))
    degree = min(SMOOTH_DEGREE, pulses - 1)
    basis = legendre.legvander(2 * place / place[-1] - 1, degree)
    scale = np.ptp(currents, axis=1)[:, None]
    weights = np.ones_like(currents)
    noise = np.zeros(len(currents))
    fitted = currents
    for _ in range(SMOOTH_ROUNDS):
        normal = np.einsum("cp,pi,pj->cij", weights, basis, basis) + 1e-12 * np.eye(degree + 1)
        right = np.einsum("cp,pi->ci", weights * currents / scale, basis)
        coefficients = np.linalg.solve(normal, right[:, :, None])[:, :, 0]
        fitted = coefficients @ basis.T * scale
        distance = np.abs(currents - fitted)
        noise = NORMAL_DEVIATIONS * np.median(distance, axis=1)
        deviations = distance / np.maximum(noise[:, None], 1e-9 * scale)
        weights = np.where(
            deviations > GLITCH, 0.0, np.minimum(1.0, FULL_WEIGHT / np.maximum(deviations, 1e-9))
        )
    return np.array([isotonic(curve) for curve in fitted]), noise
