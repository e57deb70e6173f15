# SPDX-License-Identifier: Apache-2.0
"""The values of a netlist's gates, for many vectors at once: one in each bit of an integer."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import NamedTuple

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.synth.equivalence.bit_netlist import Bit
from pulsewright.synth.tools.yosys import Module

# By type: Python of its inputs and of a mask that has a 1 for each vector.
_GATES = {
    "$_BUF_": "{A}",
    "$_NOT_": "mask ^ {A}",
    "$_AND_": "{A} & {B}",
    "$_NAND_": "mask ^ {A} & {B}",
    "$_OR_": "{A} | {B}",
    "$_NOR_": "mask ^ ({A} | {B})",
    "$_XOR_": "{A} ^ {B}",
    "$_XNOR_": "mask ^ {A} ^ {B}",
    "$_ANDNOT_": "{A} & (mask ^ {B})",
    "$_ORNOT_": "{A} | mask ^ {B}",
    "$_MUX_": "{A} ^ ({A} ^ {B}) & {S}",
    "$_NMUX_": "mask ^ {A} ^ ({A} ^ {B}) & {S}",
}
_CONSTANTS = {"0": "0", "1": "mask", "x": "unknown", "z": "unknown"}


class Gate(NamedTuple):
    """output: the bit that it drives. inputs: by port."""

    kind: str
    output: Bit
    inputs: Mapping[str, Bit]


class Gates:
    """The gates of a module."""

    def __init__(self, module: Module) -> None:
        self._drivers = {
            cell["connections"]["Y"][0]: Gate(
                cell["type"],
                cell["connections"]["Y"][0],
                {end: bits[0] for end, bits in cell["connections"].items() if end != "Y"},
            )
            for cell in module["cells"].values()
            if cell["type"] in _GATES
        }

    def inputs(self, bit: Bit, ends: Collection[Bit] = ()) -> list[Bit]:
        """What the gate that drives it reads; the bit itself if none does, or it is an end."""
        gate = self._drivers.get(bit)
        return [bit] if gate is None or bit in ends else list(gate.inputs.values())

    def behind(self, wanted: Sequence[Bit], leaves: Collection[Bit] = ()) -> list[Gate]:
        """Those that the wanted bits depend on, each behind those that it depends on itself.

        leaves: bits at which it ends, beside those that no gate drives.

        Raises:
            PulsewrightError: a bit depends on itself.
        """
        order: list[Gate] = []
        done: set[Bit] = {*_CONSTANTS, *leaves}
        entered: set[Bit] = set()
        for root in wanted:
            stack = [root]
            while stack:
                bit = stack[-1]
                gate = self._drivers.get(bit)
                if bit in done or gate is None:
                    stack.pop()
                    continue
                missing = [
                    one for one in gate.inputs.values() if one not in done and one in self._drivers
                ]
                if missing and bit in entered:
                    raise PulsewrightError(f"bit {bit} of the netlist depends on itself")
                entered.add(bit)
                stack += missing
                if not missing:
                    done.add(bit)
                    order.append(gate)
        return order


class Evaluator:
    """The values of some bits.

    leaves: those that they depend on.
    """

    def __init__(self, gates: Gates, wanted: Sequence[Bit], leaves: Collection[Bit] = ()) -> None:
        """leaves: bits at which it ends, beside those that no gate drives.

        Raises:
            PulsewrightError: a bit depends on itself.
        """
        order = gates.behind(wanted, leaves)
        driven = {gate.output for gate in order}
        used = [bit for gate in order for bit in gate.inputs.values()]
        self.leaves = [
            bit
            for bit in dict.fromkeys((*used, *wanted))
            if bit not in driven and bit not in _CONSTANTS
        ]
        lines = [f"{_text(gate.output)} = {_expression(gate)}" for gate in order]
        taken = "".join(f", {_text(bit)}" for bit in self.leaves)
        lines.append(f"return [{', '.join(_text(bit) for bit in wanted)}]")
        scope: dict[str, Callable[..., list[int]]] = {}
        # A loop over the gates takes ten times as long; all of the text is from the tables above.
        exec(f"def evaluate(mask, unknown{taken}):\n " + "\n ".join(lines), scope)
        self._evaluate = scope["evaluate"]

    def evaluate(self, values: Mapping[Bit, int], mask: int, unknown: int = 0) -> list[int]:
        """Of the wanted bits.

        values: of the leaves; 0 of those that are missing. unknown: of constants that are x.
        """
        return self._evaluate(mask, unknown, *(values.get(bit, 0) for bit in self.leaves))


def _expression(gate: Gate) -> str:
    return _GATES[gate.kind].format(**{end: _text(bit) for end, bit in gate.inputs.items()})


def _text(bit: Bit) -> str:
    return _CONSTANTS[bit] if isinstance(bit, str) else f"b{bit}"
