# SPDX-License-Identifier: Apache-2.0
"""A step of a build: what it needs, what it is made from, what it makes, and what it shows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pulsewright.flow.build_folder import file_digest
from pulsewright.flow.code_digest import code_digest
from pulsewright.flow.workspace import Workspace

# What arranges the work and computes nothing: what of it matters to a step is in its settings.
FRAME = (
    "pulsewright.flow.build_folder",
    "pulsewright.flow.progress",
    "pulsewright.flow.recipe",
    "pulsewright.flow.recipe_sections",
    "pulsewright.flow.steps.packages",
    "pulsewright.flow.steps.results",
    "pulsewright.flow.steps.settings",
    "pulsewright.flow.steps.shown",
    "pulsewright.flow.steps.step",
    "pulsewright.flow.workspace",
    "pulsewright.hls_model.python_packages",
)


# The code that runs is what was there when it was imported.
@cache
def _code_digest(modules: tuple[str, ...]) -> str:
    return code_digest(modules, FRAME)


@dataclass(frozen=True)
class Step:
    """One artefact, or a few that are made together.

    name: of the stamp. shows: what a reader gets. needs: steps before it. inputs: files and folders
    that it reads. settings: what else decides the outputs, with a stable JSON text. outputs: what
    it makes, by its work. code: modules that do the work; they count with all that they import.
    packages: import names of what it needs beside the base requirements. applies: whether the
    recipe asks for it. check: refuses, before anything is done, what could not end well. obstacle:
    why it cannot be done here, as a sentence for the user; it is left out then, and nothing is
    amiss.
    """

    name: str
    shows: str
    outputs: Callable[[Workspace], Sequence[Path]]
    work: Callable[[Workspace], None]
    code: Callable[[Workspace], Sequence[str]]
    needs: tuple["Step", ...] = ()
    inputs: Callable[[Workspace], Sequence[Path]] = lambda workspace: ()
    settings: Callable[[Workspace], Mapping[str, object]] = lambda workspace: {}
    packages: Callable[[Workspace], Sequence[str]] = lambda workspace: ()
    applies: Callable[[Workspace], bool] = lambda workspace: True
    check: Callable[[Workspace], None] = lambda workspace: None
    obstacle: Callable[[Workspace], str | None] = lambda workspace: None

    def made_from(self, workspace: Workspace) -> dict[str, object]:
        """All that decides the outputs: digests of files, settings, and the digest of the code."""
        return {
            "files": [file_digest(path) for path in self.inputs(workspace)],
            "settings": self.settings(workspace),
            "code": _code_digest(tuple(self.code(workspace))),
        }

    def is_current(self, workspace: Workspace) -> bool:
        """True if what it made is there, and of this recipe, these files and this code."""
        return self.applies(workspace) and workspace.folder.is_done(
            self.name, self.made_from(workspace), self.outputs(workspace)
        )

    def take(self, workspace: Workspace) -> None:
        """Do the work unless it is done, does not apply, or has an obstacle, which is told.

        Raises:
            PulsewrightError: what the work raises.
        """
        if not self.applies(workspace):
            return
        obstacle = self.obstacle(workspace)
        if obstacle is not None:
            workspace.say(obstacle)
            return
        workspace.folder.run_step(
            self.name,
            self.made_from(workspace),
            self.outputs(workspace),
            lambda: self.work(workspace),
        )
