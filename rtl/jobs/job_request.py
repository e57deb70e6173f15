# SPDX-License-Identifier: Apache-2.0
"""What software asks for: one job, as its registers describe it."""

from enum import IntEnum

from amaranth import Const, unsigned
from amaranth.lib import data

from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.pulse_sweep import pulse_sweep

# Bits of the register JOB, the lowest of which are the kind.
KIND, INCREMENTS, STREAM = 0b11, 1 << 8, 1 << 9


class JobKind(IntEnum):
    """JOB.KIND; 3 is not a job."""

    INFER = 0
    CURVE = 1
    REACH = 2


class JobRequest(data.StructLayout):
    """One job.

    Attributes:
        kind: a `JobKind`.
        increments: as in the register JOB.
        stream: as in the register JOB.
        n0: first pulse number, as wide as the largest that there is.
        n1: last pulse number.
        target: signed, in units of the first result.
        codes: input codes side by side.
    """

    def __init__(self, model: IntegerMlp) -> None:
        sweep = pulse_sweep(model)
        number_bits = len(Const(sweep.maximum if sweep is not None else 0))
        super().__init__(
            {
                "kind": 2,
                "increments": 1,
                "stream": 1,
                "n0": number_bits,
                "n1": number_bits,
                "target": 32,
                "codes": unsigned(model.input_format.width * model.sizes[0]),
            }
        )
