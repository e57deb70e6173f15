# SPDX-License-Identifier: Apache-2.0
"""Finds what a name means among all that can be explained."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from pulsewright.flow.explain.entry import Entry
from pulsewright.flow.explain.registers import registers
from pulsewright.flow.explain.toml_keys import recipe_keys, study_keys
from pulsewright.flow.report.fields import FIELDS, described
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.nearest import nearest
from pulsewright.hls_model.python_packages import MissingPackageError
from pulsewright.hls_model.shortened import shortened

REPORT_FIELD = "report field"
KINDS = ("recipe", "study", "register", "report")


class Found(NamedTuple):
    """entries: of the name. inside: what they contain, of a table, a register or an object."""

    entries: list[Entry]
    inside: list[Entry]


def report_fields() -> tuple[Entry, ...]:
    """Of report.json."""
    return tuple(Entry(REPORT_FIELD, name, meaning) for name, meaning in FIELDS.items())


def of_kind(kind: str) -> tuple[Entry, ...]:
    """All of one of `KINDS`.

    Raises:
        MissingPackageError: the package that reads registers is not installed.
    """
    makers: dict[str, Callable[[], tuple[Entry, ...]]] = {
        "recipe": recipe_keys,
        "study": study_keys,
        "register": registers,
        "report": report_fields,
    }
    return makers[kind]()


def find(name: str) -> Found:
    """What is called `name`, whole or by its end, whatever its case where no other is meant.

    Raises:
        PulsewrightError: nothing is; the nearest name is told.
        MissingPackageError: nothing else is, and the package that reads registers is missing.
    """
    without_registers = [*recipe_keys(), *study_keys(), *report_fields()]
    try:
        every = [*without_registers, *registers()]
    except MissingPackageError:
        every = without_registers
        if not _matches(name, every):
            raise
    entries = _matches(name, every)
    if not entries:
        meant = nearest(name, [one.name for one in every])
        hint = f"did you mean {meant!r}?" if meant else "`pulsewright explain` lists all"
        raise PulsewrightError(f"nothing is called {shortened(name)}; {hint}")
    return Found(entries, [one for one in every if _is_inside(one, entries)])


def _matches(name: str, every: Sequence[Entry]) -> list[Entry]:
    """Entries of that name; else those of that name in other letters, or that end with it."""
    plain, of_report = _plain(name), set(described(name))
    exact = [
        one
        for one in every
        if _plain(one.name) == plain or (one.kind == REPORT_FIELD and one.name in of_report)
    ]
    lower = plain.lower()
    return exact or [
        one
        for one in every
        if (own := _plain(one.name).lower()) == lower or own.endswith(f".{lower}")
    ]


def _plain(name: str) -> str:
    """The name without the brackets of tables and lists."""
    return name.replace("[", "").replace("]", "")


def _is_inside(one: Entry, entries: list[Entry]) -> bool:
    return any(
        one.kind.split()[0] == outer.kind.split()[0]
        and _plain(one.name).startswith(f"{_plain(outer.name)}.")
        for outer in entries
    )
