# SPDX-License-Identifier: Apache-2.0
"""The command that says what a key, a register or a field of the report means."""

from collections.abc import Iterator, Sequence
from typing import Annotated

import typer

from pulsewright.flow.commands import completion
from pulsewright.flow.commands.guarded import guarded
from pulsewright.flow.commands.options import AsJson
from pulsewright.flow.explain.entry import Entry
from pulsewright.flow.output import command_output
from pulsewright.flow.report.result_table import Column, ResultTable, words


@guarded
def explain(
    key: Annotated[
        str | None,
        typer.Argument(
            help="engine.pipeline, bits, grid.weights, STATUS.BUSY, cycles.ii; or recipe, study, "
            "register or report for all of a kind.",
            autocompletion=completion.explained_names,
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say what a key of a recipe or study, a register, or a field of report.json means."""
    from pulsewright.flow.explain.search import KINDS, find, of_kind

    with command_output("explain", as_json) as output:
        if key is None:
            output.table(_list("kinds", "What can be explained", _first_of_each_kind()))
            output.sentence(
                "pulsewright explain KEY says more of one; pulsewright explain register lists "
                "the registers."
            )
        elif key in KINDS:
            output.table(_list("members", f"All of the kind {key}", of_kind(key)))
        else:
            found = find(key)
            output.lines(_table(found.entries), _lines(found.entries))
            if found.inside:
                output.table(_list("members", f"Inside {key}", found.inside))


def _first_of_each_kind() -> list[Entry]:
    """What is at the top of a recipe, a study and a report; registers take a package."""
    from pulsewright.flow.explain.search import of_kind

    every = [*of_kind("recipe"), *of_kind("study"), *of_kind("report")]
    return [one for one in every if "." not in one.name]


def _table(entries: Sequence[Entry]) -> ResultTable:
    """All of the entries, for JSON."""
    return ResultTable(
        "explanations",
        "What it means",
        (
            words("kind", "kind"),
            words("key", "key"),
            words("meaning", "meaning"),
            Column("facts", "facts"),
        ),
        [(one.kind, one.name, one.meaning, dict(one.facts)) for one in entries],
    )


def _list(name: str, title: str, entries: Sequence[Entry]) -> ResultTable:
    return ResultTable(
        name,
        title,
        (words("kind", "kind"), words("key", "key"), words("meaning", "what")),
        [(one.kind, one.name, one.first_sentence) for one in entries],
    )


def _lines(entries: Sequence[Entry]) -> Iterator[str]:
    for number, one in enumerate(entries):
        if number:
            yield ""
        yield f"{one.name}, {one.kind}"
        for paragraph in one.meaning.split("\n\n"):
            yield f"  {' '.join(paragraph.split())}"
        wide = max((len(label) for label, _ in one.facts), default=0)
        for label, value in one.facts:
            first, *others = value.splitlines()
            yield f"  {label.ljust(wide)}  {first}"
            yield from (f"  {' ' * wide}  {line}" for line in others)
