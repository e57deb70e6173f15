# SPDX-License-Identifier: Apache-2.0
"""Standard output and error that may fail: `pulsewright energy | head`, or a full disk."""

import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

# What a shell reports of a program whose reader went away.
READER_LEFT = 141
UNWRITABLE = 2


class _Descriptor(io.FileIO):
    """A file descriptor whose writes go nowhere once one of them has failed.

    code: what the program ends with because of that; 0 until then.
    """

    def __init__(self, descriptor: int, on_failure: Callable[[OSError], int]) -> None:
        super().__init__(descriptor, "w", closefd=False)
        self._on_failure = on_failure
        self.code = 0

    def write(self, data: "ReadableBuffer", /) -> int:
        try:
            return super().write(data)
        except OSError as error:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self.fileno())
            os.close(nowhere)
            self.code = self._on_failure(error)
        if self.code:
            # No exception that Rich, Click or a command take for one of their own: Rich and Click
            # turn a broken pipe into exit code 1, which here means that a result is wrong.
            raise SystemExit(self.code)
        return memoryview(data).nbytes


def _output_failed(error: OSError) -> int:
    if isinstance(error, BrokenPipeError):
        return READER_LEFT
    reason = error.strerror or type(error).__name__
    print(
        f"pulsewright: the output cannot be written: {reason}; send it to another place",
        file=sys.stderr,
    )
    return UNWRITABLE


def _errors_failed(_: OSError) -> int:
    """Go on: the exit code is all that is left to tell what happened."""
    return 0


def _watched(
    stream: TextIO | None, on_failure: Callable[[OSError], int]
) -> tuple[TextIO | None, _Descriptor | None]:
    """The same stream over a descriptor of ours; as it is if it is closed or no file."""
    if stream is None:
        return None, None
    try:
        descriptor = _Descriptor(stream.fileno(), on_failure)
    except OSError:
        return stream, None
    watched = io.TextIOWrapper(
        io.BufferedWriter(descriptor),
        encoding=stream.encoding,
        # What the terminal's encoding lacks is shown by its number.
        errors="backslashreplace",
        line_buffering=stream.isatty() or bool(getattr(stream, "write_through", False)),
    )
    return watched, descriptor


@contextmanager
def fallible_streams() -> Iterator[None]:
    """Run a whole program in this; it ends with 141 if the reader of its output left.

    Output that cannot be written for another reason is exit code 2 and a sentence. A program that
    fails keeps its own exit code, and so does one whose errors nobody reads.
    """
    out, output = _watched(sys.stdout, _output_failed)
    err, _ = _watched(sys.stderr, _errors_failed)
    if out is not None:
        sys.stdout = out
    if err is not None:
        sys.stderr = err
    code: object = 0
    try:
        yield
    except SystemExit as ended:
        code = ended.code
    if output is None or out is None:
        raise SystemExit(code)
    try:
        out.flush()
    except SystemExit:
        # What the buffer still holds goes nowhere when the interpreter ends.
        out.flush()
    raise SystemExit(code or output.code)
