# SPDX-License-Identifier: Apache-2.0
import io
from pathlib import Path

from rich.console import Console

from pulsewright.flow.recipe import load_recipe
from pulsewright.flow.steps.unused_options import say_unused_options
from pulsewright.flow.workspace import Options, Workspace


def said(recipe: Path, attachment: str) -> str:
    with recipe.open("a", encoding="utf-8") as file:
        file.write(attachment)
    console = Console(file=io.StringIO(), width=1000)
    loaded = load_recipe(recipe)
    workspace = Workspace(loaded, recipe.parent / "build", Options(recipe.parent), console)
    say_unused_options(workspace, "the board")
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_options_that_a_system_does_not_take_up_are_told(recipe: Path) -> None:
    told = said(recipe, '[attachment]\nbus = "obi"\njobs = "infer"\nmax_wait = 16\n')
    assert "the coprocessor of the board has all jobs" in told
    assert "attachment.max_wait = 16, attachment.jobs = 'infer' of the recipe" in told


def test_nothing_is_told_where_none_is_given(recipe: Path) -> None:
    assert said(recipe, '[attachment]\nbus = "apb"\n') == ""
