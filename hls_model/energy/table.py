# SPDX-License-Identifier: Apache-2.0
"""Energy per operation and access, read from cited tables."""

import tomllib
from collections import Counter
from collections.abc import Sequence
from importlib.resources import files
from typing import Annotated, Literal, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from pulsewright.hls_model.activity.operations import Operation, OperationKind
from pulsewright.hls_model.errors import PulsewrightError

# Above it the unit was mistaken: a microjoule is no energy of one operation.
LARGEST_PICOJOULE = 1e6
DEFAULT_TABLE = "horowitz_45nm"

Picojoule = Annotated[float, Field(gt=0, le=LARGEST_PICOJOULE, allow_inf_nan=False)]
Bits = Annotated[int, Field(gt=0, le=4096)]
Bytes = Annotated[int, Field(gt=0, le=1 << 40)]
Text = Annotated[str, Field(min_length=1, max_length=500)]


class Price(NamedTuple):
    """Energy of one operation or bit, the entry of the table it comes from, how, and its source."""

    picojoule: float
    entry: str
    formula: str
    source: str


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class OperationEntry(_Part):
    """picojoule of an operation on integers of so many bits."""

    bits: Bits
    picojoule: Picojoule
    source: Text


class SramEntry(_Part):
    """picojoule of reading `access_bits` from an SRAM of `bytes`; no bytes: capacity not stated."""

    bytes: Bytes | None = None
    access_bits: Bits
    picojoule: Picojoule
    source: Text


class RegisterEntry(_Part):
    """picojoule of reading or writing registers of so many bits together."""

    access: Literal["read", "write"]
    bits: Bits
    picojoule: Picojoule
    source: Text


class WidthFit(_Part):
    """Energy at the widths without an entry: linear for additions, quadratic for products."""

    source: Text
    add_linear: Picojoule
    multiply_quadratic: Picojoule
    multiply_linear: Picojoule | None = None


class EnergyTable(_Part):
    """Picojoule per operation at one technology node. Figures of two nodes are never added."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9_]{1,40}$")]
    node: Text
    supply: Text
    source: Text
    add: tuple[OperationEntry, ...] = ()
    multiply: tuple[OperationEntry, ...] = ()
    fit: WidthFit
    sram: tuple[SramEntry, ...] = ()
    register_access: Annotated[tuple[RegisterEntry, ...], Field(alias="register")] = ()

    @model_validator(mode="after")
    def _check(self) -> Self:
        keys: dict[str, Sequence[object]] = {
            "add": [one.bits for one in self.add],
            "multiply": [one.bits for one in self.multiply],
            "sram": [one.bytes for one in self.sram],
            "register": [one.access for one in self.register_access],
        }
        for key, values in keys.items():
            counted = Counter(values)
            twice = next((value for value, count in counted.items() if value and count > 1), None)
            if twice is not None or counted[None] > 1:
                raise ValueError(f"{key} has two entries for {twice}; keep one of them")
        return self

    @property
    def operating_point(self) -> str:
        """Node and supply, without which no figure is given."""
        return f"{self.node}, {self.supply}"

    def price(self, operation: Operation) -> Price:
        """Energy of one operation: the table's entry where the width has one, else the fit.

        The fit b**2 of a product of equal widths becomes a * b for widths a and b.
        """
        a, b = operation.width_a, operation.width_b
        adds = operation.kind is OperationKind.ADD
        entries = self.add if adds else self.multiply
        width = a if adds or a == b else None
        for entry in entries:
            if entry.bits == width:
                name = f"{operation.kind.value}[{width}]"
                return Price(entry.picojoule, name, f"{entry.picojoule:g}", entry.source)
        fit = self.fit
        if adds:
            formula = f"{fit.add_linear:g} x {a}"
            return Price(fit.add_linear * a, "fit.add", formula, fit.source)
        linear = fit.multiply_linear or 0.0
        formula = f"{fit.multiply_quadratic:g} x {a} x {b}"
        if linear:
            formula += f" + {linear:g} x {(a + b) / 2:g}"
        picojoule = fit.multiply_quadratic * a * b + linear * (a + b) / 2
        return Price(picojoule, "fit.multiply", formula, fit.source)

    def sram_for(self, capacity_bits: int) -> SramEntry:
        """The smallest SRAM of the table that holds the bits, or one of no stated capacity.

        Raises:
            PulsewrightError: no SRAM of the table is large enough.
        """
        stated = [(one.bytes, one) for one in self.sram if one.bytes is not None]
        for size, entry in sorted(stated, key=lambda pair: pair[0]):
            if size * 8 >= capacity_bits:
                return entry
        for entry in self.sram:
            if entry.bytes is None:
                return entry
        largest = max((size for size, _ in stated), default=0)
        raise PulsewrightError(
            f"{capacity_bits} weight bits exceed the largest SRAM of energy table {self.name}, "
            f"{largest} bytes; add a larger one to the table"
        )

    def sram_price(self, capacity_bits: int) -> Price:
        """Energy of one bit read from `sram_for`."""
        entry = self.sram_for(capacity_bits)
        size = "not stated" if entry.bytes is None else entry.bytes
        formula = f"{entry.picojoule:g} / {entry.access_bits}"
        return Price(entry.picojoule / entry.access_bits, f"sram[{size}]", formula, entry.source)

    def register_price(self, access: Literal["read", "write"]) -> Price | None:
        """Energy of one bit of a register; None if the table has no entry."""
        for entry in self.register_access:
            if entry.access == access:
                formula = f"{entry.picojoule:g} / {entry.bits}" if entry.bits > 1 else ""
                formula = formula or f"{entry.picojoule:g}"
                picojoule = entry.picojoule / entry.bits
                return Price(picojoule, f"register[{access}]", formula, entry.source)
        return None

    @classmethod
    def load(cls, name: str = DEFAULT_TABLE) -> Self:
        """Read a table shipped with the package.

        Raises:
            PulsewrightError: no such table, or an entry is missing or not positive.
        """
        names = table_names()
        if name not in names:
            raise PulsewrightError(
                f"no energy table named {name!r}; choose one of {', '.join(names)} or give a file"
            )
        resource = files("pulsewright.hls_model.energy") / "tables" / f"{name}.toml"
        try:
            return cls.model_validate(tomllib.loads(resource.read_text(encoding="utf-8")))
        except (tomllib.TOMLDecodeError, ValidationError) as error:
            raise PulsewrightError(f"energy table {name}: {error}") from error


def table_names() -> list[str]:
    """Names of the tables shipped with the package, the default one first."""
    folder = files("pulsewright.hls_model.energy") / "tables"
    names = sorted(one.name.removesuffix(".toml") for one in folder.iterdir())
    return sorted(names, key=lambda name: name != DEFAULT_TABLE)
