# SPDX-License-Identifier: Apache-2.0
"""The coprocessor that a network gets behind a memory-mapped bus."""

from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.rtl.coprocessor import Coprocessor
from pulsewright.rtl.inference_coprocessor import InferenceCoprocessor
from pulsewright.rtl.registers.room import check_fifo_depth, check_maps_inputs, fits_registers
from pulsewright.rtl.windowed_coprocessor import WindowedCoprocessor


def make_coprocessor(
    model: IntegerMlp,
    folded: FoldedEngine,
    bounded_wait: bool = False,
    infer_only: bool = False,
    fifo_depth: int | None = None,
    maps_inputs: bool = False,
) -> Coprocessor | InferenceCoprocessor | WindowedCoprocessor:
    """One with windows, if inputs or results do not fit among the registers.

    infer_only: one without jobs. fifo_depth: vectors that the FIFO of one with all jobs holds.
    maps_inputs: one with the input map in hardware.

    Raises:
        PulsewrightError: the network does not fit the register map, or is incremental and does not
            fit among the registers, or infer_only, fifo_depth or maps_inputs is asked for where
            they cannot be.
    """
    if infer_only:
        return InferenceCoprocessor(model, folded, bounded_wait, maps_inputs)
    if fits_registers(model.sizes[0], model.outputs, model.input_format.width):
        return Coprocessor(
            model,
            folded,
            bounded_wait=bounded_wait,
            fifo_depth=fifo_depth,
            maps_inputs=maps_inputs,
        )
    check_fifo_depth(fifo_depth)
    if maps_inputs:
        check_maps_inputs(model, has_windows=True)
    return WindowedCoprocessor(model, folded, bounded_wait)
