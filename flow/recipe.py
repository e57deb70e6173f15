# SPDX-License-Identifier: Apache-2.0
"""A recipe: one TOML file that describes one coprocessor, from data to attachment."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)

from pulsewright.flow.inputs.model import load_model
from pulsewright.flow.inputs.shipped_recipes import EXAMPLES
from pulsewright.flow.inputs.toml_file import load_toml
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.escape.identifiers import checked_coprocessor_name, checked_short_name
from pulsewright.hls_model.exact.input_format import InputFormat, parse_input_format
from pulsewright.hls_model.importer import ImportChoices
from pulsewright.hls_model.presets import preset_sizes, sizes_with_hidden
from pulsewright.hls_model.python_packages import MissingPackageError
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.reference.network_output import OutputKind
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.hls_model.schedule.folding import LayerFolding, fold
from pulsewright.hls_model.schedule.folding_search import cheapest_folding, fastest_folding
from pulsewright.hls_model.schedule.requantiser_stages import with_requantisers
from pulsewright.hls_model.schedule.weight_window import weight_window
from pulsewright.hls_model.shortened import shortened
from pulsewright.quant.closed_loop.settings import HistoryTraining
from pulsewright.quant.curve_sources import CurveSource, PulseNumberMap
from pulsewright.quant.settings import FLOAT_UNSEEN, BitWidths, FloatTraining, QuantisedTraining
from pulsewright.quant.splits import TEST_FRACTION, VALIDATION_FRACTION, SplitKind
from pulsewright.rtl.attachments.admission import check_attachment, check_network
from pulsewright.rtl.axi_stream.chosen_shape import chosen_shape
from pulsewright.rtl.buses.options import AttachmentOptions
from pulsewright.rtl.buses.registry import checked_options, known_attachment
from pulsewright.rtl.table_options import TableOptions, WeightMemory
from pulsewright.sim.simulators import Simulator


class _Section(BaseModel):
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


class DataSection(_Section):
    """Which curves, and which split the delivered model is trained on.

    path: folder of the measured files or the CSV table, relative to the recipe's folder.
    """

    source: CurveSource = CurveSource.SYNTHETIC
    path: PlainPath | None = None
    split: SplitKind = SplitKind.ROWS
    test_fraction: Annotated[float, Field(gt=0, lt=1)] = TEST_FRACTION
    validation_fraction: Annotated[float, Field(gt=0, lt=1)] = VALIDATION_FRACTION


def _input_format(value: object) -> object:
    return parse_input_format(value) if isinstance(value, str) else value


class ModelSection(_Section):
    """A finished model instead of data, network and training.

    path: an ONNX (.onnx) or TFLite (.tflite) file or an integer model of ours (.json), relative to
    the recipe's folder.
    rows: how many input vectors, drawn at random by the recipe's seed, a simulator gets for want of
    data. sizes: inputs, then the neurons of every layer; read from the file if left out.
    input: format of the input codes, "s16.10", "bipolar" or such, where the file does not quantise
    its input.
    output: what the coprocessor hands on: accumulators, codes of the file's output quantiser, or
    the index of the largest accumulator.
    output_quantiser: of a file that quantises its output, where accumulators are handed on: leave
    it out with a remark, or refuse the file.
    """

    path: PlainPath
    input: Annotated[InputFormat | None, BeforeValidator(_input_format)] = None
    output: OutputKind = OutputKind.ACCUMULATOR
    output_quantiser: Literal["refuse", "drop"] = "drop"
    rows: Annotated[int, Field(ge=2, le=1_000_000)] = 1000
    sizes: tuple[Annotated[int, Field(ge=1)], ...] = ()

    @property
    def choices(self) -> ImportChoices:
        """How the file is read."""
        return ImportChoices(self.output, self.input, self.output_quantiser == "refuse")


class NetworkSection(_Section):
    """Layer sizes, by preset or by hidden sizes, and how the pulse number is coded."""

    preset: str | None = None
    hidden: Annotated[tuple[Annotated[int, Field(ge=1, le=1024)], ...], Field(max_length=16)] = ()
    pulse_number: PulseNumberMap = "affine"

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


class TrainingSection(_Section):
    """Settings of the trainings.

    float: for the rows split, which asks for interpolation, and for the task pulses_to_target.
    float_unseen: for the splits by curve, parameter set and session, where a network that follows
    its rows closely goes astray on the others and weight decay pays. quantised: for all.
    tuples: of the task pulses_to_target, histories drawn from each curve.
    """

    float_training: Annotated[FloatTraining, Field(alias="float")] = FloatTraining()
    float_unseen: FloatTraining = FLOAT_UNSEEN
    quantised: QuantisedTraining = QuantisedTraining()
    tuples: Annotated[int, Field(ge=2, le=100_000)] = 300

    def float_for(self, kind: SplitKind) -> FloatTraining:
        """The settings of float training on a split."""
        return self.float_training if kind is SplitKind.ROWS else self.float_unseen


class EngineSection(_Section):
    """What the engine is to reach or to cost, in place of [[folding]], and what it can do.

    initiation_interval: clock cycles a vector, with the fewest multipliers that reach it.
    multipliers: how many there may be, for the smallest initiation interval. incremental: the
    first layer computes only what changed since the vector before. weights: constants in logic, or
    in memories that software loads through the bus. pipeline: deep for the clock frequency, or
    shallow for few cycles from vector to result. weight_memory: what large tables of constants
    become in an FPGA. weight_files: they are `.hex` files that $readmemh reads.
    """

    initiation_interval: Annotated[int, Field(ge=1)] | None = None
    multipliers: Annotated[int, Field(ge=1)] | None = None
    incremental: bool = False
    weights: Literal["constant", "reloadable"] = "constant"
    pipeline: Literal["deep", "shallow"] = "deep"
    weight_memory: WeightMemory = "auto"
    weight_files: bool = False

    @model_validator(mode="after")
    def _check(self) -> Self:
        chosen = [
            name for name in ("weight_memory", "weight_files") if name in self.model_fields_set
        ]
        if chosen and self.weights == "reloadable":
            raise ValueError(
                f'{chosen[0]} = {getattr(self, chosen[0])} beside weights = "reloadable", which '
                "software loads; leave one of them out"
            )
        return self

    @property
    def tables(self) -> TableOptions:
        """How the tables of constants are written."""
        return TableOptions(memory=self.weight_memory, files=self.weight_files)


class AttachmentSection(AttachmentOptions):
    """How the coprocessor is attached to a system.

    bus: name of one of the attachments (`pulsewright.rtl.buses.registry`). stream: AXI4-Streams
    around an engine of their own, as a further top level.
    """

    bus: Annotated[str, AfterValidator(_for_pydantic(known_attachment))] = "obi"

    @model_validator(mode="after")
    def _check(self) -> Self:
        try:
            checked_options(self.bus, self)
        except PulsewrightError as error:
            raise ValueError(str(error)) from error
        return self


class SimulationSection(_Section):
    """Which rows run on which simulator: every row, or those of the test split.

    Of a finished model, which has no data, either means the rows that [model] draws.
    """

    icarus: Literal["all", "test", "off"] = "test"
    verilator: Literal["all", "test", "off"] = "all"

    def rows(self, simulator: Simulator) -> str:
        """The choice for `simulator`."""
        return self.icarus if simulator is Simulator.ICARUS else self.verilator


class Recipe(_Section):
    """Everything that a build depends on.

    A network is trained on data, or a model is there already.
    """

    name: CoprocessorName
    task: Task = READ_CURRENT
    seed: Annotated[int, Field(ge=0, lt=2**31)] = 0
    data: DataSection = DataSection()
    model: ModelSection | None = None
    network: NetworkSection | None = None
    bits: BitWidths = BitWidths()
    training: TrainingSection = TrainingSection()
    folding: tuple[LayerFolding, ...] = ()
    engine: EngineSection = EngineSection()
    attachment: AttachmentSection = AttachmentSection()
    simulation: SimulationSection = SimulationSection()

    @model_validator(mode="after")
    def _check(self) -> Self:
        if (self.model is None) == (self.network is None):
            there = "none" if self.model is None else "both"
            raise ValueError(
                f"of [network] and [model] there are {there}; give either [network], which is "
                "trained, or [model], a finished one"
            )
        ignored = self.model_fields_set & {"data", "bits", "training"}
        if self.model is not None and ignored:
            raise ValueError(
                f"[{min(ignored)}] is for networks that are trained; leave it out beside [model]"
            )
        self._check_task()
        self._check_folding()
        self._check_stream()
        return self

    def _check_task(self) -> None:
        if self.task == READ_CURRENT:
            if "tuples" in self.training.model_fields_set:
                raise ValueError(
                    f'training.tuples = {self.training.tuples} is for task = "{PULSES_TO_TARGET}"; '
                    "set the task, or leave it out"
                )
            return
        if self.network is None or self.network.preset or self.network.pulse_number != "affine":
            raise ValueError(
                f'task = "{self.task}" takes [network] with hidden sizes alone, since its inputs '
                "are made of the history; give hidden = [16]"
            )
        if self.data.split is SplitKind.ROWS:
            raise ValueError(
                f'task = "{self.task}" with data.split = "rows": histories are of whole curves; '
                'choose "curves", "parameter_sets" or "sessions"'
            )

    def _check_stream(self) -> None:
        stream = self.attachment.stream
        if stream is not None and self.engine.incremental:
            raise ValueError(
                f"engine.incremental = true with attachment.stream = {stream!r}: an incremental "
                "layer compares whole vectors, and a stream brings them in beats; leave one of "
                "them out"
            )
        if stream is not None and self.engine.weights == "reloadable":
            raise ValueError(
                f"engine.weights = 'reloadable' with attachment.stream = {stream!r}, beside which "
                "nothing loads weights; leave one of them out"
            )

    def _check_folding(self) -> None:
        ways = {
            "[[folding]]": self.folding or None,
            "engine.initiation_interval": self.engine.initiation_interval,
            "engine.multipliers": self.engine.multipliers,
        }
        given = [name for name, value in ways.items() if value is not None]
        if len(given) != 1:
            there = " and ".join(given) or "nothing"
            raise ValueError(
                f"{there} says how the network is folded; give one of [[folding]] for every layer, "
                "engine.initiation_interval and engine.multipliers"
            )

    @property
    def trained(self) -> NetworkSection:
        """The network that is trained.

        Raises:
            PulsewrightError: the recipe starts from a finished model.
        """
        if self.network is None:
            raise PulsewrightError(
                f"recipe {self.name!r} starts from a finished model, so nothing is trained; "
                "use run, rtl, sim, hls, soc, energy, qonnx or report"
            )
        return self.network

    @property
    def sizes(self) -> tuple[int, ...]:
        """Inputs, then the neurons of every layer.

        Raises:
            PulsewrightError: the preset is unknown.
        """
        if self.model is not None:
            return self.model.sizes
        if self.task == PULSES_TO_TARGET:
            return self.history_training.sizes
        return self.trained.sizes

    @property
    def history_training(self) -> HistoryTraining:
        """How the network of the task pulses_to_target is made.

        Raises:
            PulsewrightError: the recipe starts from a finished model.
        """
        return HistoryTraining(
            hidden=self.trained.hidden,
            bits=self.bits,
            tuples=self.training.tuples,
            float_training=self.training.float_training,
            quantised=self.training.quantised,
            seed=self.seed,
        )

    @property
    def folded(self) -> FoldedEngine:
        """The folded engine of the recipe's sizes, without what requantisers add.

        Raises:
            PulsewrightError: the folding, or the number of multipliers, does not fit the network.
        """
        return fold(
            self.sizes,
            self._foldings(),
            self.engine.incremental,
            self.engine.weights == "reloadable",
            self.engine.pipeline == "shallow",
        )

    def _foldings(self) -> tuple[LayerFolding, ...]:
        """Of every layer, as they are given or found."""
        if self.folding:
            return self.folding
        if self.engine.multipliers is not None:
            found = fastest_folding(self.sizes, self.engine.multipliers)
        else:
            found = cheapest_folding(self.sizes, self.engine.initiation_interval or 1)
        return tuple(LayerFolding(pe=layer.pe, simd=layer.simd) for layer in found.layers)


def load_recipe(path: Path) -> Recipe:
    """Read and check a recipe.

    Raises:
        PulsewrightError: the file is missing or not TOML, a key is unknown (the nearest known key
            is named), a value is out of range, the folding, the widths or the attachment do not fit
            the network, or the finished model cannot be read.
    """
    recipe = load_toml(path, Recipe, "recipe", EXAMPLES)
    try:
        model = None if recipe.model is None else _finished_model(recipe.model, path.parent)
        if recipe.model is not None and model is not None:
            section = recipe.model.model_copy(update={"sizes": model.sizes})
            recipe = recipe.model_copy(update={"model": section})
        folded = recipe.folded
        if folded.reloadable:
            weight_window(folded)
        if model is not None:
            check_attachment(model, with_requantisers(folded, model), recipe.attachment.bus)
            if recipe.attachment.stream is not None:
                chosen_shape(model, folded, recipe.attachment)
        else:
            recipe.bits.check_layers(len(recipe.sizes) - 1)
            check_network(recipe.sizes, recipe.bits.inputs, recipe.attachment.bus)
    except MissingPackageError:
        # No fault of the recipe's, and its command must stay whole.
        raise
    except PulsewrightError as error:
        raise PulsewrightError(f"recipe {path}: {error}") from error
    return recipe


def _finished_model(section: ModelSection, folder: Path) -> IntegerMlp:
    """Read the model, and check the sizes that are given against it."""
    path = folder / section.path
    model = load_model(path, section.choices).model
    if section.sizes not in ((), model.sizes):
        raise PulsewrightError(
            f"model.sizes = {list(section.sizes)}, and {path} has {list(model.sizes)}; "
            "correct them, or leave them out"
        )
    return model
