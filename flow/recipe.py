# SPDX-License-Identifier: Apache-2.0
"""A recipe: one TOML file that describes one coprocessor, from data to attachment."""

from pathlib import Path
from typing import Annotated, Self

from pydantic import (
    Field,
    model_validator,
)

from pulsewright.flow.inputs.model import load_model
from pulsewright.flow.inputs.shipped_recipes import EXAMPLES
from pulsewright.flow.inputs.toml_file import load_toml_source
from pulsewright.flow.recipe_sections import (
    PULSES_TO_TARGET,
    READ_CURRENT,
    AttachmentSection,
    ControllerSection,
    CoprocessorName,
    DataSection,
    EngineSection,
    ModelSection,
    NetworkSection,
    Section,
    SimulationSection,
    Task,
    TrainingSection,
)
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.piecewise_linear.network import piecewise_linear_network
from pulsewright.hls_model.python_packages import MissingPackageError
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.hls_model.schedule.folding import (
    LayerFolding,
    fold,
    fold_piecewise_linear,
    fold_shared_multiplier,
)
from pulsewright.hls_model.schedule.folding_search import cheapest_folding, fastest_folding
from pulsewright.hls_model.schedule.requantiser_stages import with_requantisers
from pulsewright.hls_model.schedule.shared_multiplier_network import (
    MORE_MULTIPLIERS,
    SHARED_MULTIPLIER,
    check_shared_multiplier_options,
    shares_multiplier,
)
from pulsewright.hls_model.schedule.weight_window import weight_window
from pulsewright.quant.closed_loop.settings import HistoryTraining
from pulsewright.quant.settings import ACCUMULATOR, BitWidths, WeightScales
from pulsewright.quant.splits import SplitKind
from pulsewright.rtl.attachments.admission import check_attachment, check_jobs, check_network
from pulsewright.rtl.axi_stream.chosen_shape import chosen_shape


class Recipe(Section):
    """Everything that a build depends on.

    A network is trained on data, or a model is there already.
    """

    name: Annotated[CoprocessorName, Field(examples=["mine"])]
    """Of the coprocessor: its modules, its C header and its folder in the build folder begin with
    it."""
    task: Task = READ_CURRENT
    """What a network is trained for: the scaled read current after N pulses, or two quantiles of
    the pulses to a level from the history of a device."""
    seed: Annotated[int, Field(ge=0, lt=2**31)] = 0
    """Of everything drawn: synthetic curves, splits, first weights, rows of a finished model."""
    data: DataSection = DataSection()
    model: ModelSection | None = None
    network: NetworkSection | None = None
    bits: BitWidths = BitWidths()
    training: TrainingSection = TrainingSection()
    controller: ControllerSection = ControllerSection()
    folding: tuple[LayerFolding, ...] = ()
    """Parallelism of every layer, written once a layer; else `engine.initiation_interval` or
    `engine.multipliers` finds it."""
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
        if self.engine.piecewise_linear:
            self._check_piecewise_linear()
        else:
            self._check_folding()
        self._check_stream()
        return self

    def _check_task(self) -> None:
        if self.task == READ_CURRENT:
            if "controller" in self.model_fields_set:
                raise ValueError(
                    f'[controller] is for task = "{PULSES_TO_TARGET}"; set the task, or leave it '
                    "out"
                )
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

    def _check_piecewise_linear(self) -> None:
        who = 'engine.curve = "piecewise_linear"'
        if self.folding:
            raise ValueError(
                f"[[folding]] beside {who}, which takes one neuron a cycle; leave it out"
            )
        if self.attachment.stream is not None:
            raise ValueError(
                f"{who} with attachment.stream = {self.attachment.stream!r}, which has no curves; "
                "leave one of them out"
            )
        if self.network is None:
            return
        if self.task != READ_CURRENT:
            raise ValueError(
                f'{who} with task = "{self.task}", whose network has no pulse number among its '
                f'inputs; leave curve out, or set task = "{READ_CURRENT}"'
            )
        if self.network.pulse_number != "affine":
            raise ValueError(
                f'{who} with pulse_number = "{self.network.pulse_number}" in [network], a table: '
                "it needs codes of the pulse number that are a constant step apart; set "
                'pulse_number = "affine"'
            )
        if not self.bits.keeps_accumulators:
            raise ValueError(
                f"{who} with activations = {self.bits.activations} in [bits], a requantiser: it "
                "needs a hidden layer that hands on its accumulator; set "
                f'activations = "{ACCUMULATOR}"'
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
        if self.engine.piecewise_linear:
            return fold_piecewise_linear(self.sizes)
        if self.shares_multiplier:
            check_shared_multiplier_options(
                incremental=self.engine.incremental,
                reloadable=self.engine.weights == "reloadable",
                shallow=self.engine.pipeline == "shallow",
                stream=self.attachment.stream is not None,
            )
            return fold_shared_multiplier(self.sizes)
        return fold(
            self.sizes,
            self._foldings(),
            incremental=self.engine.incremental,
            reloadable=self.engine.weights == "reloadable",
            shallow=self.engine.pipeline == "shallow",
        )

    @property
    def shares_multiplier(self) -> bool:
        """True if the layers have one multiplier together.

        Raises:
            PulsewrightError: the preset is unknown.
        """
        return shares_multiplier(self.sizes, self.engine.multipliers)

    def _foldings(self) -> tuple[LayerFolding, ...]:
        """Of every layer, as they are given or found."""
        if self.folding:
            return self.folding
        if self.engine.multipliers is not None:
            found = fastest_folding(self.sizes, self.engine.multipliers, self.engine.incremental)
        else:
            interval = self.engine.initiation_interval or 1
            found = cheapest_folding(self.sizes, interval, self.engine.incremental)
        return tuple(LayerFolding(pe=layer.pe, simd=layer.simd) for layer in found.layers)


def load_recipe(path: Path) -> Recipe:
    """Read and check a recipe.

    Raises:
        PulsewrightError: the file is missing or not TOML, a key is unknown (the nearest known key
            is named), a value is out of range, the folding, the widths or the attachment do not fit
            the network, or the finished model cannot be read.
    """
    recipe, source = load_toml_source(path, Recipe, "recipe", EXAMPLES)
    try:
        model = None if recipe.model is None else finished_model(recipe.model, path.parent)
        if recipe.model is not None and model is not None:
            section = recipe.model.model_copy(update={"sizes": model.sizes})
            recipe = recipe.model_copy(update={"model": section})
        check_hardware(recipe, model)
    except MissingPackageError:
        # No fault of the recipe's, and its command must stay whole.
        raise
    except PulsewrightError as error:
        raise source.refused(str(error)) from error
    return recipe


def check_hardware(recipe: Recipe, model: IntegerMlp | None) -> None:
    """Refuse what no hardware can be generated of, as far as it is known before a training.

    model: the finished one of a recipe that has one.

    Raises:
        PulsewrightError: the folding, the widths or the attachment do not fit the network.
    """
    folded, attachment = recipe.folded, recipe.attachment
    if folded.reloadable:
        weight_window(folded)
    if model is None:
        if recipe.shares_multiplier:
            _check_shared_multiplier(recipe)
        recipe.bits.check_layers(len(recipe.sizes) - 1)
        check_network(recipe.sizes, recipe.bits.inputs, attachment.bus)
        makes_curves = recipe.engine.piecewise_linear
        inputs, *_, results = recipe.sizes
        width = recipe.bits.inputs
        check_jobs(attachment, inputs, results, width, makes_curves=makes_curves)
        return
    if recipe.engine.piecewise_linear:
        piecewise_linear_network(model)
    check_attachment(model, with_requantisers(folded, model), attachment.bus, attachment)
    if recipe.attachment.stream is not None:
        chosen_shape(model, folded, recipe.attachment)


def _check_shared_multiplier(recipe: Recipe) -> None:
    if recipe.bits.weight_scales is not WeightScales.PER_TENSOR:
        raise PulsewrightError(
            f'bits.weight_scales = "{recipe.bits.weight_scales}" beside {SHARED_MULTIPLIER}, whose '
            f'engine has one shift for all neurons; set "per_tensor", or {MORE_MULTIPLIERS}'
        )


def finished_model(section: ModelSection, folder: Path) -> IntegerMlp:
    """Read the model, and check the sizes that are given against it."""
    path = folder / section.path
    model = load_model(path, section.choices).model
    if section.sizes not in ((), model.sizes):
        raise PulsewrightError(
            f"model.sizes = {list(section.sizes)}, and {path} has {list(model.sizes)}; "
            "correct them, or leave them out"
        )
    return model
