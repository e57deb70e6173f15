# SPDX-License-Identifier: Apache-2.0
"""What benches saw of planted faults, as tables."""

from collections.abc import Sequence

from pulsewright.flow.report.result_table import Column, JsonValue, ResultTable, words
from pulsewright.flow.steps.mutation_result import MutationResult
from pulsewright.synth.mutants.mutant import Mutant, Part


def _percent(value: JsonValue) -> str:
    return f"{100 * value:.1f} %" if isinstance(value, float) else "-"


def score_table(name: str, result: MutationResult) -> ResultTable:
    """Mutants by part, those that are equivalent, and what each bench saw. name: the recipe's."""
    benches = result.choice.benches
    rows: list[tuple[JsonValue, ...]] = []
    for part in (*(part for part in Part if result.of(part)), None):
        chosen = result.of(part)
        scores = [result.score(kind, part) for kind in benches]
        rows.append(
            (
                "all" if part is None else part.value,
                len(chosen),
                sum(one.equivalent for one in chosen),
                *(value for score in scores for value in (score.detected, score.share)),
            )
        )
    columns = [
        words("part", "part"),
        Column("mutants", "faults"),
        Column("equivalent", "proven to change nothing"),
    ]
    for kind in benches:
        columns.append(Column(f"{kind.value}_detected", f"{kind.value} bench sees"))
        columns.append(Column(f"{kind.value}_score", "of the rest", _percent))
    return ResultTable(
        "mutation",
        f"{name}: faults planted in the coprocessor's Verilog",
        tuple(columns),
        rows,
        "A fault that keeps a bench from ending counts as seen.",
    )


def survivor_table(name: str, result: MutationResult, verilog: Sequence[str]) -> ResultTable:
    """Each fault that a bench did not see, with its line. verilog: lines of the design."""
    rows: list[tuple[JsonValue, ...]] = [
        (
            mutant.number,
            kind.value,
            mutant.part.value,
            mutant.module,
            change(mutant),
            mutant.lines[-1] if mutant.lines else None,
            verilog[mutant.lines[-1] - 1].strip() if mutant.lines else None,
        )
        for kind in result.choice.benches
        for mutant in result.survivors(kind)
    ]
    return ResultTable(
        "survivors",
        f"{name}: faults that no check saw",
        (
            Column("number", "number"),
            words("bench", "bench"),
            words("part", "part"),
            words("module", "module"),
            words("change", "change"),
            Column("line", "line"),
            words("statement", "statement"),
        ),
        rows,
    )


def change(mutant: Mutant) -> str:
    """What is changed, in words: the wire and its bit if it has a name, else the cell's port."""
    what = {
        "inv": "inverted",
        "const0": "0 always",
        "const1": "1 always",
        "cnot0": f"inverted while bit {mutant.control_bit} is 0",
        "cnot1": f"inverted while bit {mutant.control_bit} is 1",
    }.get(mutant.mode, mutant.mode)
    where = mutant.wire or f"port {mutant.port} of the logic"
    return f"{where}, bit {mutant.bit}: {what}"
