# SPDX-License-Identifier: Apache-2.0
"""Energy per operation, read from cited tables."""

import tomllib
from importlib.resources import files
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from hls_model.errors import PulsewrightError
from hls_model.operations import Operation, OperationKind

Picojoule = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Positive = Annotated[int, Field(gt=0)]


class WidthFit(BaseModel):
    """Energy between the widths of a table: linear for additions, quadratic for products."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str
    add_linear: Picojoule
    multiply_quadratic: Picojoule
    multiply_linear: Picojoule


class EnergyTable(BaseModel):
    """Picojoule per operation at one technology node. Figures of two tables are never added."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    node: str
    source: str
    add: dict[Positive, Picojoule]
    multiply: dict[Positive, Picojoule]
    fit: WidthFit
    sram_64bit_access: dict[Positive, Picojoule]

    def operation_picojoule(self, operation: Operation) -> float:
        """Energy of one operation: the table's entry where the width has one, else the fit.

        The fit b**2 of a product of equal widths becomes a * b for widths a and b.
        """
        width_a, width_b = operation.width_a, operation.width_b
        if operation.kind is OperationKind.ADD:
            return self.add.get(width_a, self.fit.add_linear * width_a)
        if width_a == width_b and width_a in self.multiply:
            return self.multiply[width_a]
        return (
            self.fit.multiply_quadratic * width_a * width_b
            + self.fit.multiply_linear * (width_a + width_b) / 2
        )

    def sram_picojoule_per_bit(self, capacity_bits: int) -> tuple[int, float]:
        """(capacity in bytes, pJ per bit) of the smallest SRAM of the table that holds the bits.

        Raises:
            PulsewrightError: no SRAM of the table is large enough.
        """
        for capacity, picojoule in sorted(self.sram_64bit_access.items()):
            if capacity * 8 >= capacity_bits:
                return capacity, picojoule / 64
        raise PulsewrightError(
            f"{capacity_bits} weight bits exceed the largest SRAM of energy table {self.name}, "
            f"{max(self.sram_64bit_access)} bytes; add a larger one to the table"
        )

    @classmethod
    def load(cls, name: str = "horowitz_45nm") -> Self:
        """Read a table shipped with the package.

        Raises:
            PulsewrightError: no such table, or an entry is missing or not positive.
        """
        resource = files("hls_model") / "energy_tables" / f"{name}.toml"
        try:
            return cls.model_validate(tomllib.loads(resource.read_text(encoding="utf-8")))
        except OSError as error:
            raise PulsewrightError(f"no energy table named {name!r}") from error
        except (tomllib.TOMLDecodeError, ValidationError) as error:
            raise PulsewrightError(f"energy table {name}: {error}") from error
