# SPDX-License-Identifier: Apache-2.0
from typing import Any

import numpy as np
import pytest
from amaranth import Module, Signal

from pulsewright.hls_model.schedule.pulse_sweep import PulseSweep, constant_step
from pulsewright.rtl.engine.shapes import shape_of
from pulsewright.rtl.jobs.pulse_codes import pulse_code
from tests.models import FixedPoint
from tests.rtl.simulation import run

SHAPE = shape_of(FixedPoint(width=8, frac=7, signed=True))


@pytest.mark.parametrize(
    "sweep",
    [
        PulseSweep(0, 0, 2 * np.arange(100) - 99),
        PulseSweep(2, 1, np.arange(-100, 101, 4)),
        PulseSweep(0, 5, np.arange(120, -128, -3)),
        PulseSweep(1, 1, np.array([-127, -70, -30, 4, 127])),
        PulseSweep(0, 3, np.array([9, 9])),
        # Fewer bits than the format has, of either sign.
        PulseSweep(0, 0, np.arange(9)),
        PulseSweep(0, 0, np.arange(-8, -2)),
        PulseSweep(0, 0, np.array([0, -1])),
    ],
)
def test_every_pulse_number_has_its_code(sweep: PulseSweep) -> None:
    number, code = Signal(16), Signal(SHAPE)
    m = Module()
    value = pulse_code(m, sweep, number, SHAPE)
    assert len(value) == SHAPE.width, "the codes of other inputs lie behind it"
    m.d.comb += code.eq(value)

    async def testbench(ctx: Any) -> None:
        for n, expected in enumerate(sweep.codes.tolist(), start=sweep.minimum):
            ctx.set(number, n)
            assert ctx.get(code) == expected

    run(m, testbench)
    steps = set(np.diff(sweep.codes).tolist())
    assert constant_step(sweep) == (steps.pop() if len(steps) == 1 else None)
