# SPDX-License-Identifier: Apache-2.0
"""A file that may be anything, as an ONNX model; nothing beside the file is ever opened."""

from pathlib import Path

import onnx
from google.protobuf.message import DecodeError

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.files.plain_file import read_plain_bytes
from pulsewright.hls_model.qonnx.dialect import (
    LARGEST_FILE,
    MOST_FIELDS,
    MOST_NODES,
    NEWEST_OPSET,
    OLDEST_OPSET,
    QUANT_DOMAIN_VERSION,
    QUANT_DOMAINS,
)
from pulsewright.hls_model.qonnx.wire_format import has_more_fields
from pulsewright.hls_model.shortened import shortened


def read_model(path: Path) -> onnx.ModelProto:
    """Read an ONNX file.

    Raises:
        PulsewrightError: it is missing, too large, or not ONNX.
    """
    data = _read(path)
    model = onnx.ModelProto()
    try:
        if has_more_fields(data, onnx.ModelProto.DESCRIPTOR, MOST_FIELDS):
            raise PulsewrightError(
                f"the file has more than {MOST_FIELDS} fields; export dense layers alone"
            )
        model.ParseFromString(data)
    except (DecodeError, ValueError) as error:
        raise PulsewrightError(
            "the file is not ONNX, or only a part of it; export the model again"
        ) from error
    return model


def check_model(model: onnx.ModelProto) -> None:
    """Check the size, the versions and the texts of a model.

    Raises:
        PulsewrightError: it has no nodes or too many, functions of its own, an opset that is not
            known, or a name that is no text.
    """
    if not model.graph.node:
        raise PulsewrightError(
            "the file holds no ONNX graph, or an empty one; export the model again"
        )
    if len(model.graph.node) > MOST_NODES:
        raise PulsewrightError(
            f"the graph has {len(model.graph.node)} nodes, at most {MOST_NODES} are read; "
            "export dense layers alone"
        )
    if model.functions:
        raise PulsewrightError(
            f"the model defines the function {shortened(model.functions[0].name)}; "
            "inline functions before the export"
        )
    _check_texts(model)
    _check_versions(model)


def _read(path: Path) -> bytes:
    try:
        data = read_plain_bytes(path, LARGEST_FILE)
    except OSError as error:
        raise PulsewrightError(
            f"cannot read it: {error.strerror}; name a file of dense layers such as model.onnx"
        ) from error
    if not data:
        raise PulsewrightError("the file is empty; export the model again")
    return data


def _check_versions(model: onnx.ModelProto) -> None:
    versions = {opset.domain: opset.version for opset in model.opset_import}
    standard = versions.get("", versions.get("ai.onnx"))
    if standard is None:
        raise PulsewrightError(
            f"opset_import names no ONNX opset but {shortened(sorted(versions))}; "
            "export the model again"
        )
    if not OLDEST_OPSET <= standard <= NEWEST_OPSET:
        raise PulsewrightError(
            f"opset_import says opset {standard}, opsets {OLDEST_OPSET} to {NEWEST_OPSET} are "
            "read; export the model with one of them"
        )
    for domain in QUANT_DOMAINS & versions.keys():
        if versions[domain] > QUANT_DOMAIN_VERSION:
            raise PulsewrightError(
                f"opset_import says version {versions[domain]} of {domain}, versions to "
                f"{QUANT_DOMAIN_VERSION} are read; export the model with one of them"
            )


def _check_texts(model: onnx.ModelProto) -> None:
    """Protobuf hands on as bytes what is no UTF-8."""
    graph = model.graph
    texts = [opset.domain for opset in model.opset_import]
    texts += [text for entry in model.metadata_props for text in (entry.key, entry.value)]
    texts += [value.name for value in (*graph.input, *graph.output, *graph.initializer)]
    for node in graph.node:
        texts += [node.name, node.op_type, node.domain, *node.input, *node.output]
        texts += [attribute.name for attribute in node.attribute]
    for text in texts:
        if not isinstance(text, str):
            raise PulsewrightError(
                f"the name {shortened(text)} is no UTF-8; export the model again"
            )
