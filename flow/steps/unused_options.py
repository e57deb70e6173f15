# SPDX-License-Identifier: Apache-2.0
"""What a recipe says of its attachment that a system of its own coprocessor does not take up."""

from collections.abc import Collection

from pulsewright.flow.workspace import Workspace


def say_unused_options(
    workspace: Workspace, system: str, used: Collection[str] = frozenset()
) -> None:
    """Tell of the recipe's options of the attachment that this system's coprocessor has not.

    system: what the user knows it as. used: the options that it has.
    """
    asked = workspace.bus_options.given.items()
    given = {name: value for name, value in asked if name not in used}
    if given:
        options = ", ".join(f"attachment.{name} = {value!r}" for name, value in given.items())
        workspace.say(
            f"note      the coprocessor of {system} has all jobs and the attachment's defaults; "
            f"{options} of the recipe is for its own Verilog, package and synthesis"
        )
