# SPDX-License-Identifier: Apache-2.0
"""Bits within a function that are themselves functions of what nothing else in it depends on."""

from collections import defaultdict
from collections.abc import Callable, Collection

from pulsewright.synth.equivalence.bit_netlist import Bit
from pulsewright.synth.equivalence.evaluation import Gate


def separable_bits(
    order: list[Gate],
    root: Bit,
    is_free: Callable[[Bit], bool],
    known: Collection[Bit],
) -> list[Bit]:
    """Those nearest to `root` in the cone of gates that it depends on, and not `root` itself.

    Of f(x, g(y)) that is g, if no y is among the x. If g takes both values, f(x, g(y)) is the same
    for all x and y just if f(x, z) is for all x and z.

    order: of the cone, each behind those that it depends on. is_free: whether a bit takes both.
    known: bits whose value is known, which are in the result as well.
    """
    inputs: dict[Bit, list[Bit]] = {
        gate.output: [bit for bit in gate.inputs.values() if isinstance(bit, int)] for gate in order
    }
    numbers: dict[Bit, int] = defaultdict(lambda: len(numbers))
    readers: dict[Bit, int] = defaultdict(int)
    for output, ends in inputs.items():
        for bit in ends:
            readers[bit] |= 1 << numbers[output]
    # Sets of bits as integers: what a bit depends on, itself included, and who reads any of that.
    depends: dict[Bit, int] = {}
    read_by: dict[Bit, int] = {}
    for output, ends in inputs.items():
        depends[output], read_by[output] = 1 << numbers[output], 0
        for bit in ends:
            depends[output] |= depends.get(bit, 1 << numbers[bit])
            read_by[output] |= read_by.get(bit, 0) | readers[bit]
    ends_at: list[Bit] = []
    seen: set[Bit] = {root}
    pending: list[Bit] = list(inputs.get(root, ()))
    while pending:
        bit = pending.pop()
        if bit in seen or bit not in inputs:
            continue
        seen.add(bit)
        if bit in known or (is_free(bit) and not read_by[bit] & ~depends[bit]):
            ends_at.append(bit)
        else:
            pending += inputs[bit]
    return ends_at
