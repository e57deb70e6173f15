# SPDX-License-Identifier: Apache-2.0
"""The registers as firmware sees them: a model that knows no mercy.

It notes where the hardware would answer with a bus error or let a core wait for ever.
"""

from collections import deque

import numpy as np

from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.hls_model.reference.input_map import InputMap, fit_affine
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.hls_model.schedule.pulse_sweep import PulseSweep, pulse_sweep
from pulsewright.hls_model.schedule.weight_window import weight_window
from pulsewright.rtl.registers.register_map import compile_register_map
from tests.models import changed

BASE = 0x5000_0000
INFER, CURVE, REACH = 0, 1, 2
STREAM = 0x200


class Registers:
    """The coprocessor as firmware sees it: one job at a time, done when it is looked at again."""

    def __init__(
        self,
        model: IntegerMlp,
        folded: FoldedEngine,
        bounded_wait: bool = False,
        infer_only: bool = False,
        maps_inputs: bool = False,
    ) -> None:
        self.model = model
        self.map = compile_register_map(
            model,
            folded,
            bounded_wait=bounded_wait,
            infer_only=infer_only,
            maps_inputs=maps_inputs,
        )
        self.constants = {
            r.address: r.reset
            for r in self.map.registers
            if r.readable and not r.writable and not r.from_hardware
        }
        window = weight_window(folded) if folded.reloadable else None
        has_layers = not infer_only or folded.reloadable
        for i, layer in enumerate(folded.layers if has_layers else ()):
            base = self.map[f"LAYER[{i}].SHAPE"].address
            self.constants[base] = layer.inputs | layer.neurons << 16
            self.constants[base + 4] = layer.pe | layer.simd << 16
            self.constants[base + 8] = self.constants[base + 12] = 0
            if window is not None:
                place = window.layers[i]
                width = model.layers[i].weight_format.width
                self.constants[base + 8] = width | 28 << 8 | place.row_words << 16
                self.constants[base + 12] = place.weights_base // 4 | place.bias_base // 4 << 16
        self.window = {a for a, _ in window.image(model)} if window else set()
        self.weights: dict[int, int] = {}
        self.stored = {r.address: r.reset for r in self.map.registers if r.storage}
        self.inputs = {r.address for r in self.map.array("INPUT")}
        self.stored |= dict.fromkeys(self.inputs, 0)
        self.accesses: list[tuple[str, int, int]] = []
        self.acquired = False
        self.running = 0  # looks at STATUS until the job is done
        self.queued = False
        self.pending = 0
        self.base = BASE
        self.job_id = 0
        self.fifo: deque[int] = deque()
        self.streams_inferences = False
        self.results = [0] * model.outputs
        self.reached = 0xFFFF_FFFF
        self.broken: list[str] = []
        self.stuck = False  # a job that never ends
        self.late = 0  # looks at STATUS until the FIFO has a result
        self.dead = False  # every access is a bus error, and a load gives 0
        self.bus_errors = 0
        self.idles = 0

    def address(self, name: str) -> int:
        return self.map[name].address

    def take_bus_errors(self) -> int:
        count, self.bus_errors = self.bus_errors, 0
        return count

    def idle(self) -> None:
        self.idles += 1

    def wrong(self, sentence: str) -> int:
        self.broken.append(sentence)
        return 0xDEAD_BEEF

    def load(self, address: int) -> int:
        offset = address - self.base
        if self.dead:
            self.bus_errors += 1
            return 0
        word = self._load(offset)
        self.accesses.append(("load", offset, word))
        return word

    def _load(self, offset: int) -> int:
        if offset in self.constants:
            return self.constants[offset]
        if offset in self.inputs and self.map.infer_only:
            return self.wrong("load of INPUT, which is not read back")
        if offset in self.stored:
            return self.stored[offset]
        if offset in self.window:
            return self.weights.get(offset, 0xA5A5_A5A5)
        name = next((r.name for r in self.map.registers if r.address == offset), None)
        if name is None:
            return self.wrong(f"load of {offset:#x}")
        if name == "ACQUIRE":
            if self.acquired:
                return 0xFFFF_FFFE
            if self.queued:
                return 0xFFFF_FFFF
            self.acquired = True
            return self.job_id
        if name == "STATUS":
            self.running = max(self.running - 1, 0)
            self.late = max(self.late - 1, 0)
            level = 0 if self.late else -(-len(self.fifo) // self.model.outputs)
            busy = bool(self.running) or self.stuck
            return busy | self.queued << 1 | self.acquired << 2 | min(level, 8) << 8
        if self.map.bounded_wait and name == "RESULT_FIFO" and self.late:
            return self.wrong("load of RESULT_FIFO that waits too long")
        if self.map.bounded_wait and name.startswith("RESULT[") and (self.running or self.stuck):
            return self.wrong("load of RESULT that waits too long")
        if name == "RESULT_FIFO":
            return self.fifo.popleft() if self.fifo else self.wrong("load of an empty FIFO")
        if name.startswith("RESULT["):
            if self.fifo:
                return self.wrong("load of RESULT while a job streams")
            return self.results[(offset - self.address("RESULT[0]")) // 4] & 0xFFFF_FFFF
        if name == "INTERRUPT_PENDING":
            return self.pending | 2 * bool(self.fifo)
        if name == "REACHED_N":
            return self.reached
        if name in ("CYCLES", "COMPLETED_JOBS"):
            return 17
        return self.wrong(f"load of {name}")

    def store(self, address: int, word: int) -> None:
        offset = address - self.base
        if self.dead:
            self.bus_errors += 1
            return
        self.accesses.append(("store", offset, word))
        if offset in self.window:
            if self.running or self.queued:
                self.wrong("store of a weight while a job runs")
            self.weights[offset] = word
            return
        name = next((r.name for r in self.map.registers if r.address == offset), "nothing")
        if name == "INTERRUPT_PENDING":
            self.pending &= ~word
        elif name in ("COMMIT_TRIGGER", "SOFT_CLEAR"):
            if name == "COMMIT_TRIGGER" and word == 0:
                self.commit()
            elif name == "SOFT_CLEAR" and word == 1:
                self.acquired, self.running, self.queued = False, 0, False
                self.pending = 0
                self.fifo.clear()
            else:
                self.wrong(f"store of {word} to {name}, of which the model knows nothing")
        elif name.startswith("PHYSICAL"):
            self.store_physical(name, word)
        elif offset in self.stored:
            job_word = name.startswith("INPUT[") or name in ("JOB", "N0", "N1", "TARGET")
            held = self.running if self.map.infer_only else self.queued
            if self.map.bounded_wait and held and job_word:
                self.wrong(f"store of {name} that waits too long")
            if self.holds_back and name not in ("AUTOTRIGGER", "EVENT_ENABLE", "INTERRUPT_ENABLE"):
                self.wrong(f"store of {name} while a job streams")
            self.stored[offset] = word
            last = self.map.array("INPUT")[-1].address
            if offset == last and self.starts_by_words:
                self.acquired = True
                self.commit()
        else:
            self.wrong(f"store to {name}")

    def store_physical(self, name: str, word: int) -> None:
        """The code of an integer, in its lane; one that starts is a job of its own."""
        held = self.running if self.map.infer_only else self.queued
        if (self.map.bounded_wait and held) or self.fifo:
            self.wrong(f"store of {name} that waits too long or is refused")
        number = int(name[name.index("[") + 1 : -1])
        feature, limits = self.model.input_map.features[number], self.model.input_format
        code = int(feature.codes(np.array([word - (word >> 31 << 32)]))[0])
        code = min(max(code, limits.minimum), limits.maximum)
        lane = self.map.input_lane_bits
        address = self.map.array("INPUT")[number * lane // 32].address
        low, mask = number * lane % 32, (1 << lane) - 1
        self.stored[address] = self.stored[address] & ~(mask << low) | (code & mask) << low
        if name.startswith("PHYSICAL_START"):
            self.acquired = True
            self.commit()

    @property
    def holds_back(self) -> bool:
        """A store to the words of a job may be refused: one that streams holds another back.

        Of inferences the first may run still, and the second wait.
        """
        return len(self.fifo) > self.model.outputs * self.streams_inferences

    @property
    def starts_by_words(self) -> bool:
        """The last input word starts a job."""
        return self.map.infer_only or self.stored[self.address("AUTOTRIGGER")] != 0

    def codes(self) -> IntegerArray:
        lane, width = self.map.input_lane_bits, self.model.input_format.width
        signed = self.model.input_format.signed
        words = [self.stored[r.address] for r in self.map.array("INPUT")]
        together = sum(word << (32 * i) for i, word in enumerate(words))
        raw = [(together >> (lane * i)) & ((1 << width) - 1) for i in range(self.model.sizes[0])]
        codes = [c - (1 << width) * (signed and c >> (width - 1)) for c in raw]
        return np.array([codes], dtype=np.int64)

    def commit(self) -> None:
        if not self.acquired:
            self.wrong("commit of no job")
        self.acquired = False
        self.job_id = (self.job_id + 1) % 256
        job = INFER if self.map.infer_only else self.stored[self.address("JOB")]
        if job & 3 == INFER:
            self.results = self.model.infer(self.codes())[0].tolist()
            self.pending |= 1
            self.streams_inferences = bool(job & STREAM)
            if self.streams_inferences:
                self.fifo.extend(value & 0xFFFF_FFFF for value in self.results)
            if self.map.bounded_wait:
                self.running = 5
            return
        n0, n1 = (self.stored[self.address(name)] for name in ("N0", "N1"))
        sweep = pulse_sweep(self.model)
        if sweep is None or not sweep.minimum <= n0 <= n1 <= sweep.maximum:
            self.wrong("commit of a job that is not valid")
            return
        rows = swept(self.model, sweep, self.codes(), n0, n1)
        self.streams_inferences = False
        if job & 3 == CURVE:
            before = np.zeros_like(rows[:1])
            values = np.diff(rows, axis=0, prepend=before) if job & 0x100 else rows
            self.fifo.extend(int(v) & 0xFFFF_FFFF for v in values.ravel())
        else:
            target = self.stored[self.address("TARGET")]
            target -= (target >> 31) << 32
            hits = np.flatnonzero(rows[:, 0] >= target)
            self.reached = n0 + int(hits[0]) if len(hits) else 0xFFFF_FFFF
            self.running = 5


def swept(
    model: IntegerMlp, sweep: PulseSweep, codes: IntegerArray, n0: int, n1: int
) -> IntegerArray:
    """Results (pulse numbers, outputs) of n0 to n1."""
    rows = np.repeat(codes.reshape(1, -1), n1 - n0 + 1, axis=0)
    rows[:, sweep.input_index] = sweep.codes[n0 - sweep.minimum : n1 - sweep.minimum + 1]
    return model.infer(rows)


def with_pulse_number(model: IntegerMlp) -> IntegerMlp:
    """The same network whose third input counts pulses, 2 to 60."""
    features = list(model.input_map.features)
    fields = features[2].model_dump(include={"name", "per_si"})
    base = type(features[2]).__mro__[1]
    feature = base(**fields | {"unit": "pulse", "minimum": 2, "maximum": 60})
    features[2] = fit_affine(feature, model.input_format)
    return changed(
        model,
        input_map=InputMap(features=tuple(features), code_format=model.input_map.code_format),
    )
