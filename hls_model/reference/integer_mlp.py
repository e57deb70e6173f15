# SPDX-License-Identifier: Apache-2.0
"""IntegerMlp: the golden reference that every implementation must match bit for bit."""

import hashlib
import json
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.escape.printable import PrintableText
from pulsewright.hls_model.files.atomic_write import write_text
from pulsewright.hls_model.files.nesting import check_nesting
from pulsewright.hls_model.files.plain_file import read_plain_text
from pulsewright.hls_model.reference.dense_layer import DenseLayer
from pulsewright.hls_model.reference.fixed_point import FixedPoint, IntegerArray
from pulsewright.hls_model.reference.inference import forward
from pulsewright.hls_model.reference.input_map import InputMap
from pulsewright.hls_model.shortened import shortened
from pulsewright.hls_model.validation_sentence import validation_sentence

FORMAT_VERSION = 2
# A hundred times A3.
MOST_BYTES = 16 << 20
# Version 1 has one scale per tensor: a version 2 without channel shifts.
READABLE_VERSIONS = (1, FORMAT_VERSION)


class IntegerMlp(BaseModel):
    """A multilayer perceptron in integers, with the map from physical units to its input codes.

    The output is the last layer's accumulator: output * 2**-output_format.frac is the scaled
    read current I_r,n (dimensionless).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    format_version: Literal[2] = 2
    name: Annotated[PrintableText, Field(min_length=1)]
    input_map: InputMap
    layers: Annotated[tuple[DenseLayer, ...], Field(min_length=1)]

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
        return self

    @property
    def sizes(self) -> tuple[int, ...]:
        """Inputs, then the neurons of every layer, such as (6, 64, 1)."""
        return (self.layers[0].inputs, *(layer.neurons for layer in self.layers))

    @property
    def input_format(self) -> FixedPoint:
        """Format of the input codes."""
        return self.layers[0].input_format

    @property
    def output_format(self) -> FixedPoint:
        """Format of the output accumulator."""
        return self.layers[-1].result_format

    @property
    def parameter_count(self) -> int:
        """Weights and biases, 513 for A1."""
        return sum(layer.weights.size + layer.bias.size for layer in self.layers)

    @cached_property
    def digest(self) -> str:
        """First 16 hex digits of the SHA-256 of the model's JSON: names what was implemented."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()[:16]

    def infer(self, codes: npt.NDArray[np.integer[Any]]) -> IntegerArray:
        """Input codes (rows, inputs) to output accumulators (rows, outputs), exactly.

        Raises:
            PulsewrightError: the shape is wrong or a code leaves the input format.
        """
        return forward(self.layers, codes)

    def predict(self, values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """SI pulse parameters (rows, inputs) to scaled read currents (rows, outputs)."""
        accumulators = self.infer(self.input_map.codes(values)).astype(np.float64)
        return accumulators * np.float64(self.output_format.step)

    def to_json(self) -> str:
        """The model as JSON text; the same model always gives the same text."""
        return json.dumps(self.model_dump(mode="json"), separators=(",", ":")) + "\n"

    def save(self, path: Path) -> None:
        """Write the model, whole or not at all."""
        write_text(path, self.to_json())

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a model written by `save`; one of version 1 becomes one of the present version.

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
            readable = " and ".join(str(number) for number in READABLE_VERSIONS)
            raise PulsewrightError(
                f"{path} has format_version {shortened(version)}, this release reads {readable}; "
                "export the model again"
            )
        if version == 1:
            _refuse_channel_shifts(path, document)
        try:
            return cls.model_validate(document | {"format_version": FORMAT_VERSION})
        except ValidationError as error:
            raise PulsewrightError(
                f"{path}: {validation_sentence(error, cls)}; export the model again"
            ) from error


def _refuse_channel_shifts(path: Path, document: dict[str, Any]) -> None:
    """A version 1 file that claims scales per channel was put together by hand: do not guess."""
    layers = document.get("layers")
    for number, layer in enumerate(layers if isinstance(layers, list) else []):
        if isinstance(layer, dict) and "channel_shifts" in layer:
            raise PulsewrightError(
                f"{path}: layers {number + 1}: channel_shifts in a file of format_version 1, "
                f"they came with format_version {FORMAT_VERSION}; export the model again"
            )
