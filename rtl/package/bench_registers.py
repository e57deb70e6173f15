# SPDX-License-Identifier: Apache-2.0
"""What the plain test bench stores in registers, and where none is."""

from pulsewright.hls_model.words import WORD_BYTES
from pulsewright.rtl.package.bench_sweep import BenchSweep
from pulsewright.rtl.package.design import PackagedDesign
from pulsewright.rtl.registers.register import Register

# Of addresses; windows are above.
REGISTER_SPACE_BITS = 12
BLOCK_BITS = 6
CURVE, STREAM = 1, 1 << 9
_OTHER_CODES = 0x2A2A_2A2A


def empty_addresses(design: PackagedDesign) -> list[int]:
    """Addresses where no register is, each one bit from the first register of a block.

    A decoder that leaves out a bit would take one of them for that register.
    """
    taken = {register.address for register in design.register_map.registers}
    blocks: dict[int, int] = {}
    for address in sorted(taken):
        blocks.setdefault(address >> BLOCK_BITS, address)
    bits = range(WORD_BYTES.bit_length() - 1, REGISTER_SPACE_BITS)
    return sorted({first ^ 1 << bit for first in blocks.values() for bit in bits} - taken)


def stored_registers(design: PackagedDesign) -> list[Register]:
    """Those that keep what is written; AUTOTRIGGER last, since it starts jobs."""
    found = (r for r in design.register_map.registers if r.storage)
    return sorted(found, key=lambda register: register.name == "AUTOTRIGGER")


def widest_register(design: PackagedDesign) -> Register:
    """The one that keeps most bits."""
    return max(stored_registers(design), key=lambda register: register.storage.bit_count())


def descriptions(
    design: PackagedDesign, sweep: BenchSweep | None, words: list[int]
) -> list[tuple[int, int, int]]:
    """Stores that would change a job which waits for the one before it: address, word, bits kept.

    sweep, words: the jobs of the bench, and the input words that they start from. The job that
    waits may be any but a curve that streams. None behind windows, which keep two vectors, and
    where no job waits.
    """
    registers = design.register_map
    if registers.data_windows is not None or registers.infer_only:
        return []
    others = {"JOB": STREAM if sweep is None else CURVE}
    if sweep is not None:
        others |= {"N0": sweep.last, "N1": sweep.first, "TARGET": sweep.farthest}
    for register, word in zip(registers.array("INPUT"), words, strict=True):
        others[register.name] = word ^ _OTHER_CODES
    return [
        (registers[name].address, other, registers[name].storage) for name, other in others.items()
    ]
