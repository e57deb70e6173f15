# SPDX-License-Identifier: Apache-2.0
"""Registers of the coprocessor and their fields, from the SystemRDL source of all of them.

Networks have one of several maps: what is alike in all of them is one entry.
"""

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from pulsewright.flow.explain.entry import Entry
from pulsewright.hls_model.python_packages import check_packages

if TYPE_CHECKING:
    from pulsewright.rtl.register_texts.register_view import (
        FieldView,
        GroupView,
        MapView,
        MemoryView,
        WordView,
    )

REGISTER, FIELD = "register", "register field"
_AS_MANY = "as many as the network needs"
PLAIN = "networks that fit among the registers"
WITH_WINDOWS = "networks with windows"
WITH_WEIGHTS = 'engine.weights = "reloadable"'


@cache
def registers() -> tuple[Entry, ...]:
    """Each register or memory before its fields, by address; the common ones first.

    Raises:
        MissingPackageError: SystemRDL's compiler is not installed.
    """
    maps = {name: list(_entries(view)) for name, view in _maps().items()}
    having: dict[Entry, list[str]] = {}
    for name, entries in maps.items():
        for one in entries:
            having.setdefault(one, []).append(name)
    return tuple(
        one._replace(facts=(*one.facts, ("of", _of(names)))) for one, names in having.items()
    )


def _of(names: list[str]) -> str:
    if WITH_WINDOWS in names:
        return "every coprocessor" if len(names) > 1 else WITH_WINDOWS
    return PLAIN if PLAIN in names else names[0]


def _maps() -> "dict[str, MapView]":
    check_packages(("systemrdl",))
    from pulsewright.rtl.register_texts.register_view import map_view
    from pulsewright.rtl.registers.register_map import RELOADABLE, WINDOWS
    from pulsewright.rtl.registers.register_source import elaborated_source

    kinds: dict[str, frozenset[str]] = {
        PLAIN: frozenset(),
        WITH_WINDOWS: frozenset({WINDOWS}),
        WITH_WEIGHTS: frozenset({RELOADABLE}),
    }
    return {name: map_view(elaborated_source(one, {})) for name, one in kinds.items()}


def _entries(view: "MapView") -> Iterator[Entry]:
    for word in view.words:
        yield from _register(word, "", "")
    for group in view.groups:
        yield from _group(group)
    placed = {word.name for word in view.words}
    for memory in view.memories:
        yield _memory(memory, f"{memory.name}_WINDOW" in placed)


def _register(word: "WordView", before: str, base: str) -> Iterator[Entry]:
    name = f"{before}{word.name}"
    offset = f"{base}0x{word.offset:02X}"
    if word.count is not None:
        offset = f"{offset} + 4 * n, {_AS_MANY}"
    yield Entry(REGISTER, name, _meaning(word.title, word.text), (("offset", offset),))
    for field in word.fields:
        yield _field(field, name, word.title)


def _group(group: "GroupView") -> Iterator[Entry]:
    base = f"0x{group.offset:02X} + {group.stride} * n"
    place = ("offset", f"{base}, {_AS_MANY}")
    yield Entry(REGISTER, group.name, _meaning(group.title, group.text), (place,))
    for word in group.words:
        yield from _register(word, f"{group.name}.", f"{base} + ")


def _memory(memory: "MemoryView", is_placed: bool) -> Entry:
    offset = f"{memory.name}_WINDOW says it" if is_placed else f"0x{memory.offset:02X}"
    facts = (("offset", f"{offset}, {_AS_MANY}"), ("access", memory.access))
    return Entry(REGISTER, memory.name, _meaning(memory.title, memory.text), facts)


def _field(field: "FieldView", register: str, title: str) -> Entry:
    bits = str(field.low) if field.width == 1 else f"{field.high}:{field.low}"
    access = f"{field.access}; a 1 clears" if field.cleared_by_one else field.access
    facts = [("bits", bits), ("access", access)]
    if field.reset is not None and "write" in field.access:
        facts.append(("reset", str(field.reset)))
    return Entry(FIELD, f"{register}.{field.name}", field.text or f"{title}.", tuple(facts))


def _meaning(title: str, text: str) -> str:
    return f"{title}.\n\n{text}" if text else f"{title}."
