# SPDX-License-Identifier: Apache-2.0
"""IntegerMlp: the golden reference that every implementation must match bit for bit."""

import hashlib
import json
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Self

import numpy as np
import numpy.typing as npt
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    ValidationError,
    model_serializer,
    model_validator,
)

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.escape.printable import PrintableText
from pulsewright.hls_model.files.atomic_write import write_text
from pulsewright.hls_model.files.nesting import check_nesting
from pulsewright.hls_model.files.plain_file import read_plain_text
from pulsewright.hls_model.reference.dense_layer import DenseLayer
from pulsewright.hls_model.reference.fixed_point import FixedPoint, IntegerArray
from pulsewright.hls_model.reference.inference import forward
from pulsewright.hls_model.reference.input_map import InputMap
from pulsewright.hls_model.reference.network_output import (
    OutputKind,
    Rationals,
    check_rationals,
    output_meaning,
    rational_values,
)
from pulsewright.hls_model.shortened import shortened
from pulsewright.hls_model.validation_sentence import validation_sentence

# Version 1 has one scale per tensor: a version 2 without channel shifts. Version 3 has requantisers
# with multipliers, and outputs other than accumulators of a power-of-two scale.
READABLE_VERSIONS = (1, 2, 3)
PLAIN_VERSION, WIDER_VERSION = 2, 3
# A hundred times A3.
MOST_BYTES = 16 << 20


class IntegerMlp(BaseModel):
    """A multilayer perceptron in integers, with the map from physical units to its input codes.

    output: what the output integers are, see `OutputKind`.
    output_scale, output_offset: what one of them stands for, scale * integer + offset; exact
    rationals "p/q", one or one for each output. Without a scale 2**-output_format.frac, without an
    offset 0: output * 2**-output_format.frac is the scaled read current I_r,n (dimensionless). Of
    an argmax they are those of the accumulators that are compared.

    Raises:
        pydantic.ValidationError: layers do not fit each other, the input map or the output.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[PrintableText, Field(min_length=1)]
    input_map: InputMap
    layers: Annotated[tuple[DenseLayer, ...], Field(min_length=1)]
    output: OutputKind = OutputKind.ACCUMULATOR
    output_scale: Rationals | None = None
    output_offset: Rationals | None = None

    @model_validator(mode="before")
    @classmethod
    def _drop_format_version(cls, fields: Any) -> Any:
        """What is written follows from the fields; what was read is known by then."""
        if not isinstance(fields, dict) or "format_version" not in fields:
            return fields
        version = fields["format_version"]
        if type(version) is not int or version not in READABLE_VERSIONS:
            raise ValueError(f"format_version is {shortened(version)}, {_readable()} are read")
        return {name: value for name, value in fields.items() if name != "format_version"}

    @property
    def format_version(self) -> int:
        """The oldest version of the file format that says all that the model says."""
        return WIDER_VERSION if self._is_wider else PLAIN_VERSION

    @property
    def _is_wider(self) -> bool:
        return (
            any(layer.requantiser is not None for layer in self.layers)
            or self.output is not OutputKind.ACCUMULATOR
            or self.output_scale is not None
            or self.output_offset is not None
        )

    @model_serializer(mode="wrap")
    def _in_the_oldest_version(self, serialise: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Nothing that the model does not use, so that digests outlive new fields."""
        fields: dict[str, Any] = serialise(self)
        if self.output is OutputKind.ACCUMULATOR:
            fields.pop("output", None)
        for name in ("output_scale", "output_offset"):
            if getattr(self, name) is None:
                fields.pop(name, None)
        return {"format_version": self.format_version} | fields

    @model_validator(mode="after")
    def _check(self) -> Self:
        first = self.layers[0]
        if len(self.input_map.features) != first.inputs:
            raise ValueError(
                f"{len(self.input_map.features)} features feed a layer of {first.inputs} inputs"
            )
        if self.input_map.code_format != first.input_format:
            raise ValueError(
                f"the input map makes {self.input_map.code_format}, "
                f"layer 1 takes {first.input_format}"
            )
        for number, (layer, following) in enumerate(
            zip(self.layers, self.layers[1:], strict=False), start=1
        ):
            if not layer.relu:
                raise ValueError(f"layer {number} is hidden and needs a ReLU")
            if layer.neurons != following.inputs:
                raise ValueError(
                    f"layer {number} has {layer.neurons} neurons, "
                    f"layer {number + 1} has {following.inputs} inputs"
                )
            if layer.result_format != following.input_format:
                raise ValueError(
                    f"layer {number} makes {layer.result_format}, "
                    f"layer {number + 1} takes {following.input_format}"
                )
        if self.layers[-1].relu:
            raise ValueError(
                f"layer {len(self.layers)} has relu = True; the output layer is linear"
            )
        self._check_output()
        return self

    def _check_output(self) -> None:
        last = self.layers[-1]
        if (last.requantiser is not None) != (self.output is OutputKind.CODE):
            has = "no requantiser" if last.requantiser is None else "a requantiser"
            fitting = "accumulator" if last.requantiser is None else "code"
            raise ValueError(
                f'output = "{self.output}" and the output layer has {has}; set output = "{fitting}"'
            )
        if self.output is OutputKind.ARGMAX and last.neurons == 1:
            raise ValueError(
                'output = "argmax" of one output, which is always 0; set output = "accumulator"'
            )
        for name in ("output_scale", "output_offset"):
            check_rationals(name, getattr(self, name), last.neurons, self.output)
        if any(scale <= 0 for scale in self.scales):
            raise ValueError(
                "output_scale holds a rational that is not positive; negate weights and bias"
            )

    @property
    def sizes(self) -> tuple[int, ...]:
        """Inputs, then the neurons of every layer, such as (6, 64, 1)."""
        return (self.layers[0].inputs, *(layer.neurons for layer in self.layers))

    @property
    def input_format(self) -> FixedPoint:
        """Format of the input codes."""
        return self.layers[0].input_format

    @property
    def outputs(self) -> int:
        """Integers that an inference hands on: one for each neuron of the last layer, or 1."""
        return 1 if self.output is OutputKind.ARGMAX else self.layers[-1].neurons

    @property
    def output_format(self) -> FixedPoint:
        """Format of the output integers."""
        last = self.layers[-1]
        if self.output is OutputKind.ARGMAX:
            return FixedPoint(width=(last.neurons - 1).bit_length(), frac=0, signed=False)
        return last.result_format

    @property
    def output_meaning(self) -> str:
        """What output integers are and what they stand for, in a few words."""
        return output_meaning(self.output, self.scales, self.offsets)

    @property
    def scales(self) -> tuple[Fraction, ...]:
        """What a step of the last layer's integers stands for; one, or one for each output."""
        if self.output_scale is None:
            return (1 / Fraction(2) ** self.layers[-1].result_format.frac,)
        return tuple(Fraction(scale) for scale in self.output_scale)

    @property
    def offsets(self) -> tuple[Fraction, ...]:
        """What 0 of the last layer's integers stands for; one, or one for each output."""
        return tuple(Fraction(offset) for offset in self.output_offset or ("0",))

    @property
    def parameter_count(self) -> int:
        """Weights and biases, 513 for A1."""
        return sum(layer.weights.size + layer.bias.size for layer in self.layers)

    @cached_property
    def digest(self) -> str:
        """First 16 hex digits of the SHA-256 of the model's JSON: names what was implemented."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()[:16]

    def infer(self, codes: npt.NDArray[np.integer[Any]]) -> IntegerArray:
        """Input codes (rows, inputs) to output integers (rows, outputs), exactly.

        Raises:
            PulsewrightError: the shape is wrong or a code leaves the input format.
        """
        results = forward(self.layers, codes)
        if self.output is OutputKind.ARGMAX:
            # NumPy takes the first of equal ones.
            results = np.argmax(results, axis=1, keepdims=True)
        return results

    def predict(self, values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Physical inputs in SI units (rows, inputs) to what the outputs stand for (rows, outputs).

        Scaled read currents of the pulse networks; indices of an argmax.
        """
        results = self.infer(self.input_map.codes(values))
        if self.output is OutputKind.ARGMAX:
            return results.astype(np.float64)
        if self.output_scale is None and self.output_offset is None:
            return results.astype(np.float64) * np.float64(self.output_format.step)
        return rational_values(results, self.scales, self.offsets)

    def to_json(self) -> str:
        """The model as JSON text; the same model always gives the same text."""
        return json.dumps(self.model_dump(mode="json"), separators=(",", ":")) + "\n"

    def save(self, path: Path) -> None:
        """Write the model, whole or not at all."""
        write_text(path, self.to_json())

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a model written by `save`; one of version 1 becomes one of version 2.

        Raises:
            PulsewrightError: the file is missing, not a model, or of another version.
        """
        try:
            document = json.loads(read_plain_text(path, MOST_BYTES))
            check_nesting(document)
        except OSError as error:
            raise PulsewrightError(
                f"cannot read model {path}: {error.strerror}; name a file such as model.json"
            ) from error
        except (ValueError, RecursionError) as error:
            too_deep = "its lists are nested too deep"
            reason = too_deep if isinstance(error, RecursionError) else str(error)
            raise PulsewrightError(
                f"{path} is not JSON: {reason}; export the model again"
            ) from error
        version = document.get("format_version") if isinstance(document, dict) else None
        if type(version) is not int or version not in READABLE_VERSIONS:
            raise PulsewrightError(
                f"{path} has format_version {shortened(version)}, "
                f"this release reads {_readable()}; export the model again"
            )
        if version == 1:
            _refuse_channel_shifts(path, document)
        try:
            model = cls.model_validate(document)
        except ValidationError as error:
            raise PulsewrightError(
                f"{path}: {validation_sentence(error, cls)}; export the model again"
            ) from error
        if model.format_version > max(version, PLAIN_VERSION):
            raise PulsewrightError(
                f"{path} has format_version {version} and what came with "
                f"{model.format_version}; export the model again"
            )
        return model


def _readable() -> str:
    *others, last = (str(number) for number in READABLE_VERSIONS)
    return f"{', '.join(others)} and {last}"


def _refuse_channel_shifts(path: Path, document: dict[str, Any]) -> None:
    """A version 1 file that claims scales per channel was put together by hand: do not guess."""
    layers = document.get("layers")
    for number, layer in enumerate(layers if isinstance(layers, list) else []):
        if isinstance(layer, dict) and "channel_shifts" in layer:
            raise PulsewrightError(
                f"{path}: layers {number + 1}: channel_shifts in a file of format_version 1, "
                f"they came with format_version {PLAIN_VERSION}; export the model again"
            )
