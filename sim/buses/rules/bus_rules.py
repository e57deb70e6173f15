# SPDX-License-Identifier: Apache-2.0
"""What the rules of every bus have in common."""

from abc import ABC, abstractmethod
from types import SimpleNamespace
from typing import Self

from pulsewright.rtl.buses.options import AttachmentOptions


class BusRules(ABC):
    """Sees the signals of a port in every clock cycle; a broken rule is an AssertionError.

    A signal's value is an integer, or None while it has unknown bits.
    requests, responses: how many there were.
    """

    def __init__(self) -> None:
        self.requests = 0
        self.responses = 0

    @classmethod
    def of(cls, options: AttachmentOptions) -> Self:
        """The rules of a port with these options."""
        return cls()

    @abstractmethod
    def reset(self, port: SimpleNamespace) -> None:
        """A cycle in reset."""

    @abstractmethod
    def cycle(self, port: SimpleNamespace) -> None:
        """A cycle out of reset."""


def known(*values: int | None) -> tuple[int, ...]:
    """The values, none of which may have unknown bits."""
    assert None not in values, "unknown bits where they matter"
    return tuple(value for value in values if value is not None)
