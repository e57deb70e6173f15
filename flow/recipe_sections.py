# SPDX-License-Identifier: Apache-2.0
"""The sections of a recipe: what may stand in each, and what may not stand together."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
    model_validator,
)

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.escape.identifiers import checked_coprocessor_name, checked_short_name
from pulsewright.hls_model.exact.input_format import InputFormat, parse_input_format
from pulsewright.hls_model.importer import ImportChoices
from pulsewright.hls_model.presets import PRESETS, preset_sizes, sizes_with_hidden
from pulsewright.hls_model.reference.network_output import OutputKind
from pulsewright.hls_model.shortened import shortened
from pulsewright.quant.curve_sources import CurveSource, PulseNumberMap
from pulsewright.quant.settings import FLOAT_UNSEEN, FloatTraining, QuantisedTraining
from pulsewright.quant.splits import TEST_FRACTION, VALIDATION_FRACTION, SplitKind
from pulsewright.rtl.buses.options import AttachmentOptions
from pulsewright.rtl.buses.registry import BUSES, INSTRUCTIONS, checked_options, known_attachment
from pulsewright.rtl.table_options import TableOptions, WeightMemory
from pulsewright.sim.simulators import Simulator


class Section(BaseModel):
    """A table of a recipe: what stands in it is known, and does not change."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _plain_path(path: Path) -> Path:
    if "\0" in str(path):
        raise ValueError("the path holds a null character; name it without")
    return path


def _for_pydantic(check: Callable[[str], str]) -> Callable[[str], str]:
    """`check` with the exception that pydantic takes for a wrong value."""

    def checked(name: str) -> str:
        try:
            return check(name)
        except PulsewrightError as error:
            raise ValueError(str(error)) from error

    return checked


PlainPath = Annotated[Path, AfterValidator(_plain_path)]
ShortName = Annotated[str, AfterValidator(_for_pydantic(checked_short_name))]
CoprocessorName = Annotated[str, AfterValidator(_for_pydantic(checked_coprocessor_name))]


class DataSection(Section):
    """Which curves, and which split the delivered model is trained on."""

    source: CurveSource = CurveSource.SYNTHETIC
    """Curves of our compact model, the published measurements, or a CSV table of your own."""
    path: Annotated[PlainPath | None, Field(examples=["curves.csv"])] = None
    """Folder of the measured files, or the CSV table, relative to the recipe's folder."""
    split: SplitKind = SplitKind.ROWS
    """How the test is drawn; the delivered model is trained on the rest."""
    test_fraction: Annotated[float, Field(gt=0, lt=1)] = TEST_FRACTION
    """Share of the test, of rows, curves, parameter sets or sessions."""
    validation_fraction: Annotated[float, Field(gt=0, lt=1)] = VALIDATION_FRACTION
    """Share of the validation, by which the best state of a training is chosen."""


def _input_format(value: object) -> object:
    return parse_input_format(value) if isinstance(value, str) else value


class ModelSection(Section):
    """A finished model instead of data, network and training."""

    path: Annotated[PlainPath, Field(examples=["model.onnx"])]
    """An ONNX (.onnx) or TFLite (.tflite) file or an integer model of ours (.json), relative to the
    recipe's folder."""
    input: Annotated[
        InputFormat | None,
        BeforeValidator(_input_format),
        WithJsonSchema({"type": "string"}),
        Field(examples=["s16.10"]),
    ] = None
    """Format of the input codes, "s16.10", "bipolar" or such, where the file does not quantise its
    input."""
    output: OutputKind = OutputKind.ACCUMULATOR
    """What the coprocessor hands on: accumulators, codes of the file's output quantiser, or the
    index of the largest accumulator."""
    output_quantiser: Literal["refuse", "drop"] = "drop"
    """Of a file that quantises its output, where accumulators are handed on: leave it out with a
    remark, or refuse the file."""
    rows: Annotated[int, Field(ge=2, le=1_000_000)] = 1000
    """How many input vectors, drawn at random by the recipe's seed, a simulator gets for want of
    data."""
    sizes: Annotated[tuple[Annotated[int, Field(ge=1)], ...], Field(examples=[[6, 16, 1]])] = ()
    """Inputs, then the neurons of every layer; read from the file if left out."""

    @property
    def choices(self) -> ImportChoices:
        """How the file is read."""
        return ImportChoices(
            self.output, self.input, keep_output_quantiser=self.output_quantiser == "refuse"
        )


class NetworkSection(Section):
    """Layer sizes, by preset or by hidden sizes, and how the pulse number is coded."""

    preset: Annotated[str | None, WithJsonSchema({"type": "string", "enum": list(PRESETS)})] = None
    """Sizes of one of the paper's networks; give either this or `hidden`."""
    hidden: Annotated[
        tuple[Annotated[int, Field(ge=1, le=1024)], ...],
        Field(max_length=16, examples=[[16]]),
    ] = ()
    """Neurons of every hidden layer, between the six pulse parameters and the one output."""
    pulse_number: PulseNumberMap = "affine"
    """Code of the pulse number N: N itself by minimum and maximum, or a table of log(1 + N)."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        if (self.preset is None) == (not self.hidden):
            raise ValueError(
                f"network has preset = {shortened(self.preset)} and hidden = "
                f"{shortened(self.hidden)}; give either preset or hidden sizes"
            )
        return self

    @property
    def sizes(self) -> tuple[int, ...]:
        """Inputs, hidden neurons, output.

        Raises:
            PulsewrightError: the preset is unknown.
        """
        if self.preset is not None:
            return preset_sizes(self.preset)
        return sizes_with_hidden(self.hidden)


Task = Literal["read_current", "pulses_to_target"]
"""What a network is trained for: the scaled read current after N pulses, or two quantiles of the
pulses to a level from the history of a device (`hls_model/closed_loop`)."""

READ_CURRENT: Task = "read_current"
PULSES_TO_TARGET: Task = "pulses_to_target"


class ControllerSection(Section):
    """How `pulsewright demonstrator` programs devices with a network for pulses_to_target."""

    memory: bool = False
    """A session of the data is one device, of which four bytes are kept between programmings."""
    trials: Literal["test", "all"] = "test"
    """On the curves of the test, or on all usable ones, most of which the network has seen."""


class TrainingSection(Section):
    """Settings of the trainings."""

    float_training: Annotated[FloatTraining, Field(alias="float")] = FloatTraining()
    """For the rows split, which asks for interpolation, and for the task pulses_to_target."""
    float_unseen: FloatTraining = FLOAT_UNSEEN
    """For the splits by curve, parameter set and session, where a network that follows its rows
    closely goes astray on the others and weight decay pays."""
    quantised: QuantisedTraining = QuantisedTraining()
    """Quantisation-aware training, for every split."""
    tuples: Annotated[int, Field(ge=2, le=100_000)] = 300
    """Of the task pulses_to_target, histories drawn from each curve."""

    def float_for(self, kind: SplitKind) -> FloatTraining:
        """The settings of float training on a split."""
        return self.float_training if kind is SplitKind.ROWS else self.float_unseen


class EngineSection(Section):
    """What the engine is to reach or to cost, in place of [[folding]], and what it can do."""

    initiation_interval: Annotated[Annotated[int, Field(ge=1)] | None, Field(examples=[64])] = None
    """Clock cycles a vector, with the fewest multipliers that reach it."""
    multipliers: Annotated[Annotated[int, Field(ge=1)] | None, Field(examples=[7])] = None
    """How many there may be, for the smallest initiation interval. 1 is shared by the layers of a
    network with one hidden layer."""
    incremental: bool = False
    """The first layer computes only what changed since the vector before."""
    weights: Literal["constant", "reloadable"] = "constant"
    """Constants in logic, or in memories that software loads through the bus."""
    pipeline: Literal["deep", "shallow"] = "deep"
    """Deep for the clock frequency, or shallow for few cycles from vector to result."""
    weight_memory: WeightMemory = "auto"
    """What large tables of constants become in an FPGA: the synthesis' own choice, logic, or block
    RAM."""
    weight_files: bool = False
    """The tables of constants are `.hex` files that $readmemh reads. An ASIC flow drops such
    contents."""
    curve: Literal["inferences", "piecewise_linear"] = "inferences"
    """How curve and reach jobs are computed: by an inference for every pulse, or from knot to knot
    of an output that is piecewise linear in the pulse number, by an engine without foldings."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.piecewise_linear:
            self._check_piecewise_linear()
        chosen = [
            name for name in ("weight_memory", "weight_files") if name in self.model_fields_set
        ]
        if chosen and self.weights == "reloadable":
            raise ValueError(
                f'{chosen[0]} = {getattr(self, chosen[0])} beside weights = "reloadable", which '
                "software loads; leave one of them out"
            )
        return self

    def _check_piecewise_linear(self) -> None:
        others = {
            "initiation_interval": self.initiation_interval is not None,
            "multipliers": self.multipliers is not None,
            "incremental": self.incremental,
            "weights": self.weights == "reloadable",
            "pipeline": self.pipeline == "shallow",
        }
        given = [name for name, is_given in others.items() if is_given]
        if given:
            raise ValueError(
                f'{given[0]} = {getattr(self, given[0])} beside curve = "piecewise_linear", '
                "whose engine takes one neuron a cycle with constant weights; leave one of them out"
            )

    @property
    def piecewise_linear(self) -> bool:
        """True if curves are computed from knot to knot."""
        return self.curve == "piecewise_linear"

    @property
    def tables(self) -> TableOptions:
        """How the tables of constants are written."""
        return TableOptions(memory=self.weight_memory, files=self.weight_files)


class AttachmentSection(AttachmentOptions):
    """How the coprocessor is attached to a system."""

    bus: Annotated[
        str,
        AfterValidator(_for_pydantic(known_attachment)),
        WithJsonSchema({"type": "string", "enum": [*BUSES, *INSTRUCTIONS]}),
    ] = "obi"
    """The bus that it answers on, or the instruction interface that it is behind."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        try:
            checked_options(self.bus, self)
        except PulsewrightError as error:
            raise ValueError(str(error)) from error
        return self


class SimulationSection(Section):
    """Which rows run on which simulator: every row, or those of the test split.

    Of a finished model, which has no data, either means the rows that [model] draws.
    """

    icarus: Literal["all", "test", "off"] = "test"
    """Rows on Icarus Verilog, the slower of the two."""
    verilator: Literal["all", "test", "off"] = "all"
    """Rows on Verilator."""

    def rows(self, simulator: Simulator) -> str:
        """The choice for `simulator`."""
        return self.icarus if simulator is Simulator.ICARUS else self.verilator
