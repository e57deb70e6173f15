# SPDX-License-Identifier: Apache-2.0
"""From a QONNX file to the integers it computes with, exactly, or not at all."""

from collections import Counter
from collections.abc import Sequence
from math import prod
from pathlib import Path

import onnx
from pydantic import ValidationError

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.plain_name import plain_name
from pulsewright.hls_model.qonnx.activation_path import read_chain
from pulsewright.hls_model.qonnx.attributes import check_arity
from pulsewright.hls_model.qonnx.chain import Chain
from pulsewright.hls_model.qonnx.constants import Constant, constant_of, folded
from pulsewright.hls_model.qonnx.file import check_model, read_model
from pulsewright.hls_model.qonnx.graph import Graph, checked_graph, label
from pulsewright.hls_model.qonnx.metadata import Metadata, read_metadata
from pulsewright.hls_model.qonnx.value_budget import ValueBudget
from pulsewright.hls_model.reference.code_map import code_map
from pulsewright.hls_model.reference.dense_layer import DenseLayer
from pulsewright.hls_model.reference.input_map import InputMap
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.shortened import shortened


def import_qonnx(
    path: Path, name: str | None = None, *, drop_output_quantiser: bool = False
) -> IntegerMlp:
    """Read dense layers, Relu and Quant nodes with power-of-two scales.

    name: of the model; by default that of our metadata, or the file's. drop_output_quantiser: take
    the accumulator before a quantiser of the output, instead of refusing the quantiser.
    A file without our metadata gets an input map that takes the codes of its input's quantiser as
    they are.

    Raises:
        PulsewrightError: the file is missing, not ONNX, or says something that `IntegerMlp` does
            not compute bit for bit; the sentence names the node, tensor or key.
    """
    try:
        return model_from_proto(
            read_model(path), name, path.stem, drop_output_quantiser=drop_output_quantiser
        )
    except PulsewrightError as error:
        raise PulsewrightError(f"QONNX model {path}: {error}") from error


def model_from_proto(
    proto: onnx.ModelProto,
    name: str | None = None,
    fallback: str = "imported",
    *,
    drop_output_quantiser: bool = False,
) -> IntegerMlp:
    """The same of a model in memory; `fallback` is its name if nothing else names it."""
    check_model(proto)
    metadata = read_metadata(proto.metadata_props)
    graph = checked_graph(proto.graph)
    budget = ValueBudget()
    constants = _initial_constants(graph, budget)
    path = _fold_constants(graph, constants, budget)
    chain = Chain(graph.batch, graph.input_dims, keep_channels=metadata is not None)
    inputs = chain.inputs
    end = read_chain(chain, path, constants, graph.input_name, budget)
    if end != graph.output_name:
        raise PulsewrightError(
            f"output {shortened(graph.output_name)} does not depend on input "
            f"{shortened(graph.input_name)}; export the model again"
        )
    layers = chain.finish(graph.output_name, drop_output_quantiser)
    input_map = _input_map(chain, metadata, inputs)
    if metadata is not None:
        layers = _with_roundings(layers, metadata)
        fallback = metadata.name
    try:
        return IntegerMlp(name=name or plain_name(fallback), input_map=input_map, layers=layers)
    except ValidationError as error:
        reason = error.errors()[0]["msg"].removeprefix("Value error, ")
        raise PulsewrightError(f"{reason}; export the model again") from error


def _initial_constants(graph: Graph, budget: ValueBudget) -> dict[str, Constant]:
    """The initialisers that a live node reads."""
    constants = {}
    for name in graph.readers:
        if name in graph.initializers:
            what = f"initializer {shortened(name)}"
            budget.spend(prod(graph.initializers[name].dims), what)
            constants[name] = constant_of(graph.initializers[name], what)
    return constants


def _fold_constants(
    graph: Graph, constants: dict[str, Constant], budget: ValueBudget
) -> list[onnx.NodeProto]:
    """Add what nodes make of constants alone to `constants`; the other nodes, in order.

    A constant goes when its last reader has made another of it.
    """
    path, readers = [], Counter(graph.readers)
    for node in graph.nodes:
        check_arity(node)
        names = list(node.input)
        if not all(one in constants for one in names if one):
            path.append(node)
            continue
        given = [constants.get(one) for one in names]
        budget.spend(sum(one.values.size for one in given if one), label(node))
        constants[node.output[0]] = folded(node, given)
        readers.subtract(names)
        for one in set(names):
            if readers[one] <= 0:
                constants.pop(one, None)
    return path


def _input_map(chain: Chain, metadata: Metadata | None, inputs: int) -> InputMap:
    assert chain.first is not None
    code_format = chain.first.number_format()
    if metadata is None:
        return code_map(code_format, inputs, chain.first.minimum)
    given = metadata.input_map
    if given.code_format != code_format or len(given.features) != inputs:
        raise PulsewrightError(
            f"metadata pulsewright.input_map makes {len(given.features)} codes of "
            f"{given.code_format}, the graph takes {inputs} of {code_format}; "
            "export the model again"
        )
    return given


def _with_roundings(layers: Sequence[DenseLayer], metadata: Metadata) -> tuple[DenseLayer, ...]:
    """Layers without a requantiser get the rounding that they had; the others say it themselves."""
    if len(metadata.roundings) != len(layers):
        raise PulsewrightError(
            f"metadata pulsewright.rounding names {len(metadata.roundings)} layers, the graph has "
            f"{len(layers)}; export the model again"
        )
    return tuple(
        layer
        if layer.output_format is not None
        else layer.model_copy(update={"rounding": rounding})
        for layer, rounding in zip(layers, metadata.roundings, strict=True)
    )
