# SPDX-License-Identifier: Apache-2.0
"""The input code of a pulse number, in logic."""

from amaranth import Cat, Const, Module, Shape, Value

from pulsewright.hls_model.schedule.pulse_sweep import PulseSweep, constant_step
from pulsewright.rtl.engine.constant_rom import constant_rom


def pulse_code(m: Module, sweep: PulseSweep, number: Value, shape: Shape) -> Value:
    """The code of pulse number `number`; anything for one outside the sweep.

    Codes a constant step apart are computed, others are a table. Latency 0.
    """
    offset = number - sweep.minimum if sweep.minimum else number
    index = offset[: len(Const(0, range(len(sweep.codes))))]
    step = constant_step(sweep)
    if step is not None:
        code = index * step + int(sweep.codes[0])
        if len(code) < shape.width:
            # Codes that leave the upper part of their format unused: as wide as the others.
            above = code[-1] if code.shape().signed else Const(0, 1)
            return Cat(code, above.replicate(shape.width - len(code)))
        return code[: shape.width]
    return constant_rom(m, "pulse_code_rom", index, sweep.codes.tolist(), shape)
