# SPDX-License-Identifier: Apache-2.0
"""Names of files, modules, functions and macros, which cannot be escaped: checked, or made."""

import re
from collections.abc import Iterable, Mapping

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.escape.reserved_words import (
    C_HEADERS,
    C_WORDS,
    CHARGE_STRENGTHS,
    CPP_WORDS,
    OWN_PREFIX,
    OWN_WORDS,
    SYSTEM_VERILOG_WORDS,
    VERILOG_WORDS,
)

LONGEST_NAME = 40
_SHORT_NAME = re.compile(rf"[a-z][a-z0-9_]{{0,{LONGEST_NAME - 1}}}")
_IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,199}")
_KEYWORDS = {
    "a keyword of C": C_WORDS,
    "a keyword of C++": CPP_WORDS,
    "a keyword of Verilog": VERILOG_WORDS,
    "a keyword of SystemVerilog": SYSTEM_VERILOG_WORDS,
}
_RESERVED_FOR = {
    **_KEYWORDS,
    "a header of the C library": C_HEADERS,
    "a word that generated files use themselves": OWN_WORDS,
}


def checked_identifier(name: str) -> str:
    """`name`, if names of generated C, C++, Verilog and SystemRDL can begin with it.

    Raises:
        PulsewrightError: it is no identifier of at most 200 letters, digits and underscores, or a
            keyword.
    """
    if _IDENTIFIER.fullmatch(name) is None:
        raise PulsewrightError(
            f"{name[:80]!r} is no name for generated files; use letters, digits and underscores, "
            "a letter first"
        )
    _refuse_words_of(name, _KEYWORDS)
    return name


def checked_module_name(name: str) -> str:
    """`name`, if it can be a module of Verilog as it is.

    Raises:
        PulsewrightError: it is no identifier, or a keyword, charge strengths included.
    """
    checked_identifier(name)
    _refuse_words_of(name, {"a charge strength of Verilog": CHARGE_STRENGTHS})
    return name


def _refuse_words_of(name: str, keywords: Mapping[str, frozenset[str]]) -> None:
    for what, words in keywords.items():
        if name in words:
            raise PulsewrightError(f"{name!r} is {what}; choose another name, such as {name}_mlp")


def checked_short_name(name: str) -> str:
    """`name`, if a folder may be called so on every system.

    Raises:
        PulsewrightError: it is no such name.
    """
    if _SHORT_NAME.fullmatch(name) is None:
        raise PulsewrightError(
            f"use at most {LONGEST_NAME} lower-case letters, digits and underscores, a letter first"
        )
    return name


def checked_coprocessor_name(name: str) -> str:
    """`name`, if files, modules, functions and macros may begin with it.

    Raises:
        PulsewrightError: it is no short name, or belongs to a language or to Pulsewright.
    """
    checked_short_name(name)
    if name.startswith(OWN_PREFIX):
        raise PulsewrightError(
            f"names that begin with {OWN_PREFIX!r} are those of the driver and the kernel; "
            "begin with another word"
        )
    for what, words in _RESERVED_FOR.items():
        if name in words:
            raise PulsewrightError(f"that is {what}; choose another name, such as {name}_mlp")
    return name


def identifier_parts(texts: Iterable[str]) -> list[str]:
    """One part of an identifier of C for each text, of a-z, 0-9 and _, no two alike.

    Texts that differ only in what C does not allow, or in case, get their number as well.
    """
    parts = [re.sub(r"[^a-z0-9]", "_", text.lower()) for text in texts]
    made: list[str] = []
    taken = set(parts)
    for number, part in enumerate(parts):
        if parts.count(part) > 1:
            part = f"{part}_{number}"
            while part in taken:
                part += "_"
            taken.add(part)
        made.append(part)
    return made
