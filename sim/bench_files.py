# SPDX-License-Identifier: Apache-2.0
"""What the flow and a test bench tell each other, as files of the simulation folder."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from pydantic import BaseModel, ConfigDict

from pulsewright.hls_model.files.atomic_write import atomic_path, write_text
from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.rtl.buses.options import AttachmentOptions
from pulsewright.rtl.buses.registry import checked_options
from pulsewright.sim.bench_names import Measurement

FOLDER_VARIABLE = "PULSEWRIGHT_BENCH"


class BenchOutcome(BaseModel):
    """What a test bench measured.

    rows, mismatches: inferences compared with the reference, and those that differ.
    first_mismatch: inputs, expected and observed of the first that differs.
    clock_cycles, seconds: simulated cycles, and the wall time that they took.
    ii, latency: clock cycles, as measured. read_cycles: of one read of a register. busy: clock
    cycles in which a unit of the engine worked, from the first vector's on.
    """

    model_config = ConfigDict(extra="forbid")

    rows: int = 0
    mismatches: int = 0
    first_mismatch: str | None = None
    clock_cycles: int = 0
    seconds: float = 0.0
    ii: int | None = None
    latency: int | None = None
    read_cycles: int | None = None
    busy: dict[str, list[int]] = {}


@dataclass(frozen=True)
class BenchInputs:
    """What a test bench works with.

    model: the reference. folded: how the hardware is built. codes: (rows, inputs) stimulus.
    attachment: whose port the whole coprocessor has, with these options.
    """

    model: IntegerMlp
    folded: FoldedEngine
    codes: IntegerArray
    attachment: str = "obi"
    options: AttachmentOptions | None = None


class BenchFolder:
    """The files of one simulation: in go its inputs, out come outcomes and progress."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    def from_environment(cls) -> Self:
        """The folder that the runner named to the simulator's process."""
        return cls(Path(os.environ[FOLDER_VARIABLE]))

    @property
    def functional_coverage(self) -> Path:
        """Where the cover points of the benches are."""
        return self.folder / "functional.yml"

    def prepare(self, inputs: BenchInputs) -> None:
        """Write what the bench reads, and remove what an earlier one left."""
        self.folder.mkdir(parents=True, exist_ok=True)
        left = (self.folder / "progress", self.functional_coverage)
        for stale in (*self.folder.glob("*.outcome.json"), *left):
            stale.unlink(missing_ok=True)
        inputs.model.save(self.folder / "model.json")
        write_text(self.folder / "folding.json", inputs.folded.model_dump_json())
        with atomic_path(self.folder / "codes.npy") as temporary, temporary.open("wb") as file:
            np.save(file, inputs.codes)
        write_text(self.folder / "attachment", inputs.attachment)
        chosen = checked_options(inputs.attachment, inputs.options)
        write_text(self.folder / "options.json", chosen.model_dump_json())
        self.report_progress(0)

    def model(self) -> IntegerMlp:
        """The reference."""
        return IntegerMlp.load(self.folder / "model.json")

    def folded(self) -> FoldedEngine:
        """The folding that the RTL was generated with."""
        return FoldedEngine.model_validate_json((self.folder / "folding.json").read_text())

    def codes(self) -> IntegerArray:
        """Input codes (rows, inputs)."""
        codes: IntegerArray = np.load(self.folder / "codes.npy", allow_pickle=False)
        return codes

    def attachment(self) -> str:
        """Name of the attachment whose port the bench drives."""
        return (self.folder / "attachment").read_text()

    def options(self) -> AttachmentOptions:
        """Options of that attachment, all that it has."""
        text = (self.folder / "options.json").read_text(encoding="utf-8")
        return AttachmentOptions.model_validate_json(text)

    def report_progress(self, rows: int) -> None:
        """Tell how many rows are done."""
        (self.folder / "progress").write_text(str(rows))

    def progress(self) -> int:
        """Rows done so far."""
        try:
            return int((self.folder / "progress").read_text() or 0)
        except (OSError, ValueError):
            return 0

    def write_outcome(self, test: Measurement, outcome: BenchOutcome) -> None:
        """Store what `test` measured."""
        write_text(self.folder / f"{test}.outcome.json", outcome.model_dump_json())

    def outcomes(self) -> dict[Measurement, BenchOutcome]:
        """What each test measured, by its name."""
        return {
            Measurement(path.name.removesuffix(".outcome.json")): (
                BenchOutcome.model_validate_json(path.read_text())
            )
            for path in sorted(self.folder.glob("*.outcome.json"))
        }
