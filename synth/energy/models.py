# SPDX-License-Identifier: Apache-2.0
"""A netlist as Verilog that any simulator runs, with the library's delays and with counters.

It needs no models of the library's maker. Clocks are ideal: gates of them take no time, as in the
timing analysis, since a layout balances them.
"""

from collections.abc import Iterator
from typing import NamedTuple

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.synth.cells.cell_library import EDGES, Cell, Edge, Pin
from pulsewright.synth.cells.function import Function
from pulsewright.synth.cells.netlist import Instance, Netlist, net_text
from pulsewright.synth.energy.events import HELD, Event, events_of

# An input's slope where it is not known: a middle one of what ABC leaves in these libraries.
SLOPE_NS = 0.08
PORT_LOAD_PF = 0.006


class Counter(NamedTuple):
    """What one counter counts: a case of an event, or, without an event, edges of a net.

    instance: of the event. net: that moves. case: number of the event's case.
    """

    edge: Edge
    net: int
    instance: str = ""
    event: Event | None = None
    case: int = 0


class GateModel:
    """Verilog of the module of a netlist, and what its counters count.

    The module has a register `counting`; while it is 1 the counters count. The task `tell` writes
    them to a file, one a line, and sets them to 0.

    Raises:
        PulsewrightError: a cell computes what cannot be told from the library.
    """

    def __init__(self, netlist: Netlist, wire_load_pf: float = 0.0) -> None:
        self._netlist = netlist
        self._wire_load = wire_load_pf
        self._numbers = {name: number for number, name in enumerate(netlist.instances)}
        self.counters: list[Counter] = []
        self._lines: list[str] = []
        self._build()

    def load(self, net: int) -> float:
        """Of a net, in pF."""
        return self._netlist.load(net, PORT_LOAD_PF, self._wire_load)

    @property
    def verilog(self) -> str:
        """Of the module."""
        return "\n".join(self._lines) + "\n"

    def _build(self) -> None:
        netlist, write = self._netlist, self._lines.append
        write("`timescale 1ps/1ps")
        write(f"module {netlist.top} ({', '.join(netlist.ports)});")
        for name, (direction, nets) in netlist.ports.items():
            write(f"  {direction} [{len(nets) - 1}:0] {name};")
        write("  reg counting = 0;")
        self._lines += [f"  wire {net_text(net)};" for net in netlist.sinks]
        for name, (direction, nets) in netlist.ports.items():
            for place, net in enumerate(nets):
                pair = (f"{name}[{place}]", net_text(net))
                left, right = pair if direction == "output" else reversed(pair)
                write(f"  assign {left} = {right};")
        for name, instance in netlist.instances.items():
            self._lines += self._cell(name, instance)
        self._count()
        total = len(self.counters)
        self._lines += [
            f"  integer count [0:{max(total - 1, 0)}];",
            "  integer each;",
            f"  initial for (each = 0; each < {total}; each = each + 1) count[each] = 0;",
            "  task tell(input integer file);",
            f"    for (each = 0; each < {total}; each = each + 1) begin",
            '      $fdisplay(file, "%0d", count[each]);',
            "      count[each] = 0;",
            "    end",
            "  endtask",
            "endmodule",
        ]

    def _cell(self, name: str, instance: Instance) -> Iterator[str]:
        """Declarations and assignments of one instance."""
        cell, prefix = instance.cell, f"u{self._numbers[name]}"
        for pin in cell.outputs:
            if not isinstance(instance.nets.get(pin.name), int):
                yield f"  wire {prefix}_{pin.name};"
        if cell.clock_gate is not None:
            gate = cell.clock_gate
            clock, enable = self._at(name, gate.clock), self._at(name, gate.enable)
            yield f"  reg {prefix}_{HELD} = 0;"
            yield f"  always @* if (!{clock}) {prefix}_{HELD} = {enable};"
            yield f"  assign {self._at(name, gate.output)} = {clock} & {prefix}_{HELD};"
            return
        if cell.flip_flop is not None:
            yield from self._flip_flop(name, cell, prefix)
        for pin in cell.outputs:
            function = self._function(cell, pin).verilog(lambda one: self._at(name, one))
            rise, fall = self._delays(instance, pin)
            yield f"  assign #({rise}, {fall}) {self._at(name, pin.name)} = {function};"

    def _flip_flop(self, name: str, cell: Cell, prefix: str) -> Iterator[str]:
        state = cell.flip_flop
        assert state is not None
        register = f"{prefix}_{state.state}"
        edges, steps = [f"posedge {prefix}_clock"], []
        yield f"  wire {prefix}_clock = {self._text(name, state.clock)};"
        for function, value in ((state.clear, 0), (state.preset, 1)):
            if function is not None:
                wire = f"{prefix}_to_{value}"
                yield f"  wire {wire} = {self._text(name, function)};"
                edges.append(f"posedge {wire}")
                steps.append(f"if ({wire}) {register} <= 1'b{value}; else ")
        yield f"  reg {register} = 0;"
        yield f"  wire {prefix}_{state.inverse} = ~{register};"
        following = f"{register} <= {self._text(name, state.next_state)};"
        yield f"  always @({' or '.join(edges)}) {''.join(steps)}{following}"

    def _text(self, name: str, function: Function) -> str:
        return function.verilog(lambda one: self._at(name, one))

    def _at(self, name: str, pin: str) -> str:
        """The net at a pin of an instance, or a state or an unconnected output of its own."""
        instance = self._netlist.instances[name]
        known = instance.cell.pins.get(pin)
        net = instance.nets.get(pin)
        is_own = known is None or (known.direction == "output" and not isinstance(net, int))
        if is_own or known is None or known.direction == "internal":
            return f"u{self._numbers[name]}_{pin}"
        return net_text("0" if net is None else net)

    def _function(self, cell: Cell, pin: Pin) -> Function:
        if pin.function is None:
            raise PulsewrightError(
                f"the library does not tell what {cell.name} computes at {pin.name}; map without "
                "that cell, or give a library that does"
            )
        return pin.function

    def _delays(self, instance: Instance, pin: Pin) -> tuple[int, int]:
        """Rise and fall in ps: the mean over the inputs that cause them, at least 1."""
        net = instance.nets.get(pin.name)
        load = self.load(net) if isinstance(net, int) else 0.0
        arcs = [arc for arc in pin.arcs if arc.kind not in ("clear", "preset")]
        found = []
        for edge in EDGES:
            delays = [arc.delay[edge](SLOPE_NS, load) for arc in arcs if edge in arc.delay]
            mean = sum(delays) / len(delays) if delays else 0.0
            found.append(max(1, round(1000 * mean)))
        return found[0], found[1]

    def _count(self) -> None:
        """Edges of all nets, and events that depend on the state of their cell."""
        for net in self._netlist.sinks:
            for edge in EDGES:
                self._counter(net_text(net), edge, [("", Counter(edge, net))])
        for name, instance in self._netlist.instances.items():
            for event in events_of(instance.cell):
                moved = instance.nets.get(event.pin)
                if event.is_unconditional or not isinstance(moved, int):
                    continue
                cases = [
                    (
                        self._text(name, condition),
                        Counter(event.edge, moved, name, event, case),
                    )
                    for case, (condition, _) in enumerate(event.cases)
                ]
                self._counter(net_text(moved), event.edge, cases)

    def _counter(self, net: str, edge: Edge, cases: list[tuple[str, Counter]]) -> None:
        steps = []
        for condition, counter in cases:
            number = len(self.counters)
            self.counters.append(counter)
            step = f"count[{number}] = count[{number}] + 1;"
            steps.append(f"if ({condition}) {step}" if condition else step)
        sign = "posedge" if edge == "rise" else "negedge"
        self._lines.append(
            f"  always @({sign} {net}) if (counting) begin {' else '.join(steps)} end"
        )
