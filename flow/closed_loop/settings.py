# SPDX-License-Identifier: Apache-2.0
"""What is compared in the closed loop."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from pulsewright.quant.closed_loop.pulse_energy import READ_VOLTAGE
from pulsewright.quant.closed_loop.settings import HistoryTraining
from pulsewright.quant.closed_loop.trials import FRACTIONS, TOLERANCE

Share = Annotated[float, Field(gt=0, lt=1)]


class ClosedLoopSettings(BaseModel):
    """Training, folds of the cross-validation, targets, and what a read costs in pulses.

    fractions: levels, as shares of the rise of a curve. tolerance: as a share of it. most_reads:
    up to which number of reads the error is told. array_sides: of square arrays. adc_bits,
    added_noises: of other instruments, the noise as a share of a read. read_voltage: V, at which
    the currents were read; energies of pulses and reads alone depend on it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    training: HistoryTraining = HistoryTraining()
    folds: Annotated[int, Field(ge=2, le=100)] = 10
    fractions: Annotated[tuple[Share, ...], Field(min_length=1)] = FRACTIONS
    tolerance: Share = TOLERANCE
    read_costs: tuple[Annotated[float, Field(gt=0)], ...] = (0.1, 0.5, 1.0, 3.0, 10.0)
    array_sides: tuple[Annotated[int, Field(ge=1, le=1024)], ...] = (8, 16, 32, 64, 128, 256)
    adc_bits: tuple[Annotated[int, Field(ge=2, le=24)], ...] = (8, 10, 12)
    added_noises: tuple[Share, ...] = (0.005, 0.01, 0.02, 0.04)
    read_voltage: Annotated[float, Field(gt=0, allow_inf_nan=False)] = READ_VOLTAGE
    most_reads: Annotated[int, Field(ge=2, le=60)] = 8
