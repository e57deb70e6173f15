# SPDX-License-Identifier: Apache-2.0
"""The step from the Verilog to the folder that is handed over to a SoC team."""

from pulsewright.flow.build_folder import source_digest
from pulsewright.flow.workspace import Workspace
from pulsewright.hls_model.files.atomic_write import write_folder
from pulsewright.hls_model.files.checksums import CHECKSUMS, is_intact

ROOMS = ("rtl", "hls_model", "firmware")


def package_step(workspace: Workspace) -> None:
    """Write `rtl/package/`, whole or not at all, once the Verilog is there.

    The folder has more files than a stamp can name before they are made, so that its own checksums
    stand for them; a package that does not agree with its checksums is made again.
    """
    recipe = workspace.recipe
    bus = workspace.bus
    verilog = [workspace.verilog(bus), workspace.verilog("engine")]
    checksums = workspace.package / CHECKSUMS
    if checksums.exists() and not is_intact(workspace.package):
        checksums.unlink()

    def work() -> None:
        from pulsewright.rtl.package.assemble import package_files

        coprocessor, engine = (path.read_text(encoding="utf-8") for path in verilog)
        files = package_files(recipe.name, bus, workspace.model, recipe.folded, coprocessor, engine)
        write_folder(workspace.package, files)
        workspace.say(f"package   {len(files)} files: {workspace.package}")

    inputs = {
        "verilog": workspace.digest(*verilog),
        "model": workspace.digest(workspace.model_file),
        "folding": [folding.model_dump() for folding in recipe.folding],
        "attachment": recipe.attachment.model_dump(),
        "name": recipe.name,
        "code": source_digest(ROOMS),
    }
    workspace.folder.run_step("package", inputs, [checksums], work)
