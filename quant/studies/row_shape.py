# SPDX-License-Identifier: Apache-2.0
"""What a journal's rows must hold to be taken for finished ones; free of Torch.

A journal may come from another's folder. A row that lacks a column, or has a text for a number, is
computed again instead of ending the tables half-way.
"""

from collections.abc import Callable, Sequence
from typing import Any

from pydantic import ConfigDict, TypeAdapter, ValidationError
from typing_extensions import TypedDict

from pulsewright.quant.studies.journal import Row

RowCheck = Callable[[Row], bool]
"""True for a row that needs not be computed again."""

_EXACT = ConfigDict(strict=True, extra="forbid")


class _AccuracyShape(TypedDict):
    __pydantic_config__ = _EXACT  # type: ignore[misc]
    validation_mse: float
    test_mse: float
    test_median_curve_mse: float
    epoch: int


class FloatRowShape(TypedDict):
    """Of `float_rows.float_row`."""

    __pydantic_config__ = _EXACT  # type: ignore[misc]
    accuracy: _AccuracyShape
    state: dict[str, list[Any]]


class PublishedRowShape(TypedDict):
    """Of `baselines.published_row`."""

    __pydantic_config__ = _EXACT  # type: ignore[misc]
    test_mse: list[float]


class RidgeRowShape(PublishedRowShape):
    """Of `baselines.ridge_row`."""

    parameters: int


class ConfigurationRowShape(TypedDict):
    """Of `evaluation.configuration_row`."""

    __pydantic_config__ = _EXACT  # type: ignore[misc]
    network: str
    layers: str
    pulse_number: str
    split: str
    seed: int
    weight_bits: str
    activation_bits: str
    input_bits: int
    weight_scales: str
    activation_scales: str
    scale_fit: str
    method: str
    epochs: int
    batch_size: int
    learning_rate: float
    teacher: float
    refinement: str
    restarts: int
    float_mse: float
    integer_mse: float
    ratio: float
    validation_mse: float
    median_curve_mse: float
    clustered_standard_error: float
    parameters: int
    mac: int
    parameter_bits: int
    multipliers: int
    requantiser_multipliers: int
    multiplier_bits: int
    initiation_interval: int
    latency: int
    tier1_picojoule: float
    tier2_logic_picojoule: float
    tier2_sram_picojoule: float


class LearningCurveRowShape(TypedDict):
    """Of `paper.curve_errors.measured_row`; every list has an entry a seed."""

    __pydantic_config__ = _EXACT  # type: ignore[misc]
    seeds: list[int]
    train_rows: list[int]
    test_mse: list[float]
    test_se: list[float]
    median_curve_mse: list[float]
    r_squared: list[float]
    curve_mse: list[list[float | None]]
    script_curve_mse: list[list[float]]
    example_curve: list[list[float]]


def has_shape(shape: type[Any]) -> RowCheck:
    """The check of rows against one of the shapes above."""
    adapter = TypeAdapter(shape)

    def check(row: Row) -> bool:
        try:
            adapter.validate_python(row)
        except ValidationError:
            return False
        return True

    return check


def has_entries(shape: type[Any], entries: int) -> RowCheck:
    """The same, and each list of the row has `entries` entries, lists in it one length."""
    fits = has_shape(shape)

    def check(row: Row) -> bool:
        lists = [value for value in row.values() if isinstance(value, list)]
        return fits(row) and all(
            len(one) == entries and len(set(map(_length, one))) == 1 for one in lists
        )

    return check


def _length(value: float | Sequence[float | None]) -> int:
    return len(value) if isinstance(value, list) else 0
