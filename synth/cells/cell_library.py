# SPDX-License-Identifier: Apache-2.0
"""A cell library: what its cells compute, and their area, delays, energies and leakage.

Units: ns, pF, pJ, V, nW; areas as the library has them, which is µm².
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import product
from pathlib import Path

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.synth.cells.function import Function, parse_function
from pulsewright.synth.cells.liberty import Group, read_liberty
from pulsewright.synth.cells.table import Table, read_table

_PREFIXES = {"f": 1e-15, "p": 1e-12, "n": 1e-9, "u": 1e-6, "m": 1e-3, "": 1.0}
_UNIT = re.compile(r"([\d.]+)\s*([fpnum]?)(?:s|f|w|v)", re.IGNORECASE)
EDGES = ("rise", "fall")
Edge = str


@dataclass(frozen=True)
class Power:
    """Energy of a transition of a pin, in pJ, without the charge of its load.

    related: the input that causes it; empty if it is the pin itself. when: of the cell's other
    pins; None if always, or where no other group's holds.
    """

    related: str
    when: Function | None
    energy: Mapping[Edge, Table]


@dataclass(frozen=True)
class Arc:
    """Delay to a pin from `related`, in ns. kind: Liberty's timing_type."""

    related: str
    kind: str
    delay: Mapping[Edge, Table]


@dataclass(frozen=True)
class Pin:
    """direction: input, output, inout or internal. capacitance: in pF."""

    name: str
    direction: str
    capacitance: float = 0.0
    function: Function | None = None
    powers: tuple[Power, ...] = ()
    arcs: tuple[Arc, ...] = ()


@dataclass(frozen=True)
class FlipFlop:
    """state, inverse: names that functions of outputs use. clear, preset: None if there is none."""

    state: str
    inverse: str
    clock: Function
    next_state: Function
    clear: Function | None = None
    preset: Function | None = None


@dataclass(frozen=True)
class ClockGate:
    """Pins of a gate for rising edges, whose latch is open while the clock is low."""

    clock: str
    enable: str
    output: str


@dataclass(frozen=True)
class Cell:
    """leakage: in nW, mean over the states of the inputs."""

    name: str
    area: float
    leakage: float
    pins: Mapping[str, Pin]
    dont_use: bool = False
    flip_flop: FlipFlop | None = None
    clock_gate: ClockGate | None = None

    @property
    def inputs(self) -> list[Pin]:
        """Its input pins."""
        return [pin for pin in self.pins.values() if pin.direction == "input"]

    @property
    def outputs(self) -> list[Pin]:
        """Its output pins."""
        return [pin for pin in self.pins.values() if pin.direction == "output"]

    @cached_property
    def truth(self) -> str | None:
        """Of a cell with one output and no state: its values, such as "0001", an AND."""
        if self.flip_flop or self.clock_gate or len(self.outputs) != 1:
            return None
        function, names = self.outputs[0].function, [pin.name for pin in self.inputs]
        if function is None or len(names) > 4 or not function.pins <= set(names):
            return None
        rows = product((False, True), repeat=len(names))
        values = (function.value(dict(zip(names, row, strict=True))) for row in rows)
        return "".join(str(int(value)) for value in values)


@dataclass(frozen=True)
class CellLibrary:
    """voltage: of the supply, in V."""

    name: str
    voltage: float
    cells: Mapping[str, Cell] = field(default_factory=dict)

    def smallest(self, truth: str) -> Cell | None:
        """The smallest usable cell of that truth table; None if there is none."""
        return min(
            (one for one in self.cells.values() if one.truth == truth and not one.dont_use),
            key=lambda cell: cell.area,
            default=None,
        )

    @property
    def nand2_area(self) -> float:
        """Area of what gate equivalents are counted in.

        Raises:
            PulsewrightError: the library has no NAND of two inputs.
        """
        nand = self.smallest("1110")
        if nand is None or nand.area <= 0:
            raise PulsewrightError(f"library {self.name} has no NAND of two inputs with an area")
        return nand.area

    @property
    def tells_energies(self) -> bool:
        """Whether its cells have tables of what a transition takes."""
        pins = (pin for cell in self.cells.values() for pin in cell.pins.values())
        return any(power.energy for pin in pins for power in pin.powers)

    @property
    def tells_leakage(self) -> bool:
        """Whether it says of any cell what it leaks."""
        return any(cell.leakage for cell in self.cells.values())

    @property
    def clock_gate(self) -> Cell | None:
        """The smallest clock gate; None if there is none."""
        gates = (cell for cell in self.cells.values() if cell.clock_gate is not None)
        return min(gates, key=lambda cell: cell.area, default=None)


def read_library(path: Path) -> CellLibrary:
    """The library of a Liberty file.

    Raises:
        PulsewrightError: it is no Liberty, has no voltage, or a cell of it is not understood.
    """
    group = read_liberty(path)
    try:
        return _Reader(group).read()
    except PulsewrightError as error:
        raise PulsewrightError(f"{path}: {error}") from error


class _Reader:
    """Makes cells of groups, in our units."""

    def __init__(self, library: Group) -> None:
        self._library = library
        kinds = ("lu_table_template", "power_lut_template")
        self._templates = {one.name: one for kind in kinds for one in library.inside(kind)}
        load = library.lists.get("capacitive_load_unit", ("1", "pf"))
        volt = _unit(library.values.get("voltage_unit", "1V"))
        self._pf = _unit("".join(load)) / 1e-12
        self._ns = _unit(library.values.get("time_unit", "1ns")) / 1e-9
        self._pj = self._pf * volt**2
        self._nw = _unit(library.values.get("leakage_power_unit", "1nW")) / 1e-9
        self._volt = volt

    def read(self) -> CellLibrary:
        """All cells."""
        voltage = self._number(self._library, "nom_voltage") * self._volt
        if voltage <= 0:
            raise PulsewrightError("nom_voltage is missing or not positive")
        cells = {one.name: self._cell(one) for one in self._library.inside("cell")}
        if not cells:
            raise PulsewrightError("it has no cells")
        return CellLibrary(self._library.name, voltage, cells)

    def _number(self, group: Group, name: str, missing: float = 0.0) -> float:
        text = group.values.get(name)
        try:
            return missing if text is None else float(text)
        except ValueError as error:
            raise PulsewrightError(f"{name} of {group.kind} {group.name} is no number") from error

    def _cell(self, group: Group) -> Cell:
        states = [self._number(one, "value") for one in group.inside("leakage_power")]
        mean = sum(states) / len(states) if states else 0.0
        pins = [self._pin(pin) for pin in group.inside("pin")]
        return Cell(
            group.name,
            self._number(group, "area"),
            self._number(group, "cell_leakage_power", mean) * self._nw,
            {pin.name: pin for pin in pins},
            dont_use=group.is_true("dont_use"),
            flip_flop=next(map(_flip_flop, group.inside("ff")), None),
            clock_gate=_clock_gate(group),
        )

    def _pin(self, group: Group) -> Pin:
        function = group.values.get("function")
        return Pin(
            group.name,
            group.values.get("direction", "input"),
            self._number(group, "capacitance") * self._pf,
            None if function is None else parse_function(function),
            tuple(map(self._power, group.inside("internal_power"))),
            tuple(self._arc(one) for one in group.inside("timing") if _is_delay(one)),
        )

    def _power(self, group: Group) -> Power:
        when = group.values.get("when")
        energy = self._tables(group, "rise_power", "fall_power", self._pj)
        both = next(group.inside("power"), None)
        if both is not None:
            energy |= dict.fromkeys(EDGES, self._table(both, self._pj))
        related = group.values.get("related_pin", "")
        return Power(related, None if when is None else parse_function(when), energy)

    def _arc(self, group: Group) -> Arc:
        delay = self._tables(group, "cell_rise", "cell_fall", self._ns)
        kind = group.values.get("timing_type", "combinational")
        return Arc(group.values.get("related_pin", ""), kind, delay)

    def _tables(self, group: Group, rise: str, fall: str, unit: float) -> dict[Edge, Table]:
        found = {}
        for edge, kind in zip(EDGES, (rise, fall), strict=True):
            table = next(group.inside(kind), None)
            if table is not None:
                found[edge] = self._table(table, unit)
        return found

    def _table(self, group: Group, unit: float) -> Table:
        table = read_table(group, self._templates)
        return replace(
            table,
            slopes=tuple(one * self._ns for one in table.slopes),
            loads=tuple(one * self._pf for one in table.loads),
            values=tuple(tuple(one * unit for one in row) for row in table.values),
        )


def _is_delay(timing: Group) -> bool:
    """Whether it is a delay and no constraint."""
    return any(next(timing.inside(kind), None) for kind in ("cell_rise", "cell_fall"))


def _flip_flop(group: Group) -> FlipFlop:
    state, inverse = (*group.arguments, "", "")[:2]
    clear, preset = (group.values.get(name) for name in ("clear", "preset"))
    return FlipFlop(
        state,
        inverse,
        parse_function(group.values.get("clocked_on", "")),
        parse_function(group.values.get("next_state", "")),
        None if clear is None else parse_function(clear),
        None if preset is None else parse_function(preset),
    )


def _clock_gate(group: Group) -> ClockGate | None:
    """None if the cell is none for rising edges, or has a pin for tests."""
    if group.values.get("clock_gating_integrated_cell") != "latch_posedge":
        return None
    roles = {}
    for role in ("clock", "enable", "out"):
        flag = f"clock_gate_{role}_pin"
        roles[role] = next((pin.name for pin in group.inside("pin") if pin.is_true(flag)), None)
    clock, enable, output = roles["clock"], roles["enable"], roles["out"]
    if clock is None or enable is None or output is None:
        return None
    return ClockGate(clock, enable, output)


def _unit(text: str) -> float:
    match = _UNIT.fullmatch(text.strip())
    if match is None:
        raise PulsewrightError(f"{text!r} is no unit that is known")
    return float(match[1]) * _PREFIXES[match[2].lower()]
