# SPDX-License-Identifier: Apache-2.0
"""The step from the integer model to Verilog, and the C header of the registers."""

from pathlib import Path

from pulsewright.flow.workspace import Workspace
from pulsewright.hls_model.adder_graph.solver import layer_adder_graph
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.files.atomic_write import write_text
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine


def rtl_files(workspace: Workspace) -> list[Path]:
    """The Verilog of the coprocessor and the bare engine, the C header, the streams, and tables."""
    tables = [workspace.hex_folder] if workspace.recipe.engine.weight_files else []
    return [
        workspace.verilog(workspace.bus),
        workspace.verilog("engine"),
        workspace.register_header,
        *([workspace.verilog(workspace.stream)] if workspace.stream else []),
        *tables,
    ]


def generate_rtl(workspace: Workspace) -> None:
    """Generate the coprocessor, the bare engine, the C header of the registers, and the streams."""
    from pulsewright.rtl.register_texts.c_header import register_header
    from pulsewright.rtl.top import StreamTop
    from pulsewright.rtl.tops import coprocessor_top, stream_top
    from pulsewright.rtl.verilog.hex_files import write_hex_folder
    from pulsewright.rtl.verilog.writer import verilog_files

    recipe, model, folded = workspace.recipe, workspace.model, workspace.folded
    tops = {
        workspace.bus: coprocessor_top(workspace.bus, model, folded, workspace.bus_options),
        "engine": StreamTop(model, folded),
    }
    if workspace.stream is not None:
        tops[workspace.stream] = stream_top(model, folded, workspace.bus_options)
    hex_files: dict[str, str] = {}
    texts = {workspace.register_header: register_header(model, recipe.name, folded)}
    for kind, top in tops.items():
        path = workspace.verilog(kind)
        texts[path], files = verilog_files(top, path.stem, recipe.name, recipe.engine.tables)
        hex_files |= files
    for path, text in texts.items():
        write_text(path, text)
    if recipe.engine.weight_files and not hex_files:
        raise PulsewrightError(
            "weight_files = true, and no layer of this engine has a table, since each takes one "
            "step; leave it out, or fold a layer into more steps"
        )
    write_hex_folder(workspace.hex_folder, hex_files)
    workspace.say(
        f"rtl       {arithmetic_units(model, folded)}, II {folded.initiation_interval}, "
        f"latency {folded.latency} cycles: {workspace.verilog(workspace.bus)}"
    )


def arithmetic_units(model: IntegerMlp, folded: FoldedEngine) -> str:
    """Multipliers, and the adders of the graphs that layers of one step have instead of them."""
    if folded.shared_multiplier is not None:
        return "one multiplier for both layers"
    graphs = [
        layer_adder_graph(layer, one)
        for layer, one in zip(model.layers, folded.layers, strict=True)
        if one.cycles == 1 and not folded.reloadable
    ]
    adders = sum(len(graph.adders) for graph in graphs)
    scaling = folded.requantiser_multipliers
    requantisers = f", {scaling} more in requantisers" if scaling else ""
    if not graphs:
        return f"{folded.multipliers} multipliers{requantisers}"
    multipliers = sum(
        one.multipliers for one in folded.layers if one.cycles > 1 or folded.reloadable
    )
    return f"{multipliers} multipliers, {adders} adders in graphs{requantisers}"
