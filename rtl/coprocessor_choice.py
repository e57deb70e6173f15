# SPDX-License-Identifier: Apache-2.0
"""The coprocessor that a network gets behind a memory-mapped bus."""

from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.rtl.coprocessor import Coprocessor
from pulsewright.rtl.registers.room import fits_registers
from pulsewright.rtl.windowed_coprocessor import WindowedCoprocessor


def make_coprocessor(
    model: IntegerMlp, folded: FoldedEngine, bounded_wait: bool = False
) -> Coprocessor | WindowedCoprocessor:
    """One with windows, if inputs or results do not fit among the registers.

    Raises:
        PulsewrightError: the network does not fit the register map, or is incremental and does not
            fit among the registers.
    """
    if fits_registers(model.sizes[0], model.outputs, model.input_format.width):
        return Coprocessor(model, folded, bounded_wait=bounded_wait)
    return WindowedCoprocessor(model, folded, bounded_wait)
