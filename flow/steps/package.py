# SPDX-License-Identifier: Apache-2.0
"""The step from the Verilog to the folder that is handed over to a SoC team."""

from pulsewright.flow.steps.settings import data_sheet_energy
from pulsewright.flow.workspace import Workspace
from pulsewright.hls_model.files.atomic_write import write_folder


def write_package(workspace: Workspace) -> None:
    """Write `rtl/package/`, whole or not at all."""
    from pulsewright.rtl.package.assemble import GeneratedVerilog, package_files
    from pulsewright.rtl.verilog.hex_files import hex_texts

    recipe, bus = workspace.recipe, workspace.bus
    coprocessor, engine = (
        workspace.verilog(kind).read_text(encoding="utf-8") for kind in (bus, "engine")
    )
    stream = None
    if workspace.stream is not None:
        stream = workspace.verilog(workspace.stream).read_text(encoding="utf-8")
    files = package_files(
        recipe.name,
        bus,
        workspace.model,
        workspace.folded,
        GeneratedVerilog(coprocessor, engine, stream, hex_texts(workspace.verilog(bus))),
        data_sheet_energy(workspace),
        workspace.bus_options,
    )
    write_folder(workspace.package, files)
    workspace.say(f"package   {len(files)} files: {workspace.package}")
