# SPDX-License-Identifier: Apache-2.0
"""Turns what a user can cause into one sentence and an exit code."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

import typer
from rich.console import Console

from flow.errors import VerificationError
from hls_model.errors import PulsewrightError

BAD_INPUT, VERIFICATION_FAILED, INTERRUPTED = 2, 1, 130

# The extra that brings a package, for those who installed only the part they need.
EXTRAS = {
    "torch": "train",
    "brevitas": "train",
    "pooch": "train",
    "amaranth": "rtl",
    "systemrdl": "rtl",
    "peakrdl_cheader": "rtl",
    "cocotb": "sim",
    "cocotb_tools": "sim",
    "cocotbext": "sim",
}

Parameters = ParamSpec("Parameters")


def guarded(command: Callable[Parameters, None]) -> Callable[Parameters, None]:
    """Wrap a command: bad input and missing tools exit with 2, Ctrl-C with 130.

    Hardware that differs from the reference exits with 1.
    """

    @wraps(command)
    def wrapped(*args: Parameters.args, **kwargs: Parameters.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except VerificationError as error:
            _fail(str(error), VERIFICATION_FAILED)
        except PulsewrightError as error:
            _fail(str(error), BAD_INPUT)
        except ModuleNotFoundError as error:
            package = (error.name or "").partition(".")[0]
            if package not in EXTRAS:
                raise
            remedy = f"pip install 'pulsewright[{EXTRAS[package]}]'"
            _fail(f"{package} is not installed; install it with {remedy}", BAD_INPUT)
        except KeyboardInterrupt:
            _fail(
                "interrupted; what is finished is kept and the next run goes on from there",
                INTERRUPTED,
            )

    return wrapped


def _fail(sentence: str, code: int) -> None:
    console = Console(stderr=True)
    console.print(f"pulsewright: {sentence}", highlight=False, markup=False, soft_wrap=True)
    raise typer.Exit(code)
