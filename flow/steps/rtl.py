# SPDX-License-Identifier: Apache-2.0
"""The step from the integer model to Verilog, and the C header of the registers."""

from pathlib import Path

from pulsewright.flow.workspace import Workspace
from pulsewright.hls_model.adder_graph.solver import layer_adder_graph
from pulsewright.hls_model.files.atomic_write import write_text
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.folding import FoldedEngine


def rtl_files(workspace: Workspace) -> list[Path]:
    """The Verilog of the coprocessor and of the bare engine, the C header, and the streams."""
    return [
        workspace.verilog(workspace.bus),
        workspace.verilog("engine"),
        workspace.register_header,
        *([workspace.verilog(workspace.stream)] if workspace.stream else []),
    ]


def generate_rtl(workspace: Workspace) -> None:
    """Generate the coprocessor, the bare engine, the C header of the registers, and the streams."""
    from pulsewright.rtl.register_texts.c_header import register_header
    from pulsewright.rtl.top import StreamTop
    from pulsewright.rtl.tops import coprocessor_top, stream_top
    from pulsewright.rtl.verilog.writer import to_verilog

    recipe, model, folded = workspace.recipe, workspace.model, workspace.folded
    outputs = rtl_files(workspace)
    texts = [
        to_verilog(
            coprocessor_top(workspace.bus, model, folded, workspace.bus_options),
            workspace.verilog(workspace.bus).stem,
            recipe.name,
        ),
        to_verilog(StreamTop(model, folded), workspace.verilog("engine").stem, recipe.name),
        register_header(model, recipe.name, folded),
    ]
    if workspace.stream is not None:
        top = stream_top(model, folded, workspace.bus_options)
        texts.append(to_verilog(top, workspace.verilog(workspace.stream).stem, recipe.name))
    for path, text in zip(outputs, texts, strict=True):
        write_text(path, text)
    workspace.say(
        f"rtl       {arithmetic_units(model, folded)}, II {folded.initiation_interval}, "
        f"latency {folded.latency} cycles: {outputs[0]}"
    )


def arithmetic_units(model: IntegerMlp, folded: FoldedEngine) -> str:
    """Multipliers, and the adders of the graphs that layers of one step have instead of them."""
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
