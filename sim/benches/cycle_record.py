# SPDX-License-Identifier: Apache-2.0
"""Which unit of an engine works in which clock cycle, by the enables and streams of its Verilog."""

import re
from typing import Any

# Enables of a layer's registers in the order of its pipeline, and what their stages are called.
_STAGES = (
    (r"operand_load", "operands"),
    (r"multiply_load", "multiply"),
    (r"adder_tree(\d+)_load", "adder tree"),
    (r"accumulate_load", "accumulate"),
    (r"scale_load", "scale"),
    (r"activate_load", "activate"),
)


class CycleRecord:
    """The first cycles of an engine, one sample a cycle when its signals have settled.

    engine: handle of the engine in the design. An engine without layers has no units.
    """

    def __init__(self, engine: Any, cycles: int) -> None:
        self.cycles = cycles
        self._signals: dict[str, list[Any]] = {}
        parts = {child._name: child for child in engine}
        layers = sorted(int(name[5:]) for name in parts if re.fullmatch(r"layer\d+", name))
        for number in layers:
            # What hands a whole vector on in one step has a stream that needs no valid.
            beats = _stream(parts.get(f"feed{number}"), "beats")
            if beats:
                self._signals[f"layer {number}: beats in"] = beats
            self._add_layer(number, parts[f"layer{number}"])
        if "gather" in parts:
            groups = [parts["gather"].groups__valid, parts["gather"].groups__ready]
            self._signals["gather: results in"] = groups
        self.busy: dict[str, list[int]] = {unit: [] for unit in self._signals}

    def _add_layer(self, number: int, layer: Any) -> None:
        names = {child._name: child for child in layer}
        for pattern, stage in _STAGES:
            matches = (re.fullmatch(pattern, name) for name in names)
            for match in sorted(filter(None, matches), key=lambda one: one.groups()):
                title = " ".join([stage, *match.groups()])
                self._signals[f"layer {number}: {title}"] = [names[match.string]]
        results = [layer.results__valid, layer.results__ready]
        self._signals[f"layer {number}: results out"] = results

    def sample(self, cycle: int) -> None:
        """Note the units whose signals are all high in this cycle; none after the last one."""
        if cycle < self.cycles:
            for unit, signals in self._signals.items():
                if all(int(signal.value) for signal in signals):
                    self.busy[unit].append(cycle)


def _stream(part: Any, name: str) -> list[Any]:
    """Valid and ready of a stream; nothing if there is no such part, or it has not both."""
    if part is None:
        return []
    names = {child._name: child for child in part}
    ends = [names.get(f"{name}__{end}") for end in ("valid", "ready")]
    return [] if None in ends else ends
