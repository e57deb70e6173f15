# SPDX-License-Identifier: Apache-2.0
"""Names that a file may bring along only if all of them can be seen."""

from typing import Annotated

from pydantic import AfterValidator, Field

from pulsewright.hls_model.escape.terminal import visible

LONGEST_TEXT = 80


def _printable(text: str) -> str:
    if not text.isprintable():
        raise ValueError(f"'{visible(text)}' holds characters that cannot be seen; write it anew")
    return text


PrintableText = Annotated[str, Field(max_length=LONGEST_TEXT), AfterValidator(_printable)]
