# SPDX-License-Identifier: Apache-2.0
"""What a register and an empty address answer through any bus."""

from pulsewright.rtl.registers.register import Register
from pulsewright.sim.benches.coprocessor_start import MODEL, REGISTERS
from pulsewright.sim.buses.coprocessor_driver import CoprocessorDriver

# Byte enables of parts of a word: single bytes, halves, and all but one byte.
NARROW = (0x1, 0x8, 0x3, 0xC, 0x7, 0xB, 0xD, 0xE)


async def check_reset_value(driver: CoprocessorDriver, register: Register) -> None:
    """A register reads as after a reset."""
    # An empty FIFO has nothing to read.
    empty = register.name == "RESULT_FIFO"
    value = await driver.read(register.name, error_expected=empty)
    assert empty or value == register.reset & register.readable, f"{register.name} = {value:#x}"


async def check_storage(driver: CoprocessorDriver, register: Register) -> None:
    """A register keeps whole words in the bits that it has, and refuses narrow ones."""
    for pattern in (0xFFFF_FFFF, 0x5A5A_A5A5, 0):
        await driver.write(register.name, pattern)
        assert await driver.read(register.name) == pattern & register.storage
        for narrow in NARROW:
            await driver.write(register.name, ~pattern & 0xFFFF_FFFF, narrow, error_expected=True)
        assert await driver.read(register.name) == pattern & register.storage


async def check_refusals(driver: CoprocessorDriver, register: Register) -> None:
    """Words that keep nothing refuse narrow writes too; what is not for reading reads as 0."""
    if register.writable and not register.storage:
        await driver.write(register.name, 0, 0x1, error_expected=True)
    if not register.readable:
        assert await driver.read(register.name) == 0


async def check_empty_addresses(driver: CoprocessorDriver) -> None:
    """Where nothing is, accesses are refused."""
    known = {register.address for register in REGISTERS.registers}
    known |= {*REGISTERS.input_addresses, *REGISTERS.result_addresses}
    if REGISTERS.window is not None:
        known |= {address for address, _ in REGISTERS.window.image(MODEL)}
    for address in (0x5C, 0x7C, 0xFC, 0x400, 0xFFC, 0x1000, 0x1FFC):
        if address not in known and address < 1 << REGISTERS.address_bits:
            await driver.read_address(address, error_expected=True)
            await driver.write_address(address, 1, error_expected=True)
