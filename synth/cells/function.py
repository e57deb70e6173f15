# SPDX-License-Identifier: Apache-2.0
"""Logic functions of Liberty: `!`, `'`, `^`, `*`, `&`, juxtaposition, `+`, `|`, in that order."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.shortened import shortened

BoolArray = npt.NDArray[np.bool_]
_TOKEN = re.compile(r"\s*(?:([A-Za-z_]\w*|[01])|([!'^*&+|()]))")


@dataclass(frozen=True)
class Function:
    """A function of pins.

    operator: "pin", "0", "1", "not", "xor", "and" or "or". pin: the name, of a pin.
    """

    operator: str
    operands: tuple["Function", ...] = ()
    pin: str = ""

    @property
    def pins(self) -> set[str]:
        """Names of the pins that it reads."""
        return ({self.pin} if self.pin else set()).union(*(one.pins for one in self.operands))

    def value(self, pins: Mapping[str, bool]) -> bool:
        """Its value where the pins have these."""
        values = [one.value(pins) for one in self.operands]
        match self.operator:
            case "pin":
                return pins[self.pin]
            case "not":
                return not values[0]
            case "xor":
                return values[0] != values[1]
            case "and":
                return all(values)
            case "or":
                return any(values)
        return self.operator == "1"

    def over(self, pins: Callable[[str], BoolArray], length: int) -> BoolArray:
        """Its values where the pins have so many each."""
        values = [one.over(pins, length) for one in self.operands]
        found: BoolArray = np.full(length, self.operator == "1")
        match self.operator:
            case "pin":
                found = pins(self.pin)
            case "not":
                found = ~values[0]
            case "xor":
                found = values[0] != values[1]
            case "and":
                found = np.logical_and.reduce(values)
            case "or":
                found = np.logical_or.reduce(values)
        return found

    def verilog(self, net: Callable[[str], str]) -> str:
        """As an expression of Verilog; net: the net at a pin."""
        texts = [one.verilog(net) for one in self.operands]
        match self.operator:
            case "pin":
                return net(self.pin)
            case "not":
                return f"~{texts[0]}"
            case "xor" | "and" | "or":
                sign = {"xor": "^", "and": "&", "or": "|"}[self.operator]
                return f"({texts[0]} {sign} {texts[1]})"
        return f"1'b{self.operator}"


def parse_function(text: str) -> Function:
    """The function that a text of Liberty describes.

    Raises:
        PulsewrightError: it is none.
    """
    tokens = []
    place = 0
    while place < len(text.rstrip()):
        match = _TOKEN.match(text, place)
        if match is None:
            raise PulsewrightError(f"{shortened(text)} is no logic function")
        tokens.append(match[1] or match[2])
        place = match.end()
    parser = _Parser(tokens)
    try:
        found = parser.sum()
    except (IndexError, RecursionError) as error:
        raise PulsewrightError(f"{shortened(text)} is no logic function") from error
    if parser.tokens:
        raise PulsewrightError(f"{shortened(text)} is no logic function")
    return found


class _Parser:
    """Takes tokens from the front, by recursive descent."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens

    def sum(self) -> Function:
        found = self._product()
        while self.tokens and self.tokens[0] in "+|":
            self.tokens.pop(0)
            found = Function("or", (found, self._product()))
        return found

    def _product(self) -> Function:
        found = self._difference()
        while self.tokens and self.tokens[0] not in "+|)":
            if self.tokens[0] in "*&":
                self.tokens.pop(0)
            found = Function("and", (found, self._difference()))
        return found

    def _difference(self) -> Function:
        found = self._factor()
        while self.tokens and self.tokens[0] == "^":
            self.tokens.pop(0)
            found = Function("xor", (found, self._factor()))
        return found

    def _factor(self) -> Function:
        token = self.tokens.pop(0)
        if token == "!":
            return Function("not", (self._factor(),))
        if token == "(":
            found = self.sum()
            if self.tokens.pop(0) != ")":
                raise IndexError
        elif token in ("0", "1"):
            found = Function(token)
        elif token in "'^*&+|)":
            raise IndexError
        else:
            found = Function("pin", pin=token)
        while self.tokens and self.tokens[0] == "'":
            self.tokens.pop(0)
            found = Function("not", (found,))
        return found
