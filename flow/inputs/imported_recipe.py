# SPDX-License-Identifier: Apache-2.0
"""A recipe that starts from a file of another tool."""

import json
import os
import re
from pathlib import Path

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.escape.identifiers import checked_coprocessor_name
from pulsewright.hls_model.importer import ImportChoices
from pulsewright.hls_model.reference.network_output import OutputKind
from pulsewright.hls_model.shortened import shortened

LONGEST_STEM = 32
# In cycles, of a recipe that nobody asked for another.
USUAL_INTERVAL = 1000


def recipe_name(file: Path) -> str:
    """A name of a coprocessor that is like that of the file."""
    stem = re.sub(r"[^a-z0-9]+", "_", file.stem.lower()).strip("_")[:LONGEST_STEM].strip("_")
    try:
        return checked_coprocessor_name(stem)
    except PulsewrightError:
        return f"net_{stem}" if stem else "net"


def recipe_text(
    file: Path, folder: Path, choices: ImportChoices, initiation_interval: int, multipliers: int
) -> str:
    """A recipe for `file`, to stand in `folder`.

    initiation_interval: in cycles; multipliers: what it takes.
    """
    path = os.path.relpath(file, folder)
    lines = [
        f"# {toml_text(file.name)}, one vector every {initiation_interval} cycles or less.",
        f"name = {toml_text(recipe_name(file))}",
        "",
        "[model]",
        f"path = {toml_text(path)}",
    ]
    if choices.input_format is not None:
        lines.append(f"input = {toml_text(str(choices.input_format))}")
    if choices.output is not OutputKind.ACCUMULATOR:
        lines.append(f"output = {toml_text(choices.output.value)}")
    lines += [
        "",
        "[engine]",
        f"initiation_interval = {initiation_interval}  # {multipliers} multipliers",
    ]
    return "\n".join(lines) + "\n"


def toml_text(text: str) -> str:
    """A string as TOML writes it on one line.

    Raises:
        PulsewrightError: it is no Unicode, as a file's name need not be.
    """
    if not text.isascii() and any("\ud800" <= one <= "\udfff" for one in text):
        raise PulsewrightError(
            f"{shortened(text)} is no Unicode, which TOML files are made of; give the file another "
            "name"
        )
    # JSON's escapes are TOML's, but for DEL, which TOML has escaped as well.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
