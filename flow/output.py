# SPDX-License-Identifier: Apache-2.0
"""What a command hands to its user: tables and sentences to read, or one JSON document."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console

from pulsewright.flow.console import PlainConsole
from pulsewright.flow.report.result_table import JsonValue, ResultTable
from pulsewright.flow.report.table_layout import print_table

DOCUMENT_VERSION = 1


class Output:
    """Output of one command.

    console: for results, and for progress and sentences on the way; unless it is given, standard
    error if the output is JSON, else standard output. quiet: results alone.
    """

    def __init__(
        self, as_json: bool = False, console: Console | None = None, quiet: bool = False
    ) -> None:
        self._results = PlainConsole(stderr=as_json) if console is None else console
        self.console = PlainConsole(quiet=True) if quiet else self._results
        self._as_json = as_json
        self._tables: list[JsonValue] = []
        self._files: dict[str, JsonValue] = {}

    def table(self, table: ResultTable) -> None:
        """Hand out a table."""
        self._tables.append(table.document)
        if not self._as_json:
            print_table(self._results, table)

    def lines(self, table: ResultTable, lines: Iterable[str]) -> None:
        """Hand out values that people read as lines of text: a table in JSON alone."""
        self._tables.append(table.document)
        if not self._as_json:
            for line in lines:
                self._result(line)

    def file(self, key: str, path: Path, label: str = "") -> None:
        """Name a file or folder that was made."""
        self._files[key] = str(path)
        if not self._as_json:
            self._result(f"{label}: {path}" if label else str(path))

    def sentence(self, sentence: str) -> None:
        """Tell something that is no result."""
        self.console.print(sentence, highlight=False, markup=False, soft_wrap=True)

    def _result(self, line: str) -> None:
        self._results.print(line, highlight=False, markup=False, soft_wrap=True)

    def document(self, command: str) -> dict[str, JsonValue]:
        """All that was handed out."""
        return {
            "document_version": DOCUMENT_VERSION,
            "command": command,
            "tables": self._tables,
            "files": self._files,
        }


@contextmanager
def command_output(command: str, as_json: bool, quiet: bool = False) -> Iterator[Output]:
    """The output of `command`; if it is JSON, printed when the command has succeeded."""
    output = Output(as_json, quiet=quiet)
    yield output
    if as_json:
        print(json.dumps(output.document(command), indent=1, allow_nan=False))
