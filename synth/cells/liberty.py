# SPDX-License-Identifier: Apache-2.0
"""Reads Liberty, the language of cell libraries, into groups as they stand in the file.

What groups and attributes mean is not known here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.files.plain_file import read_plain_text
from pulsewright.hls_model.shortened import shortened

MOST_BYTES = 1 << 27
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_TEXT = r'"(?:[^"\\]|\\.|\\\n)*"'
# An attribute `name : value;` or `name (a, b);`, the beginning of a group `name (a) {`, or its end.
_STATEMENT = re.compile(
    rf"""\s*(?:
        (?P<end>\}})
      | (?P<name>[A-Za-z_]\w*)\s*(?:
            :\s*(?P<value>{_TEXT}|[^;{{}}\n]*?)\s*(?:;|(?=\n|\}}))
          | \((?P<arguments>(?:{_TEXT}|[^()"])*)\)\s*(?P<opens>\{{|;?)
        )
    )\s*;?""",
    re.VERBOSE,
)
_ARGUMENT = re.compile(rf'{_TEXT}|[^,\s"\\]+')


@dataclass
class Group:
    """A group.

    arguments: those in its parentheses. values: simple attributes. lists: attributes with
    arguments, the last of each name. groups: those inside, in their order.
    """

    kind: str
    arguments: tuple[str, ...] = ()
    values: dict[str, str] = field(default_factory=dict)
    lists: dict[str, tuple[str, ...]] = field(default_factory=dict)
    groups: list["Group"] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The first argument, or nothing."""
        return self.arguments[0] if self.arguments else ""

    def inside(self, kind: str) -> Iterator["Group"]:
        """Groups of a kind that stand in this one."""
        return (one for one in self.groups if one.kind == kind)

    def is_true(self, name: str) -> bool:
        """Whether a simple attribute is true; False where it is missing."""
        return self.values.get(name, "").lower() == "true"


def read_liberty(path: Path) -> Group:
    """The `library` group of a file.

    Raises:
        PulsewrightError: it cannot be read, is larger than 128 MiB, or is no Liberty.
    """
    try:
        text = read_plain_text(path, MOST_BYTES)
    except (OSError, ValueError) as error:
        reason = (isinstance(error, OSError) and error.strerror) or str(error)
        raise PulsewrightError(f"cannot read the liberty file {path}: {reason}") from error
    try:
        return parse_liberty(text)
    except PulsewrightError as error:
        raise PulsewrightError(f"{path} is no liberty file: {error}") from error


def parse_liberty(text: str) -> Group:
    """The `library` group of a text.

    Raises:
        PulsewrightError: the text is no Liberty, or has no such group.
    """
    text = _COMMENT.sub(lambda match: "\n" * match[0].count("\n"), text)
    outermost = Group("")
    open_groups = [outermost]
    place = 0
    while (match := _STATEMENT.match(text, place)) is not None:
        place = match.end()
        if match["end"]:
            if len(open_groups) == 1:
                raise PulsewrightError(f"line {_line(text, place)} ends a group that is not open")
            open_groups.pop()
        elif match["value"] is not None:
            open_groups[-1].values[match["name"]] = _plain(match["value"])
        else:
            arguments = tuple(map(_plain, _ARGUMENT.findall(match["arguments"])))
            if match["opens"] == "{":
                group = Group(match["name"], arguments)
                open_groups[-1].groups.append(group)
                open_groups.append(group)
            else:
                open_groups[-1].lists[match["name"]] = arguments
    rest = text[place:].strip()
    if rest:
        raise PulsewrightError(f"line {_line(text, place)} is not understood: {shortened(rest)}")
    if len(open_groups) > 1:
        raise PulsewrightError(f"its end is missing: {open_groups[-1].kind} is still open")
    library = next(outermost.inside("library"), None)
    if library is None:
        raise PulsewrightError("it has no group called library")
    return library


def _plain(value: str) -> str:
    """A value without quotes and without the line ends inside them."""
    if value.startswith('"'):
        value = value[1:-1].replace("\\\n", " ")
    return value.strip()


def _line(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1
