# SPDX-License-Identifier: Apache-2.0
"""The handshake of one pipeline register that can stall and closes bubbles."""

from amaranth import Module, Signal, Value


class ElasticStage:
    """Valid bit and load enable of a pipeline register.

    The register loads when its producer offers and it is empty or about to be emptied. Latency
    1 cycle, throughput 1 beat a cycle. `load` is the enable of the stage's data registers, so
    that they hold still when nothing arrives.

    valid: the register holds a beat. ready: it takes one this cycle. load: it does.
    """

    def __init__(self, name: str) -> None:
        self.valid = Signal(name=f"{name}_valid")
        self.ready = Signal(name=f"{name}_ready")
        self.load = Signal(name=f"{name}_load")

    def connect(self, m: Module, offered: Value, taken: Value, completes: Value | int = 1) -> None:
        """Join the stage to its neighbours.

        offered: the producer's valid. taken: the consumer's ready. completes: the beat loaded now
        makes the stage valid (an accumulator becomes valid with its last beat only).
        """
        m.d.comb += [
            self.ready.eq(~self.valid | taken),
            self.load.eq(offered & self.ready),
        ]
        with m.If(self.load):
            m.d.sync += self.valid.eq(completes)
        with m.Elif(taken):
            m.d.sync += self.valid.eq(0)
