# SPDX-License-Identifier: Apache-2.0
"""Top levels with the ports that a SoC expects: explicit clock and reset, standard bus names."""

from collections.abc import Mapping

from amaranth import ClockDomain, ClockSignal, Module, ResetSignal, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.reference.network_output import OutputKind
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.rtl.attachments.registry import make_attachment
from pulsewright.rtl.buses.options import AttachmentOptions
from pulsewright.rtl.buses.registry import checked_options
from pulsewright.rtl.clock_gate import ClockGate
from pulsewright.rtl.coprocessor_choice import make_coprocessor
from pulsewright.rtl.engine_choice import make_engine
from pulsewright.rtl.module_component import ModuleComponent
from pulsewright.rtl.registers.bounded_wait import BoundedWait

CLOCK_PORTS = {
    "clk_i": "clock, rising edge",
    "rst_ni": "reset, asynchronous, active low",
}
COPROCESSOR_PORTS = {
    "irq_o": "interrupt, high while a bit of INTERRUPT_PENDING is set and enabled",
    "event_o": "high for one cycle when a job ends, if EVENT_ENABLE is set",
    "clock_enable_o": "low while the clock may stop: no edge would change anything",
}


def coprocessor_outputs() -> dict[str, wiring.Member]:
    """The ports of `COPROCESSOR_PORTS`, which every top of a coprocessor has."""
    return {name: Out(1) for name in COPROCESSOR_PORTS}


STREAM_PORTS = {
    "vector_valid_i": "an input vector is offered, and stays until it is taken",
    "vector_ready_o": "it is taken in this cycle",
    "vector_data_i": "input codes side by side, the first in the lowest bits",
    "result_valid_o": "a result vector is offered, and stays until it is taken",
    "result_ready_i": "it is taken in this cycle",
    "result_data_o": "results",
}
RESULT_DATA = {
    OutputKind.ACCUMULATOR: "output accumulators side by side, the first in the lowest bits",
    OutputKind.CODE: "output codes side by side, the first in the lowest bits",
    OutputKind.ARGMAX: "index of the largest output, the lowest index of equal ones",
}


class Top(ModuleComponent):
    """Ports `clk_i` and `rst_ni` (asynchronous, active low) drive the only clock domain.

    The domain is driven from ports of our own because one that Amaranth makes inside a design
    gets no port in Verilog.

    model: what the coprocessor computes. folded: how its engine is built.
    """

    def __init__(
        self, model: IntegerMlp, folded: FoldedEngine, ports: dict[str, wiring.Member]
    ) -> None:
        self.model = model
        self.folded = folded
        super().__init__({"clk_i": In(1), "rst_ni": In(1), **ports})

    @property
    def port_comments(self) -> Mapping[str, str]:
        """One line on each port."""
        return CLOCK_PORTS

    def clocked_module(self, enable: Signal | None = None) -> Module:
        """A module whose `sync` domain runs from the ports, and only while `enable` if given."""
        m = self.module()
        m.domains.sync = ClockDomain(async_reset=True)
        m.d.comb += ResetSignal().eq(~self.rst_ni)
        if enable is None:
            m.d.comb += ClockSignal().eq(self.clk_i)
        else:
            m.submodules.clock_gate = gate = ClockGate()
            m.d.comb += [
                gate.clock.eq(self.clk_i),
                gate.enable.eq(enable),
                ClockSignal().eq(gate.gated),
            ]
        return m


class BusTop(Top):
    """The coprocessor behind a memory-mapped attachment, with an interrupt and an event.

    attachment: its name in `rtl/buses/registry.py`. Ports are named as its standard names
    them. options: of the attachment; its defaults if None. clock_enable_o: low when no clock edge
    would change anything, for a clock gate outside; it follows the port's requests in the same
    cycle, so that a request never meets a stopped clock.

    Raises:
        PulsewrightError: the network does not fit the register map, there is no such attachment,
            or it cannot have these options.
    """

    def __init__(
        self,
        model: IntegerMlp,
        folded: FoldedEngine,
        attachment: str = "obi",
        options: AttachmentOptions | None = None,
    ) -> None:
        self.options = checked_options(attachment, options)
        self.coprocessor = make_coprocessor(
            model,
            folded,
            bounded_wait=self.options.max_wait is not None,
            infer_only=self.options.infer_only,
            fifo_depth=self.options.fifo_depth,
            maps_inputs=self.options.maps_inputs,
        )
        self.attachment = make_attachment(
            attachment, len(self.coprocessor.bus.address), self.options
        )
        self.bus_ports = self.attachment.verilog_ports()
        ports = coprocessor_outputs()
        for name, member in self.attachment.port.signature.members.items():
            ports[self.bus_ports[name]] = member
        super().__init__(model, folded, ports)

    @property
    def comment(self) -> str:
        """See `ModuleComponent`."""
        return "The coprocessor, its bus and its interrupt; all clocks and resets are these."

    @property
    def port_comments(self) -> Mapping[str, str]:
        """One line on each port."""
        bus = self.attachment.signal_comments
        return {
            **CLOCK_PORTS,
            **COPROCESSOR_PORTS,
            **{self.bus_ports[name]: text for name, text in bus.items()},
        }

    def elaborate(self, platform: object) -> Module:
        """Build the logic."""
        m = self.clocked_module(self.clock_enable_o if self.options.clock_gate else None)
        m.submodules.attachment = attachment = self.attachment
        m.submodules.coprocessor = self.coprocessor
        refused_at_port = attachment.refused_at_port
        if self.options.max_wait is None:
            wiring.connect(m, attachment.bus, self.coprocessor.bus)
        else:
            m.submodules.bounded_wait = bounded = BoundedWait(
                self.options.max_wait, len(self.coprocessor.bus.address)
            )
            wiring.connect(m, attachment.bus, bounded.access)
            wiring.connect(m, bounded.registers, self.coprocessor.bus)
            refused_at_port |= bounded.refused
        for name, member in attachment.port.signature.members.items():
            inner, outer = getattr(attachment.port, name), getattr(self, self.bus_ports[name])
            m.d.comb += inner.eq(outer) if member.flow is In else outer.eq(inner)
        m.d.comb += [
            self.coprocessor.refused_at_port.eq(refused_at_port),
            self.irq_o.eq(self.coprocessor.irq),
            self.event_o.eq(self.coprocessor.event),
            self.clock_enable_o.eq(attachment.active | self.coprocessor.active),
        ]
        return m


class StreamTop(Top):
    """The bare engine: a stream of input vectors in, a stream of result vectors out.

    `STREAM_PORTS` says what its ports are. II and latency are the engine's. Weights are constants,
    since an engine alone has no window through which they could be loaded.
    """

    def __init__(self, model: IntegerMlp, folded: FoldedEngine) -> None:
        folded = folded.model_copy(update={"reloadable": False})
        self.engine = make_engine(model, folded)
        super().__init__(
            model,
            folded,
            {
                "vector_valid_i": In(1),
                "vector_ready_o": Out(1),
                "vector_data_i": In(model.input_format.width * model.sizes[0]),
                "result_valid_o": Out(1),
                "result_ready_i": In(1),
                "result_data_o": Out(model.output_format.width * model.outputs),
            },
        )

    @property
    def comment(self) -> str:
        """See `ModuleComponent`."""
        return "The bare engine: a stream of input vectors in, a stream of result vectors out."

    @property
    def port_comments(self) -> Mapping[str, str]:
        """One line on each port."""
        return {**CLOCK_PORTS, **STREAM_PORTS, "result_data_o": RESULT_DATA[self.model.output]}

    def elaborate(self, platform: object) -> Module:
        """Build the logic."""
        m = self.clocked_module()
        m.submodules.engine = engine = self.engine
        m.d.comb += [
            engine.vector.valid.eq(self.vector_valid_i),
            engine.vector.payload.eq(self.vector_data_i),
            self.vector_ready_o.eq(engine.vector.ready),
            self.result_valid_o.eq(engine.result.valid),
            self.result_data_o.eq(engine.result.payload),
            engine.result.ready.eq(self.result_ready_i),
        ]
        return m
