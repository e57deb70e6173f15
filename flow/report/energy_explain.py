# SPDX-License-Identifier: Apache-2.0
"""Every total of tier 2 traced to the lines of its table."""

from collections.abc import Iterator, Sequence

from pulsewright.flow.report.result_table import Column, ResultTable, words
from pulsewright.hls_model.energy.total import EnergyPart, EnergyTotal


def explanation(total: EnergyTotal) -> Iterator[str]:
    """Lines of text: count x entry = pJ, sums of the parts, the total, sources, sensitivities."""
    table = total.table
    yield f"{total.what}: {table.name}, {table.operating_point}; {total.workload.cycles} cycles"
    for part in EnergyPart:
        lines = [line for line in total.lines if line.part is part]
        for line in lines:
            price = line.price
            each = f"{price.picojoule:.6g} pJ"
            if price.formula != f"{price.picojoule:g}":
                each = f"({price.formula}) pJ"
            yield (
                f"  {line.times:>8} x {each} = {line.picojoule:.6g} pJ  {line.what}  "
                f"[{price.entry}]"
            )
        if lines:
            yield f"  {part.value}: {total.part(part):.6g} pJ"
    yield f"  total: {total.picojoule:.6g} pJ = {total.picojoule / 1000:.4g} nJ"
    for part, bits in total.uncounted.items():
        yield f"  not counted, {table.name} has no entry: {part.value}, {bits} bits"
    for one in total.sensitivities():
        yield (
            f"  half of {one.entry} ({one.share:.1%} of the total): {one.halved_picojoule:.6g} pJ, "
            f"-{one.share / 2:.1%}"
        )


def sources(totals: Sequence[EnergyTotal]) -> Iterator[str]:
    """The source of every entry that the totals name."""
    table = totals[0].table
    yield f"{table.name}: {table.operating_point}; {table.source}"
    entries = {line.price.entry: line.price.source for total in totals for line in total.lines}
    for entry in sorted(entries):
        yield f"  [{entry}] {entries[entry]}"


def explanation_table(totals: Sequence[EnergyTotal]) -> ResultTable:
    """The lines of all totals, as values."""
    return ResultTable(
        "explanation",
        "Count times entry, line by line",
        (
            words("what", "what"),
            words("part", "part"),
            Column("times", "count"),
            words("operation", "operation"),
            words("entry", "entry"),
            words("formula", "formula"),
            Column("each_picojoule", "pJ each"),
            Column("picojoule", "pJ"),
        ),
        [
            (
                total.what,
                line.part.value,
                line.times,
                line.what,
                line.price.entry,
                line.price.formula,
                line.price.picojoule,
                line.picojoule,
            )
            for total in totals
            for line in total.lines
        ],
    )


def uncounted_table(totals: Sequence[EnergyTotal]) -> ResultTable:
    """What the hardware reads or writes and the table has no entry for."""
    return ResultTable(
        "not_counted",
        "What the table has no entry for",
        (words("what", "what"), words("part", "part"), Column("bits", "bits")),
        [
            (total.what, part.value, bits)
            for total in totals
            for part, bits in total.uncounted.items()
        ],
    )


def source_table(totals: Sequence[EnergyTotal]) -> ResultTable:
    """The source of every entry that the totals name."""
    entries = {line.price.entry: line.price.source for total in totals for line in total.lines}
    return ResultTable(
        "sources",
        f"{totals[0].table.name}: {totals[0].table.operating_point}; {totals[0].table.source}",
        (words("entry", "entry"), words("source", "source")),
        sorted(entries.items()),
    )
