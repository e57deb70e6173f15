# SPDX-License-Identifier: Apache-2.0
"""A design: a model, how it is folded, and how it is attached."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pydantic import ValidationError

from pulsewright.flow.inputs.energy_table import named_table
from pulsewright.flow.recipe import Recipe
from pulsewright.flow.steps.packages import GENERATOR
from pulsewright.hls_model.activity.engine import engine_activity
from pulsewright.hls_model.activity.operations import OperationKind
from pulsewright.hls_model.energy.figure import EnergyFigure
from pulsewright.hls_model.energy.figures import energy_totals, tier1
from pulsewright.hls_model.energy.table import EnergyTable
from pulsewright.hls_model.energy.total import EnergyTotal
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.escape.identifiers import checked_coprocessor_name
from pulsewright.hls_model.files.atomic_write import write_text
from pulsewright.hls_model.python_packages import check_packages
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule import folding
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.hls_model.schedule.folding import LayerFolding
from pulsewright.hls_model.schedule.folding_search import cheapest_folding, fastest_folding
from pulsewright.hls_model.schedule.requantiser_stages import with_requantisers
from pulsewright.hls_model.schedule.shared_multiplier_network import (
    check_shared_multiplier_options,
    shares_multiplier,
)
from pulsewright.hls_model.schedule.workload import full_inference
from pulsewright.hls_model.validation_sentence import toml_place, validation_sentence
from pulsewright.rtl.buses.options import AttachmentOptions
from pulsewright.rtl.buses.registry import checked_options
from pulsewright.rtl.table_options import TableOptions
from pulsewright.rtl.table_text import DEFAULT_HEX_FOLDER
from pulsewright.rtl.verilog.hex_files import write_hex_folder

if TYPE_CHECKING:
    # Brings Amaranth, which a description does not need.
    from pulsewright.rtl.verilog.writer import VerilogFiles


class Operations(NamedTuple):
    """What the hardware executes for one inference.

    Layers of one step have constants in adder graphs, so that they have additions alone.
    """

    multiplications: int
    additions: int


@dataclass(frozen=True)
class Design:
    """A coprocessor that can be generated: model, folding, bus and module name.

    bus: name of an attachment, such as "obi", "apb" or "cv_x_if" (docs/attachments.md). options:
    of it. tables: how constants are written.

    Raises:
        PulsewrightError: the bus is unknown or cannot have these options, the name is no module
            name, or the folding is of other sizes than the model.
    """

    model: IntegerMlp
    engine: FoldedEngine
    bus: str = "obi"
    name: str = "pulse_mlp"
    options: AttachmentOptions = field(default_factory=AttachmentOptions)
    tables: TableOptions = field(default_factory=TableOptions)

    def __post_init__(self) -> None:
        checked_options(self.bus, self.options)
        try:
            checked_coprocessor_name(self.name)
        except PulsewrightError as error:
            raise PulsewrightError(f"module name {self.name!r}: {error}") from error
        layers = self.engine.layers
        sizes = (layers[0].inputs, *(layer.neurons for layer in layers))
        if sizes != self.model.sizes:
            raise PulsewrightError(
                f"the folding is of layers {sizes}, the model has {self.model.sizes}; "
                "fold the model itself"
            )

    @classmethod
    def of_recipe(cls, recipe: Recipe, model: IntegerMlp) -> "Design":
        """The design that `recipe` describes, of a model of its sizes.

        Raises:
            PulsewrightError: the model has other sizes.
        """
        attachment, folded = recipe.attachment, with_requantisers(recipe.folded, model)
        return cls(model, folded, attachment.bus, recipe.name, attachment, recipe.engine.tables)

    @property
    def ii(self) -> int:
        """Initiation interval: clock cycles from one vector to the next."""
        return self.engine.initiation_interval

    @property
    def latency(self) -> int:
        """Clock cycles from a vector to its result."""
        return self.engine.latency

    @property
    def multipliers(self) -> int:
        """Products computed in parallel: pe * simd, over all layers."""
        return self.engine.multipliers

    @property
    def operations(self) -> Operations:
        """Multiplications and additions of one inference, counted as the hardware does them."""
        activity = engine_activity(self.model, self.engine, full_inference(self.engine))
        return Operations(activity.count(OperationKind.MULTIPLY), activity.count(OperationKind.ADD))

    @property
    def paper_energy(self) -> EnergyFigure:
        """Tier 1, the paper's estimate: FLOP x 9.3 pJ."""
        return tier1(self.model.sizes)

    def energy(self, table: str | EnergyTable = "horowitz_45nm") -> list[EnergyTotal]:
        """Tier 2: each workload with its weights in each home, by one table.

        table: a table of the package, a file, or a table itself (docs/energy.md). Figures of
        different tables are of different nodes: never add them.

        Raises:
            PulsewrightError: there is no such table, or weights exceed its largest SRAM.
        """
        chosen = named_table(table) if isinstance(table, str) else table
        return energy_totals(self.model, self.engine, chosen)

    def verilog(self) -> str:
        """Verilog-2005 of the coprocessor, module `name`; the same design gives the same text.

        Raises:
            PulsewrightError: the network does not fit the attachment, or Amaranth is not installed.
        """
        return self.verilog_named(self.name)

    def verilog_named(self, module: str) -> str:
        """The same with another name of the module."""
        return self._verilog_files(module).text

    def _verilog_files(self, module: str) -> "VerilogFiles":
        check_packages(GENERATOR)
        from pulsewright.rtl.tops import coprocessor_top
        from pulsewright.rtl.verilog.writer import verilog_files

        top = coprocessor_top(self.bus, self.model, self.engine, self.options)
        return verilog_files(top, module, tables=self.tables)

    def stream_verilog(self) -> str:
        """Verilog-2005 of the engine between its streams, module `<name>_axi_stream`.

        Raises:
            PulsewrightError: the design has no streams, numbers do not fit their lanes, or Amaranth
                is not installed.
        """
        check_packages(GENERATOR)
        from pulsewright.rtl.tops import stream_top
        from pulsewright.rtl.verilog.writer import to_verilog

        return to_verilog(
            stream_top(self.model, self.engine, self.options), f"{self.name}_axi_stream"
        )

    def write_verilog(self, path: str | PathLike[str]) -> Path:
        """Write `verilog()`, whole or not at all, and the tables that it reads to `hex/` beside it.

        Raises:
            PulsewrightError: as `verilog`; the file cannot be written.
        """
        path, written = Path(path), self._verilog_files(self.name)
        write_text(path, written.text)
        if written.hex_files:
            write_hex_folder(path.parent / DEFAULT_HEX_FOLDER, written.hex_files)
        return path


def fold(
    model: IntegerMlp,
    ii: int | None = None,
    layers: Sequence[tuple[int, int]] | None = None,
    *,
    multipliers: int | None = None,
    incremental: bool = False,
    reloadable: bool = False,
    shallow: bool = False,
    bus: str = "obi",
    name: str = "pulse_mlp",
    id_bits: int | None = None,
    addressing: str | None = None,
    termination: str | None = None,
    max_wait: int | None = None,
    clock_gate: bool | None = None,
    jobs: str | None = None,
    fifo_depth: int | None = None,
    input_map: str | None = None,
    stream: str | None = None,
    stream_width: int | None = None,
    stream_packing: str | None = None,
    stream_input_bits: int | None = None,
    stream_result_bits: int | None = None,
) -> Design:
    """Fold a model: by initiation interval, by multipliers, or by (pe, simd) of every layer.

    ii: clock cycles; the folding of the fewest multipliers that reaches it. multipliers: how many
    there may be; the folding of the smallest initiation interval, and with 1 of them the engine in
    which the two layers of a network with one hidden layer share it. incremental: the first
    layer computes what changed since the vector before. reloadable: weights in memories that
    software loads. shallow: few cycles from vector to result, for a lower clock frequency. bus,
    name: of the `Design`. id_bits, addressing, termination, max_wait, clock_gate, jobs, fifo_depth,
    input_map: options of the bus. stream and what begins with it: AXI4-Streams beside it
    (docs/streams.md).

    Raises:
        PulsewrightError: not one of `ii`, `layers` and `multipliers` is given, or it does not fit;
            an option is not one of the bus.
    """
    foldings = _foldings(model.sizes, ii, layers, multipliers)
    if foldings is None:
        check_shared_multiplier_options(
            incremental=incremental,
            reloadable=reloadable,
            shallow=shallow,
            stream=stream is not None,
        )
        engine = folding.fold_shared_multiplier(model.sizes)
    else:
        engine = folding.fold(model.sizes, foldings, incremental, reloadable, shallow)
    options = _attachment_options(
        id_bits=id_bits,
        addressing=addressing,
        termination=termination,
        max_wait=max_wait,
        clock_gate=clock_gate,
        jobs=jobs,
        fifo_depth=fifo_depth,
        input_map=input_map,
        stream=stream,
        stream_width=stream_width,
        stream_packing=stream_packing,
        stream_input_bits=stream_input_bits,
        stream_result_bits=stream_result_bits,
    )
    return Design(model, with_requantisers(engine, model), bus, name, options)


def _foldings(
    sizes: Sequence[int],
    ii: int | None,
    layers: Sequence[tuple[int, int]] | None,
    multipliers: int | None,
) -> list[LayerFolding] | None:
    """Of every layer, as they are given or found; None if the layers share one multiplier."""
    if [ii, layers, multipliers].count(None) != 2:
        raise PulsewrightError(
            f"ii = {ii}, layers = {layers} and multipliers = {multipliers}; give one of them: "
            "cycles such as ii=8, multipliers=56, or (pe, simd) of every layer such as "
            "layers=[(8, 6), (1, 8)]"
        )
    if shares_multiplier(sizes, multipliers):
        return None
    if layers is None:
        found = (
            cheapest_folding(sizes, ii)
            if ii is not None
            else fastest_folding(sizes, multipliers or 0)
        )
        layers = [(layer.pe, layer.simd) for layer in found.layers]
    try:
        return [LayerFolding(pe=pe, simd=simd) for pe, simd in layers]
    except (ValidationError, TypeError, ValueError) as error:
        raise PulsewrightError(
            f"layers = {layers}; give (pe, simd) of every layer, 1 or more each"
        ) from error


def _attachment_options(**options: int | str | None) -> AttachmentOptions:
    try:
        return AttachmentOptions.model_validate(options)
    except ValidationError as error:
        sentence = validation_sentence(error, AttachmentOptions, toml_place)
        raise PulsewrightError(sentence) from error
