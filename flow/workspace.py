# SPDX-License-Identifier: Apache-2.0
"""What every step of one build needs: the recipe, the folder, the console, the user's options."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from rich.console import Console

from pulsewright.flow.build_folder import BuildFolder
from pulsewright.flow.inputs.curves import CurveInput
from pulsewright.flow.recipe import Recipe
from pulsewright.flow.recipe_sections import PULSES_TO_TARGET, READ_CURRENT
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.hls_model.schedule.requantiser_stages import with_requantisers
from pulsewright.quant.datasets.pulse_curves import PulseCurves
from pulsewright.quant.splits import COMMON_KINDS, Split, SplitKind, split
from pulsewright.rtl.buses.options import AttachmentOptions
from pulsewright.sim.simulators import Simulator


@dataclass(frozen=True)
class Options:
    """What is no part of a recipe.

    recipe_folder: where the recipe's own paths start. data: folder or file of the curves, instead
    of the recipe's. download: fetch the measured files into it. waves: record waveforms. command:
    what the user typed, for the report.
    """

    recipe_folder: Path
    data: Path | None = None
    download: bool = False
    waves: bool = False
    command: str = ""


class Workspace:
    """One recipe in its build folder."""

    def __init__(self, recipe: Recipe, build: Path, options: Options, console: Console) -> None:
        self.recipe = recipe
        self.options = options
        self.console = console
        self.folder = BuildFolder(build, recipe.name)

    def check_trained(self) -> None:
        """Refuse a recipe of which nothing is trained.

        Raises:
            PulsewrightError: it starts from a finished model.
        """
        _ = self.recipe.trained

    @property
    def predicts_currents(self) -> bool:
        """Whether the network is trained here, for the scaled read current of the curves."""
        return self.recipe.model is None and self.recipe.task == READ_CURRENT

    @property
    def predicts_pulses(self) -> bool:
        """Whether the network is trained here, for the pulses to a level."""
        return self.recipe.model is None and self.recipe.task == PULSES_TO_TARGET

    @cached_property
    def curve_input(self) -> CurveInput:
        """Where the recipe's curves are; one for all steps, since a pipe is read only once."""
        data, options = self.recipe.data, self.options
        return CurveInput(
            source=data.source,
            own_path=None if data.path is None else options.recipe_folder / data.path,
            data=options.data,
            download=options.download,
            download_folder=self.folder / "measured",
        )

    @property
    def dataset(self) -> Path:
        """The curves."""
        return self.folder / "dataset.npz"

    @property
    def float_checkpoint(self) -> Path:
        """Float networks of all splits."""
        return self.folder / "float.pt"

    @property
    def quantised_checkpoint(self) -> Path:
        """Quantised networks of all splits."""
        return self.folder / "qat.pt"

    @property
    def model_file(self) -> Path:
        """The integer model of the recipe's split."""
        return self.folder / "model.json"

    @property
    def import_file(self) -> Path:
        """What the import of a file of others found."""
        return self.folder / "import.json"

    @property
    def accuracy_file(self) -> Path:
        """Errors of all models on all splits, and the comparison with Brevitas."""
        return self.folder / "accuracy.json"

    @property
    def history_file(self) -> Path:
        """What was measured of a network for the pulses to a level."""
        return self.folder / "history.json"

    @property
    def report_file(self) -> Path:
        """The report."""
        return self.folder / "report.json"

    @property
    def report_page(self) -> Path:
        """The page that people open."""
        return self.folder / "report.html"

    @property
    def qonnx_file(self) -> Path:
        """The integer model as a QONNX file."""
        return self.folder / f"{self.recipe.name}.onnx"

    @property
    def qonnx_result_file(self) -> Path:
        """What the qonnx package's executor showed."""
        return self.folder / "qonnx.json"

    def verilog(self, kind: str) -> Path:
        """The generated Verilog: of the bare "engine", or of a top by its bus or its stream."""
        return self.folder / "rtl" / f"{self.recipe.name}_{kind}.v"

    @property
    def hex_folder(self) -> Path:
        """Tables of constants that the Verilog reads, if the recipe asks for files."""
        return self.folder / "rtl" / "hex"

    @property
    def bus(self) -> str:
        """The attachment of the coprocessor."""
        return self.recipe.attachment.bus

    @property
    def bus_options(self) -> AttachmentOptions:
        """Options of that attachment."""
        return self.recipe.attachment

    @property
    def stream(self) -> str | None:
        """The protocol of the top level with streams, if there is one."""
        return self.recipe.attachment.stream

    @property
    def register_header(self) -> Path:
        """C header of the registers."""
        return self.folder / "rtl" / f"{self.recipe.name}_registers.h"

    @property
    def package(self) -> Path:
        """Folder that is handed over to a SoC team."""
        return self.folder / "rtl" / "package"

    @property
    def package_bench(self) -> Path:
        """The plain Verilog bench in it."""
        return self.package / "bench" / f"{self.recipe.name}_tb.v"

    @property
    def hls(self) -> Path:
        """Folder of C++ for high-level synthesis."""
        return self.folder / "hls"

    @property
    def hls_summary(self) -> Path:
        """What the emulator of that C++ showed, beside its library."""
        return self.folder / "emulator" / "summary.json"

    @property
    def hls_bench_summary(self) -> Path:
        """What the test bench that is delivered with it showed."""
        return self.folder / "emulator" / "bench.json"

    @property
    def energy_file(self) -> Path:
        """Every energy figure."""
        return self.folder / "energy.json"

    @property
    def energy_picture(self) -> Path:
        """The picture of what the energy is spent for."""
        return self.folder / "energy.png"

    @property
    def curve_picture(self) -> Path:
        """The picture of predicted beside given curves."""
        return self.folder / "curves.png"

    def summary(self, simulator: Simulator) -> Path:
        """What a simulator showed."""
        return self.folder / "sim" / simulator.value / "summary.json"

    @cached_property
    def curves(self) -> PulseCurves:
        """The curves, once the dataset step is done."""
        return PulseCurves.load(self.dataset)

    @cached_property
    def model(self) -> IntegerMlp:
        """The integer model, once the quantise step is done.

        Raises:
            PulsewrightError: the file is not a model, or one of other sizes than the recipe's.
        """
        model = IntegerMlp.load(self.model_file)
        if model.sizes != self.recipe.sizes:
            raise PulsewrightError(
                f"{self.model_file} has layers of {model.sizes}, the recipe of "
                f"{self.recipe.sizes}; delete it to have it made again"
            )
        return model

    @cached_property
    def folded(self) -> FoldedEngine:
        """The folded engine of the integer model, once there is one."""
        return with_requantisers(self.recipe.folded, self.model)

    @property
    def split_kinds(self) -> tuple[SplitKind, ...]:
        """The splits that networks are trained on: the common ones, and the recipe's own.

        A network for the pulses to a level is trained on the recipe's own alone.
        """
        own = self.recipe.data.split
        return (own,) if self.predicts_pulses else tuple(dict.fromkeys((*COMMON_KINDS, own)))

    def split(self, kind: SplitKind) -> Split:
        """Train, validation and test rows of a split.

        Raises:
            PulsewrightError: a part stays empty.
        """
        return self.split_of(self.curves, kind)

    def split_of(self, curves: PulseCurves, kind: SplitKind) -> Split:
        """The same of curves that are not kept yet."""
        data = self.recipe.data
        return split(curves, kind, self.recipe.seed, data.test_fraction, data.validation_fraction)

    def say(self, sentence: str) -> None:
        """Tell the user what a step did."""
        self.console.print(sentence, highlight=False, soft_wrap=True)
