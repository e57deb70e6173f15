# SPDX-License-Identifier: Apache-2.0
"""The top level with a serial line: what a board without a processor needs."""

from collections.abc import Mapping

from amaranth import Module
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.rtl.coprocessor_choice import make_coprocessor
from pulsewright.rtl.top import CLOCK_PORTS, Top
from pulsewright.rtl.uart.receiver import BIT_CYCLES_WIDTH
from pulsewright.rtl.uart.register_bridge import RegisterBridge
from pulsewright.rtl.uart.silence import SILENCE_CYCLES_WIDTH

UART_PORTS = {
    "uart_rx_i": "serial line from the host, of any phase; high when nothing is sent",
    "uart_tx_o": "serial line to the host",
    "bit_cycles_i": "clock cycles of a bit, 4 or more; does not change",
    "silence_cycles_i": "clock cycles of silence after which a request begins; does not change",
    "listening_o": "high after a request that was whole and right",
}


class UartTop(Top):
    """The coprocessor behind a serial line whose frames read and write its registers.

    Its ports are those of `UART_PORTS`; frames are those of `rtl/uart/frames.py`. A row costs the
    bits of its frames, 20 bits a byte there and back, which is far more than its job.

    Raises:
        PulsewrightError: the network does not fit the register map.
    """

    def __init__(self, model: IntegerMlp, folded: FoldedEngine) -> None:
        self.coprocessor = make_coprocessor(model, folded)
        super().__init__(
            model,
            folded,
            {
                "uart_rx_i": In(1),
                "uart_tx_o": Out(1),
                "bit_cycles_i": In(BIT_CYCLES_WIDTH),
                "silence_cycles_i": In(SILENCE_CYCLES_WIDTH),
                "listening_o": Out(1),
            },
        )

    @property
    def comment(self) -> str:
        """See `ModuleComponent`."""
        return "The coprocessor behind a serial line whose frames read and write its registers."

    @property
    def port_comments(self) -> Mapping[str, str]:
        """One line on each port."""
        return {**CLOCK_PORTS, **UART_PORTS}

    def elaborate(self, platform: object) -> Module:
        """Build the logic."""
        m = self.clocked_module()
        m.submodules.bridge = bridge = RegisterBridge(len(self.coprocessor.bus.address))
        m.submodules.coprocessor = self.coprocessor
        wiring.connect(m, bridge.bus, self.coprocessor.bus)
        m.d.comb += [
            bridge.rx.eq(self.uart_rx_i),
            self.uart_tx_o.eq(bridge.tx),
            bridge.bit_cycles.eq(self.bit_cycles_i),
            bridge.silence_cycles.eq(self.silence_cycles_i),
            self.listening_o.eq(bridge.listening),
            self.coprocessor.refused_at_port.eq(bridge.refused_at_port),
        ]
        return m
