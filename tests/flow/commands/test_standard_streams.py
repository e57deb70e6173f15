# SPDX-License-Identifier: Apache-2.0
"""Every command ends as it should when its reader leaves, with a real pipe."""

import os
import subprocess
import sys
from itertools import product
from pathlib import Path

import pytest

MAIN = "import sys; sys.argv[0] = 'pulsewright'; from pulsewright.flow.cli import main; main()"
# A command that differs from the reference, and one that prints without end.
DIFFERS = """
import sys
sys.argv = ["pulsewright", "differs"]
from pulsewright.flow import cli
from pulsewright.flow.commands.guarded import guarded
from pulsewright.flow.errors import VerificationError
@cli.app.command()
@guarded
def differs() -> None:
    print("a line")
    raise VerificationError("2 rows differ")
cli.main()
"""
ENDLESS = """
import sys
sys.argv = ["pulsewright", "endless"]
from pulsewright.flow import cli
from pulsewright.flow.commands.guarded import guarded
from pulsewright.flow.console import PlainConsole
@cli.app.command()
@guarded
def endless() -> None:
    try:
        while True:
            PlainConsole().print("a line")
    finally:
        print("cleaned up", file=sys.stderr)
cli.main()
"""
BROKEN_PIPE = 141


def ends(
    program: str,
    *arguments: str,
    read: int,
    errors_too: bool = False,
    unbuffered: bool = False,
) -> tuple[int, str]:
    """Exit code and errors of a program whose reader leaves after `read` bytes."""
    reader, writer = os.pipe()
    if read == 0:
        os.close(reader)
    with subprocess.Popen(
        [sys.executable, "-c", program, *arguments],
        stdout=writer,
        stderr=writer if errors_too else subprocess.PIPE,
        env=os.environ | {"PYTHONUNBUFFERED": "1" if unbuffered else ""},
        text=True,
    ) as process:
        os.close(writer)
        if read:
            os.read(reader, read)
            os.close(reader)
        _, said = process.communicate()
        return process.returncode, said or ""


ALL_SORTS = pytest.mark.regression


@pytest.mark.parametrize("errors_too", [False, pytest.param(True, marks=ALL_SORTS)])
@pytest.mark.parametrize(
    "arguments",
    [
        *(pytest.param(one, marks=ALL_SORTS) for one in (("--help",), ("run", "--help"))),
        ("energy",),
    ],
)
def test_without_a_reader_a_command_ends_with_141(
    arguments: tuple[str, ...], errors_too: bool
) -> None:
    code, said = ends(MAIN, *arguments, read=0, errors_too=errors_too)
    assert (code, said) == (BROKEN_PIPE, "")


@pytest.mark.parametrize(
    ("read", "unbuffered"),
    [
        (1, True),
        *(pytest.param(*one, marks=ALL_SORTS) for one in product((80, 4000), (False, True))),
    ],
)
def test_a_reader_may_leave_at_any_point(read: int, unbuffered: bool) -> None:
    code, said = ends(ENDLESS, read=read, unbuffered=unbuffered)
    assert (code, said) == (BROKEN_PIPE, "cleaned up\n")


@pytest.mark.parametrize(
    "arguments", [("run", "nowhere.toml"), pytest.param(("nothing",), marks=ALL_SORTS)]
)
def test_bad_input_stays_bad_input_when_nobody_reads_errors(arguments: tuple[str, ...]) -> None:
    assert ends(MAIN, *arguments, read=0, errors_too=True) == (2, "")


@pytest.mark.parametrize("errors_too", [False, pytest.param(True, marks=ALL_SORTS)])
def test_a_difference_stays_a_difference_whoever_reads(errors_too: bool) -> None:
    code, said = ends(DIFFERS, read=0, errors_too=errors_too)
    assert code == 1
    assert said == ("" if errors_too else "pulsewright: 2 rows differ\n")


@pytest.mark.parametrize("closed", [pytest.param((1,), marks=ALL_SORTS), (1, 2)])
def test_closed_streams_are_no_error(closed: tuple[int, ...]) -> None:
    redirected = " ".join(f"{one}>&-" for one in closed)
    done = subprocess.run(
        ["/bin/sh", "-c", f'exec "$0" -c "$1" energy {redirected}', sys.executable, MAIN],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize("arguments", [pytest.param(("--help",), marks=ALL_SORTS), ("energy",)])
def test_output_that_cannot_be_written_is_one_sentence(arguments: tuple[str, ...]) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-c", MAIN, *arguments],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr.startswith("pulsewright: the output cannot be written: No space left")
    assert done.stderr.count("\n") == 1
