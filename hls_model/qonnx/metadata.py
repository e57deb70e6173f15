# SPDX-License-Identifier: Apache-2.0
"""What the graph does not say: name, input map, and the rounding of layers that do not round.

It lies in the file's metadata, so that a model that was exported is imported as it was.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import onnx
from pydantic import ValidationError

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.fixed_point import Rounding
from pulsewright.hls_model.reference.input_map import InputMap
from pulsewright.hls_model.reference.integer_mlp import PLAIN_VERSION, IntegerMlp
from pulsewright.hls_model.shortened import shortened
from pulsewright.hls_model.validation_sentence import validation_sentence

VERSION = "1"
VERSION_KEY = "pulsewright.version"
NAME_KEY = "pulsewright.name"
MAP_KEY = "pulsewright.input_map"
ROUNDING_KEY = "pulsewright.rounding"
# Of files with multipliers or other outputs, whose integers no graph determines: many multipliers
# and offsets make the same codes. They are taken if the graph is as it was written.
MODEL_KEY = "pulsewright.model"
GRAPH_KEY = "pulsewright.graph"


@dataclass(frozen=True)
class Metadata:
    """roundings: one a layer."""

    name: str
    input_map: InputMap
    roundings: tuple[Rounding, ...]


def metadata_entries(model: IntegerMlp, graph: onnx.GraphProto) -> dict[str, str]:
    """Keys and values of the metadata of the file with this graph."""
    wider = {MODEL_KEY: model.to_json(), GRAPH_KEY: _digest(graph)}
    return (wider if model.format_version > PLAIN_VERSION else {}) | {
        VERSION_KEY: VERSION,
        NAME_KEY: model.name,
        MAP_KEY: json.dumps(model.input_map.model_dump(mode="json"), separators=(",", ":")),
        ROUNDING_KEY: ",".join(layer.rounding.value for layer in model.layers),
    }


def has_multipliers(entries: Iterable[onnx.StringStringEntryProto]) -> bool:
    """True if a file of ours has multipliers, or outputs other than plain accumulators."""
    return any(entry.key == MODEL_KEY for entry in entries)


def written_model(proto: onnx.ModelProto) -> IntegerMlp | None:
    """The model that a file with multipliers was written from; None if its graph was changed.

    Raises:
        PulsewrightError: the metadata is not as it was written.
    """
    found = {entry.key: entry.value for entry in proto.metadata_props}
    if found.get(GRAPH_KEY) != _digest(proto.graph):
        return None
    try:
        return IntegerMlp.model_validate(json.loads(_value(found, MODEL_KEY)))
    except ValidationError as error:
        raise _wrong(MODEL_KEY, validation_sentence(error, IntegerMlp)) from error
    except (ValueError, RecursionError) as error:
        raise _wrong(MODEL_KEY, "it is not JSON") from error


def _digest(graph: onnx.GraphProto) -> str:
    return hashlib.sha256(graph.SerializeToString(deterministic=True)).hexdigest()


def read_metadata(entries: Iterable[onnx.StringStringEntryProto]) -> Metadata | None:
    """Our metadata; None if the file has none of ours.

    Raises:
        PulsewrightError: a key is missing or its value is not as it was written.
    """
    found = {entry.key: entry.value for entry in entries if entry.key.startswith("pulsewright.")}
    if not found:
        return None
    if found.get(VERSION_KEY) != VERSION:
        raise PulsewrightError(
            f"metadata {VERSION_KEY} is {shortened(found.get(VERSION_KEY))}, this release reads "
            f"{VERSION!r}; export the model again"
        )
    try:
        input_map = InputMap.model_validate_json(_value(found, MAP_KEY))
    except ValidationError as error:
        raise _wrong(MAP_KEY, validation_sentence(error, InputMap)) from error
    try:
        roundings = tuple(Rounding(word) for word in _value(found, ROUNDING_KEY).split(","))
    except ValueError as error:
        raise _wrong(ROUNDING_KEY, str(error)) from error
    return Metadata(_value(found, NAME_KEY), input_map, roundings)


def _value(found: Mapping[str, str], key: str) -> str:
    if key not in found:
        raise _wrong(key, "it is missing")
    return found[key]


def _wrong(key: str, reason: str) -> PulsewrightError:
    return PulsewrightError(
        f"metadata {key}: {reason}; export the model again, or remove all metadata "
        "of pulsewright to have the codes themselves as inputs"
    )
