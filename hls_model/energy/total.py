# SPDX-License-Identifier: Apache-2.0
"""One energy of tier 2, as a sum of lines that each name an entry of one table."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from pulsewright.hls_model.activity.engine import Activity, default_store, engine_activity
from pulsewright.hls_model.activity.operations import OperationKind
from pulsewright.hls_model.activity.register_writes import RegisterKind
from pulsewright.hls_model.activity.weight_reads import ReadKind, WeightStore, weight_bits
from pulsewright.hls_model.energy.table import EnergyTable, Price
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.reference.reloadable import reloadable_formats
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.hls_model.schedule.workload import Workload


class WeightHome(StrEnum):
    """Where weights live.

    LOGIC: constants; tables in logic are charged nothing. REGISTERS: flip-flops or a register
    file. SRAM: the smallest of the table that holds them all, charged by the bit.
    """

    LOGIC = "logic"
    REGISTERS = "registers"
    SRAM = "SRAM"


class EnergyPart(StrEnum):
    """What the energy is spent for."""

    MULTIPLY = "multiplications"
    ADD = "additions"
    WEIGHTS = "weight reads"
    REGISTERS = "register writes"


class EnergyLine(NamedTuple):
    """So many times the price, of what."""

    part: EnergyPart
    times: int
    what: str
    price: Price

    @property
    def picojoule(self) -> float:
        """Energy of the line."""
        return self.times * self.price.picojoule


class Sensitivity(NamedTuple):
    """An entry of the table: its share of a total, 0 to 1, and the total if it were half."""

    entry: str
    share: float
    halved_picojoule: float


@dataclass(frozen=True)
class EnergyTotal:
    """Energy of a workload, by one table.

    uncounted: bits that the hardware reads or writes and the table has no entry for, by part.
    """

    table: EnergyTable
    workload: Workload
    home: WeightHome
    home_name: str
    lines: tuple[EnergyLine, ...]
    uncounted: Mapping[EnergyPart, int]

    @property
    def what(self) -> str:
        """Workload and home of the weights: inference, weights in logic."""
        return f"{self.workload.name}, weights in {self.home_name}"

    @property
    def picojoule(self) -> float:
        """The sum of all lines."""
        return sum(line.picojoule for line in self.lines)

    @property
    def arithmetic(self) -> float:
        """Multiplications and additions, pJ."""
        return self.part(EnergyPart.MULTIPLY) + self.part(EnergyPart.ADD)

    def part(self, part: EnergyPart) -> float:
        """The sum of the lines of a part, pJ."""
        return sum(line.picojoule for line in self.lines if line.part is part)

    def sensitivities(self) -> list[Sensitivity]:
        """Entries of the table by their share of the total, the dominating one first."""
        total = self.picojoule
        by_entry: defaultdict[str, float] = defaultdict(float)
        for line in self.lines:
            by_entry[line.price.entry] += line.picojoule
        return [
            Sensitivity(entry, picojoule / total, total - picojoule / 2)
            for entry, picojoule in sorted(by_entry.items(), key=lambda pair: -pair[1])
        ]


def total_energy(
    model: IntegerMlp,
    engine: FoldedEngine,
    workload: Workload,
    table: EnergyTable,
    home: WeightHome,
) -> EnergyTotal:
    """What the engine executes for the workload, each operation times its entry.

    Constants in logic turn the products of a layer of one step into additions; weights from
    registers or an SRAM are multiplied with in every layer. Register writes are charged if the
    table has an entry. Control, multiplexers, comparisons, clock tree and leakage are charged
    nothing, by any table.

    Raises:
        PulsewrightError: weights exceed the largest SRAM of the table.
    """
    store = default_store(engine)
    if store is WeightStore.LOGIC and home is not WeightHome.LOGIC:
        store = WeightStore.ANY_MEMORY
    activity = engine_activity(model, engine, workload, store)
    lines, name = list(_operation_lines(activity, table)), home.value
    uncounted: Counter[EnergyPart] = Counter()
    read_price = table.register_price("read")
    if home is WeightHome.SRAM:
        built = reloadable_formats(model) if engine.reloadable else model
        capacity = weight_bits(built)
        read_price = table.sram_price(capacity)
        size = table.sram_for(capacity).bytes
        name = "SRAM" if size is None else f"{_kibi(size)} SRAM"
    if home is not WeightHome.LOGIC:
        for read in ReadKind:
            bits = activity.bits_read(read)
            if bits and read_price is None:
                uncounted[EnergyPart.WEIGHTS] += bits
            elif bits and read_price is not None:
                what = f"bit of {read.value} read"
                lines.append(EnergyLine(EnergyPart.WEIGHTS, bits, what, read_price))
    write_price = table.register_price("write")
    written = {kind: activity.bits_written(kind) for kind in RegisterKind}
    if write_price is None:
        uncounted[EnergyPart.REGISTERS] = sum(written.values())
    else:
        lines += [
            EnergyLine(EnergyPart.REGISTERS, bits, f"bit of {kind.value} register", write_price)
            for kind, bits in written.items()
            if bits
        ]
    return EnergyTotal(table, workload, home, name, tuple(lines), uncounted)


def _operation_lines(activity: Activity, table: EnergyTable) -> Iterator[EnergyLine]:
    """Multiplications, then additions, the widest first."""
    for operation in sorted(activity.operations, reverse=True):
        multiply = operation.kind is OperationKind.MULTIPLY
        part = EnergyPart.MULTIPLY if multiply else EnergyPart.ADD
        what = f"{operation.kind.value}, {operation.width_a} bits"
        if multiply:
            what = f"multiply, {operation.width_a} x {operation.width_b} bits"
        yield EnergyLine(part, activity.operations[operation], what, table.price(operation))


def _kibi(size: int) -> str:
    return f"{size // 1024} KiB" if size % 1024 == 0 else f"{size} byte"
