# SPDX-License-Identifier: Apache-2.0
"""What a recipe says of its attachment that a system of its own coprocessor does not take up."""

from pulsewright.flow.workspace import Workspace


def say_unused_options(workspace: Workspace, system: str) -> None:
    """Tell of the recipe's options of the attachment, of which this system's coprocessor has none.

    system: what the user knows it as.
    """
    given = workspace.bus_options.given
    if given:
        options = ", ".join(f"attachment.{name} = {value!r}" for name, value in given.items())
        workspace.say(
            f"note      the coprocessor of {system} has all jobs and the attachment's defaults; "
            f"{options} of the recipe is for its own Verilog, package and synthesis"
        )
