# SPDX-License-Identifier: Apache-2.0
"""TOML files of recipes and studies, checked against their models."""

import json
import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, TypeVar

from pydantic import BaseModel, ValidationError

from pulsewright.flow.inputs.toml_lines import key_lines, line_named_in, line_of
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.files.nesting import check_nesting
from pulsewright.hls_model.files.plain_file import read_plain_text
from pulsewright.hls_model.shortened import shortened
from pulsewright.hls_model.validation_sentence import telling_path, toml_place, validation_sentence

Model = TypeVar("Model", bound=BaseModel)

# Thirty thousand seeds have 0.2 MB.
MOST_BYTES = 1 << 20


class TomlSource(NamedTuple):
    """What a model was read from, for those who find a fault in it later."""

    what: str
    path: Path
    text: str

    def refused(self, sentence: str, key: Sequence[str | int] = ()) -> PulsewrightError:
        """The error of a fault at `key`, or at what the sentence names, with the line of it."""
        lines = key_lines(self.text)
        line = line_of(key, lines) or line_named_in(sentence, lines)
        where = "" if line is None else f", line {line}"
        return PulsewrightError(f"{self.what} {self.path}{where}: {sentence}")


def load_toml(path: Path, model: type[Model], what: str, examples: str) -> Model:
    """Read `path` as a `model`; `what` it is and where `examples` are is for the error texts.

    Raises:
        PulsewrightError: the file is missing or not TOML, a key is unknown (the nearest known key
            is named), or a value is out of range.
    """
    return load_toml_source(path, model, what, examples)[0]


def load_toml_source(
    path: Path, model: type[Model], what: str, examples: str
) -> tuple[Model, TomlSource]:
    """The same, and what it was read from.

    Raises:
        PulsewrightError: as of `load_toml`.
    """
    text = ""
    try:
        text = read_plain_text(path, MOST_BYTES, "utf-8-sig")
        document = tomllib.loads(text)
        check_nesting(document)
    except OSError as error:
        raise PulsewrightError(
            f"cannot read {what} {path}: {error.strerror}; name a file that is there, {examples}"
        ) from error
    except (ValueError, RecursionError) as error:
        too_deep = "its tables and lists are nested too deep"
        reason = too_deep if isinstance(error, RecursionError) else str(error).splitlines()[0]
        raise PulsewrightError(
            f"{what} {path} is not TOML: {reason}{_faulty_line(text, reason)}; "
            f"correct it, {examples}"
        ) from error
    source = TomlSource(what, path, text)
    try:
        # Through JSON, where strict types still let a text be a path or a choice.
        return model.model_validate_json(json.dumps(document, default=str), strict=True), source
    except ValidationError as error:
        sentence = validation_sentence(error, model, toml_place)
        raise source.refused(sentence, telling_path(error)) from error


def _faulty_line(text: str, reason: str) -> str:
    """The line that tomllib names in its reason, if it names one."""
    found = re.search(r"at line (\d+)", reason)
    if found is None:
        return ""
    return f", {shortened(text.splitlines()[int(found[1]) - 1].strip())}"
