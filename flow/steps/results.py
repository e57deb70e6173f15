# SPDX-License-Identifier: Apache-2.0
"""What steps measured, as they store it in the build folder and the report tells it."""

from pydantic import BaseModel, ConfigDict

from pulsewright.flow.steps.coverage_result import CoverageResult
from pulsewright.flow.steps.mutation_result import MutationResult
from pulsewright.flow.steps.proofs_result import ProofsResult
from pulsewright.flow.steps.soc_result import SocResult
from pulsewright.flow.steps.synthesis_result import SynthesisShown
from pulsewright.quant.quantised.row_comparison import UndecidedRow
from pulsewright.quant.splits import SplitKind
from pulsewright.sim.simulators import Simulator


class _Result(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SplitAccuracy(_Result):
    """Mean squared errors of I_r,n on the test rows of one split.

    median_curve: median over curves of the integer model's squared error; mean values are carried
    by a few bad devices.
    """

    float_mse: float
    quantised_mse: float
    integer_mse: float
    median_curve_mse: float


class QuantiseResult(_Result):
    """What the quantise step measured: errors by split, and rows that differ from Brevitas.

    float32_undecided: rows of all curves that Brevitas' float32 has on the other side of a step
    than exact arithmetic, by split; they are no mismatches.
    """

    accuracy: dict[SplitKind, SplitAccuracy]
    brevitas_rows: int
    brevitas_mismatches: int
    float32_undecided: dict[SplitKind, tuple[UndecidedRow, ...]] = {}


class HistoryResult(_Result):
    """What the history step measured: pinball losses in octaves, coverage, rows of Brevitas.

    float_error, quantised_error: on curves kept for validation. coverage: by quantile, the share of
    the tuples of the test curves whose correction is below it; of a session its number and the
    same. brevitas_rows, brevitas_mismatches: tuples of all curves.
    """

    float_error: float
    quantised_error: float
    coverage: dict[str, float]
    coverage_by_session: dict[int, dict[str, float]]
    brevitas_rows: int
    brevitas_mismatches: int


class SimulationResult(_Result):
    """What one simulator showed: the coprocessor through its bus, and the bare engine.

    rows, mismatches: inferences through the bus. ii, latency: measured on the engine's streams.
    failures: failed tests of the test benches, `tests` of which there were in all. curve_cycles:
    the longest curve job over all pulse numbers, if the attachment and the network have curves.
    read_cycles: of one read through the bus, with curves. stream_ii, stream_latency: of the
    streams, if there are any. busy: clock cycles in which each unit of the bare engine worked, of
    the first vectors of a row without gaps.
    """

    rows: int
    mismatches: int
    first_mismatch: str | None
    ii: int
    latency: int
    tests: int
    failures: int
    cycles_per_inference: float
    curve_cycles: int | None = None
    read_cycles: int | None = None
    stream_ii: int | None = None
    stream_latency: int | None = None
    busy: dict[str, list[int]] = {}


class HlsResult(_Result):
    """What the emulator or the delivered test bench showed: rows, and those that differ."""

    rows: int
    mismatches: int
    compiler: str


class QonnxResult(_Result):
    """digest: of the model that was compared, on so many rows."""

    digest: str
    rows: int
    mismatches: int


class VolumeShown(_Result):
    """vectors: compared, all equal. cycles: of the engine's clock, with pauses on both sides."""

    vectors: int
    seed: int
    cycles: int
    stalled_cycles: int
    compiler: str


class ShownResults(_Result):
    """All that the steps of one build show: nothing of another recipe, model or code."""

    quantised: QuantiseResult | None
    history: HistoryResult | None = None
    simulations: dict[Simulator, SimulationResult]
    hls: HlsResult | None
    hls_bench: HlsResult | None
    qonnx: QonnxResult | None
    firmware: list[SocResult]
    volume: VolumeShown | None = None
    mutation: MutationResult | None = None
    coverage: CoverageResult | None = None
    proofs: ProofsResult | None = None
    synthesis: SynthesisShown
