# SPDX-License-Identifier: Apache-2.0
"""A cycle-by-cycle simulation of a folded chain, from the description of its parts alone.

Parts (docs/hardware.md and the docstrings of the feeds): a feed turns beats into steps, one a
cycle; a pipeline of registers carries each step, can stall and closes bubbles; the accumulator
lets a group go on with its last step; several groups of outputs are gathered into one beat.
No formula for the interval or the latency appears here.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Stage:
    """A register that takes `merges` beats before it offers one."""

    merges: int = 1
    full: bool = False
    merged: int = 0
    vector: int = -1


@dataclass
class Layer:
    inputs: int
    neurons: int
    pe: int
    simd: int
    beat: int
    hidden: bool

    steps: int = 0
    groups: int = 0
    kind: str = ""
    stages: list[Stage] = field(default_factory=list)
    step: int = 0
    group: int = 0
    # Double buffer: beats written to each bank, and which vector they belong to.
    written: list[int] = field(default_factory=lambda: [0, 0])
    owner: list[int] = field(default_factory=lambda: [-1, -1])
    write_bank: int = 0
    read_bank: int = 0

    def __post_init__(self) -> None:
        self.steps = math.ceil(self.inputs / self.simd)
        self.groups = math.ceil(self.neurons / self.pe)
        self.beats = math.ceil(self.inputs / self.beat)
        if self.beats == 1:
            self.kind = "held"
        elif self.groups == 1 and self.beat == self.simd:
            self.kind = "direct"
        else:
            self.kind = "double"
        # Operand and product registers, one register after every three adder levels, accumulator,
        # requantiser on hidden layers.
        levels = 0
        while 2**levels < self.simd:
            levels += 1
        tree = math.ceil(levels / 3)
        self.stages = [Stage() for _ in range(2 + tree)]
        self.stages.append(Stage(merges=self.steps))
        if self.hidden:
            self.stages.append(Stage())

    def step_offered(self, beat_offered: bool) -> bool:
        if self.kind != "double":
            return beat_offered
        present = self.written[self.read_bank] * self.beat
        return present >= min((self.step + 1) * self.simd, self.inputs)

    def beat_taken(self, step_taken: bool) -> bool:
        """Whether the feed takes the beat that is offered to it."""
        if self.kind == "direct":
            return step_taken
        if self.kind == "held":
            return step_taken and self.step == self.steps - 1 and self.group == self.groups - 1
        return self.written[self.write_bank] < self.beats

    def vector_of_step(self, beat_vector: int) -> int:
        return self.owner[self.read_bank] if self.kind == "double" else beat_vector


class Chain:
    """Source of vectors, layers, an optional gathering register, a sink."""

    def __init__(self, sizes: tuple[int, ...], foldings: list[tuple[int, int]]) -> None:
        beat, self.layers = sizes[0], []
        for number, (pe, simd) in enumerate(foldings):
            hidden = number < len(foldings) - 1
            self.layers.append(Layer(sizes[number], sizes[number + 1], pe, simd, beat, hidden))
            beat = pe
        groups = self.layers[-1].groups
        self.gather = Stage(merges=groups) if groups > 1 else None

    def run(
        self,
        vectors: int,
        offer: Callable[[int], bool] = lambda cycle: True,
        take: Callable[[int], bool] = lambda cycle: True,
    ) -> tuple[list[int], list[int]]:
        """Cycles in which each vector was first offered and in which its result was taken."""
        offered: list[int] = []
        taken: list[int] = []
        source, holding, cycle = 0, False, 0
        while len(taken) < vectors:
            if not holding and source < vectors and offer(cycle):
                holding = True
                offered.append(cycle)
            finished, consumed = self._cycle(holding, source, take(cycle))
            if finished is not None:
                assert finished == len(taken), "results out of order"
                taken.append(cycle)
            if consumed:
                source += 1
                holding = False
            cycle += 1
            assert cycle < 1_000_000, "the chain came to a halt"
        return offered, taken

    def _cycle(self, holding: bool, source: int, sink_ready: bool) -> tuple[int | None, bool]:
        """One clock cycle: what every register offers is known before any of them moves."""
        # Forward: offers depend on registers, and on the source for a feed without storage.
        offers: list[bool] = []
        beat_vectors: list[int] = []
        offer, vector = holding, source
        for layer in self.layers:
            beat_vectors.append(vector)
            offers.append(offer)
            offer, vector = layer.stages[-1].full, layer.stages[-1].vector
        result_offer, result_vector = offer, vector

        # Backward: whether each register can take one this cycle.
        finished: int | None = None
        if self.gather is not None:
            leaves = self.gather.full and sink_ready
            if leaves:
                finished = self.gather.vector
            ready = not self.gather.full or leaves
        else:
            ready = sink_ready
            if result_offer and sink_ready:
                finished = result_vector
        gather_loads = self.gather is not None and result_offer and ready

        moves: list[Callable[[], None]] = []
        if self.gather is not None:
            moves.append(self._load(self.gather, gather_loads, finished is not None, result_vector))
        consumed = False
        for position in reversed(range(len(self.layers))):
            layer = self.layers[position]
            for number in reversed(range(len(layer.stages))):
                stage = layer.stages[number]
                leaves = stage.full and ready
                can_take = not stage.full or leaves
                if number > 0:
                    before = layer.stages[number - 1]
                    arrives, arriving = before.full, before.vector
                else:
                    arrives = layer.step_offered(offers[position])
                    arriving = layer.vector_of_step(beat_vectors[position])
                moves.append(self._load(stage, arrives and can_take, leaves, arriving))
                ready = can_take
            step_taken = layer.step_offered(offers[position]) and ready
            takes_beat = layer.beat_taken(step_taken)
            moves.append(
                self._feed(
                    layer, step_taken, offers[position] and takes_beat, beat_vectors[position]
                )
            )
            ready = takes_beat
            consumed = offers[position] and takes_beat
        for move in moves:
            move()
        return finished, consumed

    @staticmethod
    def _load(stage: Stage, loads: bool, leaves: bool, vector: int) -> Callable[[], None]:
        def move() -> None:
            if leaves:
                stage.full, stage.merged = False, 0
            if loads:
                if stage.merged:
                    assert stage.vector == vector, "two vectors in one accumulator"
                stage.vector = vector
                stage.merged += 1
                stage.full = stage.merged == stage.merges

        return move

    @staticmethod
    def _feed(layer: Layer, step_taken: bool, beat_taken: bool, vector: int) -> Callable[[], None]:
        def move() -> None:
            if beat_taken and layer.kind == "double":
                bank = layer.write_bank
                layer.owner[bank] = vector
                layer.written[bank] += 1
                if layer.written[bank] == layer.beats:
                    layer.write_bank = 1 - bank
            if step_taken:
                layer.step = (layer.step + 1) % layer.steps
                if layer.step == 0:
                    layer.group = (layer.group + 1) % layer.groups
                    if layer.group == 0 and layer.kind == "double":
                        layer.written[layer.read_bank] = 0
                        layer.read_bank = 1 - layer.read_bank

        return move
