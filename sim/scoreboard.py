# SPDX-License-Identifier: Apache-2.0
"""Compares what a simulation gives with the integer reference."""

from typing import Any

from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.sim.bench_files import BenchOutcome
from pulsewright.sim.coverage.functional.arithmetic import cover_rows


class Scoreboard:
    """Expected results of all rows in order, and a count of those that differ.

    codes: (rows, inputs). Every observed result must be of the next row: one too many is a
    mismatch as well, and `finish` counts those that never came.
    """

    def __init__(self, model: IntegerMlp, codes: IntegerArray) -> None:
        self.model = model
        self.codes = codes
        self.expected = model.infer(codes)
        self.rows = 0
        self.mismatches = 0
        self.first_mismatch: str | None = None

    def check(self, observed: list[int]) -> None:
        """Compare the next row's outputs."""
        row = self.rows
        self.rows += 1
        expected = self.expected[row].tolist() if row < len(self.expected) else None
        if observed != expected:
            inputs = self.codes[row].tolist() if expected is not None else None
            self._mismatch(f"row {row}: inputs {inputs}, expected {expected}, got {observed}")

    def finish(self) -> None:
        """Count the rows that have no result as mismatches, and what the others met."""
        missing = len(self.expected) - self.rows
        for _ in range(max(missing, 0)):
            self._mismatch(f"row {self.rows}: no result")
        cover_rows(self.model, self.codes[: self.rows])

    def outcome(self, **measured: Any) -> BenchOutcome:
        """The comparison so far, with what else was measured."""
        return BenchOutcome(
            rows=self.rows,
            mismatches=self.mismatches,
            first_mismatch=self.first_mismatch,
            **measured,
        )

    def _mismatch(self, sentence: str) -> None:
        self.mismatches += 1
        if self.first_mismatch is None:
            self.first_mismatch = sentence
