# SPDX-License-Identifier: Apache-2.0
from pulsewright.flow.report.mutation_tables import change, score_table, survivor_table
from pulsewright.flow.steps.mutation_result import (
    BenchKind,
    JudgedMutant,
    MutationChoice,
    MutationResult,
)
from pulsewright.sim.mutants.verdict import Verdict
from pulsewright.synth.mutants.mutant import Mutant, Part

PACKAGE, COCOTB = BenchKind.PACKAGE, BenchKind.COCOTB
LINES = ["module x;", "  assign y = a & b;"]


def judged(
    number: int, part: Part, package: Verdict, cocotb: Verdict, *, equivalent: bool = False
) -> JudgedMutant:
    mutant = Mutant(
        number=number, part=part, mode="inv", module="x", cell="$and", port="Y", bit=3, lines=(1, 2)
    )
    return JudgedMutant(
        mutant=mutant, verdicts={PACKAGE: package, COCOTB: cocotb}, equivalent=equivalent
    )


RESULT = MutationResult(
    choice=MutationChoice(mutants=5, seed=0, rows=4, jobs=1, benches=(PACKAGE, COCOTB)),
    made_from={},
    mutants=(
        judged(1, Part.ENGINE, Verdict.DETECTED, Verdict.DETECTED),
        judged(2, Part.ENGINE, Verdict.SURVIVED, Verdict.HUNG),
        judged(3, Part.ENGINE, Verdict.SURVIVED, Verdict.SURVIVED, equivalent=True),
        judged(4, Part.JOBS, Verdict.SURVIVED, Verdict.SURVIVED),
        judged(5, Part.WEIGHTS, Verdict.SURVIVED, Verdict.SURVIVED, equivalent=True),
    ),
)


def test_scores_leave_out_what_changes_nothing() -> None:
    table = score_table("mine", RESULT)
    assert [column.key for column in table.columns] == [
        *("part", "mutants", "equivalent"),
        *("package_detected", "package_score", "cocotb_detected", "cocotb_score"),
    ]
    assert table.rows == [
        ("engine", 3, 1, 1, 0.5, 2, 1.0),
        ("weight tables", 1, 1, 0, None, 0, None),
        ("jobs", 1, 0, 0, 0.0, 0, 0.0),
        ("all", 5, 2, 1, 1 / 3, 2, 2 / 3),
    ]


def test_survivors_are_named_by_their_lines() -> None:
    rows = survivor_table("mine", RESULT, LINES).rows
    what = ("x", "port Y of the logic, bit 3: inverted", 2, "assign y = a & b;")
    assert rows == [
        (2, "package", "engine", *what),
        (4, "package", "jobs", *what),
        (4, "cocotb", "jobs", *what),
    ]


def test_changes_in_words() -> None:
    mutant = RESULT.mutants[0].mutant
    for mode, words in (
        ("const0", "wide, bit 3: 0 always"),
        ("const1", "wide, bit 3: 1 always"),
        ("cnot0", "wide, bit 3: inverted while bit 5 is 0"),
        ("cnot1", "wide, bit 3: inverted while bit 5 is 1"),
    ):
        other = mutant.model_copy(update={"mode": mode, "wire": "wide", "control_bit": 5})
        assert change(other) == words
