# SPDX-License-Identifier: Apache-2.0
"""One point of a study: a network, its number formats, and how it is trained; free of Torch."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from pulsewright.hls_model.presets import PRESETS, sizes_with_hidden
from pulsewright.quant.curve_sources import PulseNumberMap
from pulsewright.quant.settings import BitWidths, QuantisedTraining
from pulsewright.quant.splits import SplitKind

Hidden = Annotated[
    tuple[Annotated[int, Field(ge=1, le=1024)], ...], Field(min_length=1, max_length=16)
]


class FloatConfiguration(BaseModel):
    """What a float network depends on: all points that agree in it share one.

    hidden: neurons of the hidden layers.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    hidden: Hidden
    pulse_number: PulseNumberMap
    split: SplitKind
    seed: Annotated[int, Field(ge=0, lt=2**31)]

    @property
    def sizes(self) -> tuple[int, ...]:
        """Inputs, hidden neurons, output."""
        return sizes_with_hidden(self.hidden)

    @property
    def key(self) -> str:
        """Names the network in a sweep."""
        sizes = "-".join(map(str, self.sizes))
        return f"{sizes} N:{self.pulse_number} {self.split.value} seed{self.seed}"


class Configuration(BaseModel):
    """One row of the study's table."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    start: FloatConfiguration
    bits: BitWidths
    training: QuantisedTraining

    @model_validator(mode="after")
    def _check(self) -> Self:
        self.bits.check_layers(len(self.start.sizes) - 1)
        return self

    @property
    def key(self) -> str:
        """Names the row in a sweep; equal keys, equal configurations."""
        bits, training = self.bits, self.training
        return (
            f"{self.start.key} W{_text(bits.weights)} A{_text(bits.activations)} I{bits.inputs} "
            f"{bits.weight_scales.value} {bits.activation_scales.value} "
            f"{training.scale_fit.value} epochs{training.epochs} "
            f"batch{training.batch_size} lr{training.learning_rate!r} "
            f"teacher{training.teacher!r} {training.refinement.value} x{training.restarts}"
        )

    @property
    def network(self) -> str:
        """A1, A2, A3, or the hidden sizes, such as 12 or 16-8."""
        return network_name(self.start.hidden)

    @property
    def method(self) -> Literal["ptq", "qat"]:
        """Post-training quantisation, or quantisation-aware training."""
        return "qat" if self.training.epochs else "ptq"

    def columns(self) -> dict[str, str | int | float]:
        """The configuration as columns of the study's table."""
        return {
            "network": self.network,
            "layers": "-".join(map(str, self.start.sizes)),
            "pulse_number": self.start.pulse_number,
            "split": self.start.split.value,
            "seed": self.start.seed,
            "weight_bits": _text(self.bits.weights),
            "activation_bits": _text(self.bits.activations),
            "input_bits": self.bits.inputs,
            "weight_scales": self.bits.weight_scales.value,
            "activation_scales": self.bits.activation_scales.value,
            "scale_fit": self.training.scale_fit.value,
            "method": self.method,
            "epochs": self.training.epochs,
            "batch_size": self.training.batch_size,
            "learning_rate": self.training.learning_rate,
            "teacher": self.training.teacher,
            "refinement": self.training.refinement.value,
            "restarts": self.training.restarts,
        }


def network_name(hidden: tuple[int, ...]) -> str:
    """The preset with these hidden layers, or their sizes."""
    for name, sizes in PRESETS.items():
        if sizes[1:-1] == hidden:
            return name
    return "-".join(map(str, hidden))


def _text(widths: int | tuple[int, ...] | str) -> str:
    return str(widths) if isinstance(widths, int | str) else "-".join(map(str, widths))
