# SPDX-License-Identifier: Apache-2.0
"""Jobs as software asks for them, and what comes of them, for the benches."""

import numpy as np

from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.hls_model.schedule.pulse_sweep import PulseSweep
from pulsewright.sim.benches.coprocessor_start import MODEL, REGISTERS, SWEEP
from pulsewright.sim.buses.coprocessor_driver import CoprocessorDriver, pack_inputs, to_signed

# Values of COMMIT_TRIGGER.
COMMIT_AND_TRIGGER, COMMIT, TRIGGER = 0, 1, 2
# Value of SOFT_CLEAR.
CLEAR_STATE = 1
# Of STATUS.
FIFO_LEVEL = 0xFF00
# Of REACHED_N.
NONE_REACHED = 0xFFFF_FFFF


def curve(row: IntegerArray, n0: int, n1: int) -> IntegerArray:
    """Input codes (n1 - n0 + 1, inputs) of a curve of the vector `row`."""
    sweep = sweep_of_model()
    codes = np.repeat(row[np.newaxis], n1 - n0 + 1, axis=0)
    codes[:, sweep.input_index] = sweep.codes[n0 - sweep.minimum : n1 - sweep.minimum + 1]
    return codes


def sweep_of_model() -> PulseSweep:
    """The sweep; tests that need one are skipped on a network without."""
    assert SWEEP is not None
    return SWEEP


async def begin(
    driver: CoprocessorDriver, row: IntegerArray, kind: int, n0: int, n1: int, target: int = 0
) -> None:
    """Describe and trigger a curve or reach job."""
    (words,) = pack_inputs(row[np.newaxis], REGISTERS.input_lane_bits)
    await driver.store_inputs(words)
    for name, value in (("JOB", kind), ("N0", n0), ("N1", n1), ("TARGET", target & 0xFFFF_FFFF)):
        await driver.write(name, value)
    assert await driver.read("ACQUIRE") < 1 << 8
    await driver.write("COMMIT_TRIGGER", 0)


async def drain(driver: CoprocessorDriver, vectors: int) -> list[list[int]]:
    """Take result vectors out of the FIFO, waiting on the bus for each.

    Where waits are bounded STATUS is asked before.
    """
    taken = []
    for _ in range(vectors):
        while REGISTERS.bounded_wait and not await driver.read("STATUS") & FIFO_LEVEL:
            pass
        words = [await driver.read("RESULT_FIFO") for _ in range(MODEL.outputs)]
        taken.append([to_signed(word) for word in words])
    return taken
