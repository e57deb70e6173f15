# SPDX-License-Identifier: Apache-2.0
"""What the benches of a whole coprocessor share: its files, its registers, and its start."""

from typing import Any

from pulsewright.hls_model.schedule.pulse_sweep import pulse_sweep
from pulsewright.hls_model.schedule.sequence import curve_cycles
from pulsewright.rtl.registers.register_map import compile_register_map
from pulsewright.sim.bench_files import BenchFolder
from pulsewright.sim.buses.coprocessor_driver import CoprocessorDriver
from pulsewright.sim.buses.registry import simulated_bus

FOLDER = BenchFolder.from_environment()
MODEL = FOLDER.model()
FOLDED = FOLDER.folded()
CODES = FOLDER.codes()
ATTACHMENT = FOLDER.attachment()
OPTIONS = FOLDER.options()
REGISTERS = compile_register_map(MODEL, FOLDED, bounded_wait=OPTIONS.max_wait is not None)


async def start(dut: Any) -> CoprocessorDriver:
    """Reset the coprocessor, and load its weights if they are reloadable."""
    sweep = pulse_sweep(MODEL)
    longest_job = curve_cycles(FOLDED, len(sweep.codes) if sweep else 1)
    bus = simulated_bus(ATTACHMENT).driver(dut, longest_wait=2 * longest_job + 100)
    driver = CoprocessorDriver(dut, REGISTERS, bus)
    await driver.reset()
    if FOLDED.reloadable:
        await driver.load_weights(MODEL)
    return driver
