# SPDX-License-Identifier: Apache-2.0
"""A netlist as Verilog that any simulator runs, with the library's delays.

It needs no models of the library's maker. Clocks are ideal: gates of them take no time, as in the
timing analysis, since a layout balances them.
"""

from collections.abc import Iterator

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.synth.cells.cell_library import EDGES, Cell, Pin
from pulsewright.synth.cells.function import Function
from pulsewright.synth.cells.netlist import Instance, Netlist, net_text
from pulsewright.synth.energy.events import HELD

# An input's slope where it is not known: a middle one of what ABC leaves in these libraries.
SLOPE_NS = 0.08
PORT_LOAD_PF = 0.006


class GateModel:
    """Verilog of the module of a netlist, and what its signals are called.

    Raises:
        PulsewrightError: a cell computes what cannot be told from the library.
    """

    def __init__(self, netlist: Netlist) -> None:
        self._netlist = netlist
        self._numbers = {name: number for number, name in enumerate(netlist.instances)}
        self._lines: list[str] = []
        self._build()

    def load(self, net: int) -> float:
        """Of a net, in pF."""
        return self._netlist.load(net, PORT_LOAD_PF)

    @property
    def verilog(self) -> str:
        """Of the module."""
        return "\n".join(self._lines) + "\n"

    def signal(self, name: str, pin: str) -> str:
        """The net at a pin of an instance, or a state or an unconnected output of its own."""
        instance = self._netlist.instances[name]
        known = instance.cell.pins.get(pin)
        net = instance.nets.get(pin)
        is_own = known is None or (known.direction == "output" and not isinstance(net, int))
        if is_own or known is None or known.direction == "internal":
            return f"u{self._numbers[name]}_{pin}"
        return net_text("0" if net is None else net)

    def _build(self) -> None:
        netlist, write = self._netlist, self._lines.append
        write("`timescale 1ps/1ps")
        write(f"module {netlist.top} ({', '.join(netlist.ports)});")
        for name, (direction, nets) in netlist.ports.items():
            write(f"  {direction} [{len(nets) - 1}:0] {name};")
        self._lines += [f"  wire {net_text(net)};" for net in netlist.sinks]
        for name, (direction, nets) in netlist.ports.items():
            for place, net in enumerate(nets):
                pair = (f"{name}[{place}]", net_text(net))
                left, right = pair if direction == "output" else reversed(pair)
                write(f"  assign {left} = {right};")
        for name, instance in netlist.instances.items():
            self._lines += self._cell(name, instance)
        write("endmodule")

    def _cell(self, name: str, instance: Instance) -> Iterator[str]:
        """Declarations and assignments of one instance."""
        cell, prefix = instance.cell, f"u{self._numbers[name]}"
        for pin in cell.outputs:
            if not isinstance(instance.nets.get(pin.name), int):
                yield f"  wire {prefix}_{pin.name};"
        if cell.clock_gate is not None:
            gate = cell.clock_gate
            clock, enable = self.signal(name, gate.clock), self.signal(name, gate.enable)
            yield f"  reg {prefix}_{HELD} = 0;"
            yield f"  always @* if (!{clock}) {prefix}_{HELD} = {enable};"
            yield f"  assign {self.signal(name, gate.output)} = {clock} & {prefix}_{HELD};"
            return
        if cell.flip_flop is not None:
            yield from self._flip_flop(name, cell, prefix)
        for pin in cell.outputs:
            function = self._function(cell, pin).verilog(lambda one: self.signal(name, one))
            rise, fall = self._delays(instance, pin)
            yield f"  assign #({rise}, {fall}) {self.signal(name, pin.name)} = {function};"

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
        return function.verilog(lambda one: self.signal(name, one))

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
