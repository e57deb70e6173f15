# SPDX-License-Identifier: Apache-2.0
"""Registers that never change, which mappers leave out, or whose names they lose."""

from collections.abc import Collection, Mapping

from pulsewright.synth.equivalence.bit_netlist import Bit, BitNetlist
from pulsewright.synth.equivalence.evaluation import Gates
from pulsewright.synth.equivalence.exhaustion import always

# More take too long for hundreds of registers.
MOST_LEAVES = 16


def constant_registers(
    netlist: BitNetlist, unpaired: Collection[Bit], fixed: Mapping[Bit, int]
) -> dict[Bit, int]:
    """Values of those of the unpaired ones that stay as their reset or first load left them.

    fixed: values of others that are known.

    Raises:
        PulsewrightError: the netlist has a loop of gates.
    """
    gates, found = Gates(netlist.module), dict(fixed)
    while True:
        # One that is known may be what keeps another one constant.
        left = [bit for bit in unpaired if bit not in found]
        values = {bit: _constant_value(netlist, gates, bit, found) for bit in left}
        known = {bit: value for bit, value in values.items() if value is not None}
        if not known:
            return {bit: value for bit, value in found.items() if bit not in fixed}
        found.update(known)


def _constant_value(
    netlist: BitNetlist, gates: Gates, bit: Bit, fixed: Mapping[Bit, int]
) -> int | None:
    flip_flop = netlist.flip_flops[bit]
    for value in "01" if flip_flop.reset is None else flip_flop.reset_value:
        number = int(value)
        if always(number, gates, flip_flop.data, {**fixed, bit: number}, MOST_LEAVES):
            return number
    return None
