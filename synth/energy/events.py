# SPDX-License-Identifier: Apache-2.0
"""What a cell's library says of energy, as events that a simulation can count."""

from collections.abc import Iterator
from dataclasses import dataclass

from pulsewright.synth.cells.cell_library import EDGES, Cell, Edge, Pin, Power
from pulsewright.synth.cells.function import Function
from pulsewright.synth.cells.table import Table

HELD = "held"
"""Name of the latch of a clock's gate, in functions."""

TRUE, FALSE = Function("1"), Function("0")


@dataclass(frozen=True)
class Event:
    """An edge of a pin, and its energies.

    cases: conditions on the cell's pins and its state, of which the first that holds counts, with
    their energies in pJ. share: of the energy that this event is charged with: the inputs that can
    move an output share it, since which of them did is not known.
    """

    pin: str
    edge: Edge
    cases: tuple[tuple[Function, Table], ...]
    share: float = 1.0

    @property
    def is_unconditional(self) -> bool:
        """Whether every such edge costs the same."""
        return self.cases[0][0] == TRUE


def events_of(cell: Cell) -> Iterator[Event]:
    """All events of a cell that have an energy."""
    for pin in cell.outputs:
        related = _causes(cell, pin)
        for cause in related:
            powers = [power for power in pin.powers if power.related == cause]
            yield from _events(pin, powers, TRUE, 1 / len(related))
    for pin in cell.inputs:
        powers = [power for power in pin.powers if not power.related]
        # What moves an output is in the energy of the output.
        moves_nothing = _negation(moves_output(cell, pin.name))
        yield from _events(pin, powers, moves_nothing, 1.0)


def _causes(cell: Cell, pin: Pin) -> list[str]:
    """Inputs that an output's energies are told by; those that reset a flip-flop never do here."""
    resets: set[str] = set()
    if cell.flip_flop is not None:
        for function in (cell.flip_flop.clear, cell.flip_flop.preset):
            resets |= set() if function is None else function.pins
    named = dict.fromkeys(power.related for power in pin.powers)
    return [name for name in named if name not in resets]


def _events(pin: Pin, powers: list[Power], otherwise: Function, share: float) -> Iterator[Event]:
    """otherwise: the condition of energies without one."""
    for edge in EDGES:
        told = [(power.when, power.energy[edge]) for power in powers if edge in power.energy]
        cases = [(when, table) for when, table in told if when is not None]
        cases += [(otherwise, table) for when, table in told if when is None]
        if cases:
            yield Event(pin.name, edge, tuple(cases), share)


def moves_output(cell: Cell, pin: str) -> Function:
    """Whether a change of an input changes an output, as a function of the pins and the state."""
    if cell.clock_gate is not None:
        return Function("pin", pin=HELD) if pin == cell.clock_gate.clock else FALSE
    if cell.flip_flop is not None:
        state = Function("pin", pin=cell.flip_flop.state)
        is_clock = pin in cell.flip_flop.clock.pins
        return Function("xor", (cell.flip_flop.next_state, state)) if is_clock else FALSE
    found = FALSE
    for output in cell.outputs:
        if output.function is not None and pin in output.function.pins:
            with_pin = (_where(output.function, pin, value) for value in (FALSE, TRUE))
            found = Function("or", (found, Function("xor", tuple(with_pin))))
    return found


def _where(function: Function, pin: str, value: Function) -> Function:
    """The function where a pin has a value."""
    if function.operator == "pin":
        return value if function.pin == pin else function
    return Function(function.operator, tuple(_where(one, pin, value) for one in function.operands))


def _negation(function: Function) -> Function:
    return TRUE if function == FALSE else Function("not", (function,))
