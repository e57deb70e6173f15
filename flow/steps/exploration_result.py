# SPDX-License-Identifier: Apache-2.0
"""What an exploration found, as it is stored: variants of a coprocessor on one target."""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from pulsewright.flow.results_file import load_result
from pulsewright.flow.workspace import Workspace

EXPLORATION = "exploration.json"
EXPLORATIONS = "exploration"

Measure = Literal["test_mse", "validation_pinball_loss_octave"]
State = Literal["measured", "impossible", "failed", "pending"]
Objective = Literal[
    "area",
    "interval_nanosecond",
    "latency_nanosecond",
    "curve_nanosecond",
    "picojoule",
    "curve_picojoule",
    "error",
]


class _Result(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ExploredNetwork(_Result):
    """A network of which variants were made.

    sizes: inputs, then the neurons of every layer. weight_bits: by layer. activation_bits: by
    hidden layer, of what it hands on. pulse_number: its coding; empty of a finished model. digest:
    SHA-256 of the integer model. error: of the integer model, what `measure` says; None of a
    finished model. float_error: the same in floating point. split: of the test.
    """

    sizes: tuple[int, ...]
    weight_bits: tuple[int, ...]
    activation_bits: tuple[int, ...]
    input_bits: int
    pulse_number: str = ""
    multiply_accumulates: int
    parameters: int
    digest: str
    measure: Measure | None = None
    split: str = ""
    error: float | None = None
    float_error: float | None = None


class ExploredDesign(_Result):
    """What one design of a variant takes; None of what its target does not have or tell.

    design: "engine", or the attachment of the coprocessor. megahertz: median of the placements, or
    at the typical corner; megahertz_least: of the placements, or at the slow corner.
    million_a_second: inferences, of an engine. interval_nanosecond: from one result to the next;
    latency_nanosecond, curve_nanosecond: of an inference, and of a curve job over all pulse
    numbers, at that MHz. picojoule, curve_picojoule: an inference on random rows (through the bus,
    of a coprocessor), and pulse after pulse along a curve, both without wires and leakage.
    on_front: no other one of the same kind is as good in every objective; None where it is compared
    with none. remark: of the tools.
    """

    design: str
    luts_with_carries: int | None = None
    flip_flops: int
    dsps: int | None = None
    block_rams: int | None = None
    kilo_gate_equivalents: float | None = None
    area_square_micrometre: float | None = None
    leakage_microwatt: float | None = None
    megahertz: float | None = None
    megahertz_least: float | None = None
    million_a_second: float | None = None
    interval_nanosecond: float | None = None
    latency_nanosecond: float | None = None
    curve_nanosecond: float | None = None
    picojoule: float | None = None
    with_wires_picojoule: float | None = None
    curve_picojoule: float | None = None
    on_front: bool | None = None
    remark: str = ""


class ExploredVariant(_Result):
    """A network in a folding.

    name: in tables and pictures. state: whether it was measured, is not possible, a tool refused
    it, or it is still to come. reason: why it is not possible, or what the tool said. network: its
    name in `Exploration.networks`; of one that is not possible there may be none. multipliers: None
    where none were found. curve: see `engine.curve` of a recipe. initiation_interval, latency,
    curve_cycles: in clock cycles; the last of a curve job over all pulse numbers. recipe: file in
    `recipes/` beside the exploration, of a variant on the front; else empty.
    """

    name: str
    state: State
    reason: str = ""
    network: str
    multipliers: int | None = None
    pipeline: Literal["deep", "shallow"]
    weights: Literal["constant", "reloadable"]
    incremental: bool = False
    curve: Literal["inferences", "piecewise_linear"] = "inferences"
    initiation_interval: int | None = None
    latency: int | None = None
    curve_cycles: int | None = None
    designs: list[ExploredDesign] = []
    recipe: str = ""


class ExploredPeer(_Result):
    """A design of others for a network of the same sizes, on the same target.

    kind: measured with the same tools, published, or estimated by the others' own tool. source:
    where the figures come from. initiation_interval, latency: in clock cycles. The rest is as of
    `ExploredDesign`.
    """

    name: str
    kind: Literal["measured", "published", "estimated"]
    source: str
    sizes: tuple[int, ...]
    initiation_interval: int
    latency: int | None = None
    luts_with_carries: int | None = None
    dsps: int | None = None
    block_rams: int | None = None
    kilo_gate_equivalents: float | None = None
    megahertz: float | None = None
    picojoule: float | None = None
    curve_picojoule: float | None = None


class Exploration(_Result):
    """All variants of one exploration.

    target: its name in folders. is_cells: standard cells, whose area is kGE; else an FPGA, whose
    area is LUT. command: as it was typed. versions: of the tools. objectives: what fronts compare,
    less of each being better; "area" is kGE, or LUT, DSP and BRAM together. networks: by name.
    peers: designs of others, which are on no front.
    """

    exploration_version: Literal[1] = 1
    recipe: str
    target: str
    title: str
    is_cells: bool
    command: str
    versions: dict[str, str]
    objectives: tuple[Objective, ...]
    networks: dict[str, ExploredNetwork]
    variants: list[ExploredVariant]
    peers: list[ExploredPeer] = []


def exploration_folder(workspace: Workspace, target: str) -> Path:
    """Where the results of an exploration on a target are."""
    return workspace.folder / EXPLORATIONS / target


def explorations(workspace: Workspace) -> list[Exploration]:
    """Those of a build, by target.

    Raises:
        PulsewrightError: a file of them is damaged.
    """
    found = sorted((workspace.folder / EXPLORATIONS).glob(f"*/{EXPLORATION}"))
    return [load_result(path, Exploration) for path in found]
