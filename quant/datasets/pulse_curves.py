# SPDX-License-Identifier: Apache-2.0
"""Read currents along pulse trains, and the rows a network is trained on."""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple, Self
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.files.atomic_write import atomic_path
from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.hls_model.reference.input_map import Feature
from pulsewright.hls_model.shortened import shortened
from pulsewright.quant.datasets.array_archive import read_arrays

FloatArray = npt.NDArray[np.float64]


class Quantity(NamedTuple):
    """A physical input: its name, SI unit, integer unit, and integer units in one SI unit."""

    name: str
    si_unit: str
    unit: str
    per_si: int


PULSE_NUMBER = Quantity("pulse_number", "", "pulse", 1)
PARAMETERS: tuple[Quantity, ...] = (
    Quantity("v_set", "V", "mV", 1_000),
    Quantity("v_anti", "V", "mV", 1_000),
    Quantity("t_set", "s", "us", 1_000_000),
    Quantity("t_off", "s", "us", 1_000_000),
    Quantity("t_read", "s", "us", 1_000_000),
)
# Physical integers are 32-bit signed, as in the firmware.
LARGEST_INTEGER = 2**31 - 1
# Settings closer than this many integer units are one setting, written in floating point.
SAME_SETTING = 1e-3


@dataclass(frozen=True)
class PulseCurves:
    """Curves of equal length: one read current after each pulse of a train, N = 0, 1, ...

    parameters: (curves, 5) float64, V_set and V_anti in V, t_set, t_off and t_read in s.
    currents: (curves, pulses) float64, A.

    Raises:
        PulsewrightError: no curve, a shape that does not fit, a value that is not finite or out of
            range, or a curve of one constant current, which cannot be scaled.
    """

    parameters: FloatArray
    currents: FloatArray

    def __post_init__(self) -> None:
        for name in ("parameters", "currents"):
            array = np.array(getattr(self, name), dtype=np.float64)
            array.setflags(write=False)
            object.__setattr__(self, name, array)
        self._check_shapes()
        _check_parameters(self.parameters)
        _check_currents(self.currents)

    def _check_shapes(self) -> None:
        shape = self.parameters.shape
        if len(shape) != 2 or shape[1] != len(PARAMETERS):
            raise PulsewrightError(
                f"pulse parameters must be (curves, {len(PARAMETERS)}), got {shape}; "
                f"give {', '.join(quantity.name for quantity in PARAMETERS)} for each curve"
            )
        if self.currents.ndim != 2 or len(self.currents) != shape[0]:
            raise PulsewrightError(
                f"currents must be ({shape[0]}, pulses), got {self.currents.shape}; "
                "give as many curves as there are rows of parameters"
            )
        if 0 in self.currents.shape:
            raise PulsewrightError(
                f"the data set has {self.currents.shape[0]} curves of {self.currents.shape[1]} "
                "pulses; give at least one curve of two pulses"
            )

    @property
    def curves(self) -> int:
        """Number of curves."""
        return int(self.currents.shape[0])

    @property
    def pulses(self) -> int:
        """Pulses of each curve, 100 in the measurements."""
        return int(self.currents.shape[1])

    @property
    def rows(self) -> int:
        """Curves times pulses."""
        return self.curves * self.pulses

    @cached_property
    def inputs(self) -> FloatArray:
        """(rows, 6) in SI units: pulse number N, then the parameters; curve by curve."""
        number = np.tile(np.arange(self.pulses, dtype=np.float64), self.curves)
        return np.column_stack([number, np.repeat(self.parameters, self.pulses, axis=0)])

    @cached_property
    def targets(self) -> FloatArray:
        """(rows,) scaled read current I_r,n: each curve stretched to 0..1, as published."""
        low = self.currents.min(axis=1, keepdims=True)
        high = self.currents.max(axis=1, keepdims=True)
        scaled: FloatArray = ((self.currents - low) / (high - low)).reshape(-1)
        return scaled

    @cached_property
    def curve_index(self) -> IntegerArray:
        """(rows,) the curve of each row."""
        return np.repeat(np.arange(self.curves, dtype=np.int64), self.pulses)

    @cached_property
    def parameter_set(self) -> IntegerArray:
        """(curves,) the parameter set of each curve: equal numbers, equal parameters.

        Compared in integer mV and us, since 0.3 and 0.1 + 0.2 are one setting of the instrument.
        """
        _, index = np.unique(_physical(self.parameters), axis=0, return_inverse=True)
        return np.asarray(index, dtype=np.int64).reshape(-1)

    @cached_property
    def parameter_set_index(self) -> IntegerArray:
        """(rows,) the parameter set of each row."""
        return np.repeat(self.parameter_set, self.pulses)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the curves: names what was trained on."""
        digest = hashlib.sha256(repr(self.currents.shape).encode())
        digest.update(self.parameters.tobytes())
        digest.update(self.currents.tobytes())
        return digest.hexdigest()

    def features(self) -> tuple[Feature, ...]:
        """Describe the six inputs: units, and as operating range the range in the data set.

        Raises:
            PulsewrightError: a parameter, or the pulse number, is the same on all rows.
        """
        physical = _physical(self.parameters)
        ranges = [(0, self.pulses - 1)]
        ranges += [(int(column.min()), int(column.max())) for column in physical.T]
        return tuple(
            _feature(quantity, low, high)
            for quantity, (low, high) in zip((PULSE_NUMBER, *PARAMETERS), ranges, strict=True)
        )

    def save(self, path: Path) -> None:
        """Write `dataset.npz`, whole or not at all.

        Raises:
            PulsewrightError: the folder cannot be written.
        """
        with atomic_path(path) as temporary, temporary.open("wb") as file:
            np.savez(file, parameters=self.parameters, currents=self.currents)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read what `save` wrote.

        Raises:
            PulsewrightError: the file is missing, not a data set, or holds bad values.
        """
        try:
            parameters, currents = read_arrays(path, ("parameters", "currents"))
        except FileNotFoundError as error:
            raise PulsewrightError(f"no data set {path}; run the dataset step") from error
        except Exception as error:
            # zipfile and zlib each have their own exception for a damaged archive.
            reason = (isinstance(error, OSError) and error.strerror) or str(error)
            if isinstance(error, BadZipFile):
                reason = f"it is no archive, or a damaged one ({shortened(reason)})"
            raise PulsewrightError(
                f"cannot read data set {path}: {reason or type(error).__name__}; "
                "run the dataset step again"
            ) from error
        return cls(parameters=parameters, currents=currents)


def _physical(parameters: FloatArray) -> IntegerArray:
    scaled = np.rint(parameters * [quantity.per_si for quantity in PARAMETERS])
    return scaled.astype(np.int64)


def _feature(quantity: Quantity, minimum: int, maximum: int) -> Feature:
    if minimum == maximum:
        raise PulsewrightError(
            f"{quantity.name} is {minimum} {quantity.unit} on every row, so nothing can be learned "
            "from it; add curves with another value"
        )
    return Feature(
        name=quantity.name,
        unit=quantity.unit,
        per_si=quantity.per_si,
        minimum=minimum,
        maximum=maximum,
    )


def _check_parameters(parameters: FloatArray) -> None:
    _refuse(parameters, ~np.isfinite(parameters), "a finite number")
    limits = np.array([LARGEST_INTEGER / quantity.per_si for quantity in PARAMETERS])
    _refuse(parameters, np.abs(parameters) > limits, "at most 2147 s and 2147483 V; use SI units")
    is_time = np.array([quantity.si_unit == "s" for quantity in PARAMETERS])
    _refuse(parameters, is_time & (parameters < 0), "a time of 0 s or more")
    _check_resolution(parameters)


def _check_resolution(parameters: FloatArray) -> None:
    """Refuse values that the integer units cannot tell from zero or from each other."""
    for quantity, column in zip(PARAMETERS, parameters.T, strict=True):
        values = np.unique(column)
        scaled = values * quantity.per_si
        same = (np.diff(np.rint(scaled)) == 0) & (np.diff(scaled) > SAME_SETTING)
        lost = (np.rint(scaled) == 0) & (np.abs(scaled) > SAME_SETTING)
        for value in (*values[lost], *values[1:][same]):
            raise PulsewrightError(
                f"{quantity.name} = {value:g} {quantity.si_unit} is finer than the "
                f"1 {quantity.unit} in which the hardware takes it; "
                f"give {quantity.name} in whole {quantity.unit}"
            )


def _refuse(parameters: FloatArray, bad: npt.NDArray[np.bool_], wanted: str) -> None:
    if bad.any():
        curve, column = np.argwhere(bad)[0]
        quantity = PARAMETERS[column]
        raise PulsewrightError(
            f"curve {curve} has {quantity.name} = {parameters[curve, column]} {quantity.si_unit}; "
            f"give {wanted}"
        )


def _check_currents(currents: FloatArray) -> None:
    bad = ~np.isfinite(currents)
    if bad.any():
        curve, pulse = np.argwhere(bad)[0]
        raise PulsewrightError(
            f"curve {curve}, pulse {pulse} (row {curve * currents.shape[1] + pulse}) has "
            f"current = {currents[curve, pulse]}; remove or repair that curve"
        )
    with np.errstate(over="ignore"):
        endless = np.flatnonzero(~np.isfinite(currents.max(axis=1) - currents.min(axis=1)))
    if endless.size:
        curve = endless[0]
        raise PulsewrightError(
            f"curve {curve} spans {currents[curve].min()} to {currents[curve].max()} A, more than "
            "can be scaled; give currents in A"
        )
    constant = np.flatnonzero(currents.max(axis=1) == currents.min(axis=1))
    if constant.size:
        curve = constant[0]
        raise PulsewrightError(
            f"curve {curve} has the same current, {currents[curve, 0]} A, at every pulse and "
            "cannot be scaled; remove that curve"
        )
