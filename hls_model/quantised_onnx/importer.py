# SPDX-License-Identifier: Apache-2.0
"""From an ONNX file of any quantisation to the integers that compute the same, or not at all."""

from collections import Counter
from dataclasses import replace
from fractions import Fraction
from math import prod
from pathlib import Path

import numpy as np
import onnx
from pydantic import ValidationError

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.exact.chain import ExactChain
from pulsewright.hls_model.exact.finished import ImportedModel
from pulsewright.hls_model.exact.input_format import InputFormat
from pulsewright.hls_model.exact.staircase import Staircase, integer_staircase
from pulsewright.hls_model.plain_name import plain_name
from pulsewright.hls_model.qonnx.file import check_model, read_model
from pulsewright.hls_model.qonnx.graph import FLOAT_TYPES, Graph, checked_graph, label
from pulsewright.hls_model.qonnx.importer import model_from_proto
from pulsewright.hls_model.qonnx.metadata import has_multipliers, written_model
from pulsewright.hls_model.qonnx.value_budget import ValueBudget
from pulsewright.hls_model.quantised_onnx.constants import Constant, constant_of
from pulsewright.hls_model.quantised_onnx.folding import folded
from pulsewright.hls_model.quantised_onnx.operators import read_node
from pulsewright.hls_model.quantised_onnx.plain import plain_import
from pulsewright.hls_model.quantised_onnx.quantisers import INTEGER_RANGES
from pulsewright.hls_model.quantised_onnx.reader import Reader
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.reference.network_output import OutputKind
from pulsewright.hls_model.shortened import shortened

SOURCE = "ONNX"
_CODES = [kind for kind in INTEGER_RANGES if kind != onnx.TensorProto.INT32]


def import_quantised_onnx(
    path: Path,
    name: str | None = None,
    output: OutputKind = OutputKind.ACCUMULATOR,
    input_format: InputFormat | None = None,
) -> ImportedModel:
    """Read dense layers between quantisers of any scale.

    name: of the model; by default that of our metadata, or the file's. input_format: codes of the
    input, where the file has no quantiser for it.
    A QONNX file of power-of-two scales gives the model that `qonnx` reads from it.

    Raises:
        PulsewrightError: the file is missing, not ONNX, or says something that no integers of this
            law compute; the sentence names the node, tensor or value.
    """
    try:
        return imported_from_proto(read_model(path), name, path.stem, output, input_format)
    except PulsewrightError as error:
        raise PulsewrightError(f"ONNX model {path}: {error}") from error


def imported_from_proto(
    proto: onnx.ModelProto,
    name: str | None = None,
    fallback: str = "imported",
    output: OutputKind = OutputKind.ACCUMULATOR,
    input_format: InputFormat | None = None,
) -> ImportedModel:
    """The same of a model in memory; `fallback` is its name if nothing else names it."""
    check_model(proto)
    ours = has_multipliers(proto.metadata_props)
    if input_format is None and output is not OutputKind.CODE and not ours:
        plain = _plain(proto, name, fallback, output)
        if plain is not None:
            return plain
    graph = checked_graph(proto.graph, (*FLOAT_TYPES, *_CODES))
    chain = ExactChain(prod(graph.input_dims), _given_codes(graph, input_format))
    _Walk(graph, chain).run()
    imported = chain.finish(SOURCE, name or plain_name(fallback), output)
    return _as_written(imported, proto, name) if ours else imported


def _as_written(imported: ImportedModel, proto: onnx.ModelProto, name: str | None) -> ImportedModel:
    """The same with the integers and physical inputs of the model that a file was written from.

    Its graph has been read by then, and says as much of the codes but less of the integers.
    """
    model = written_model(proto)
    if model is None or model.output is not imported.model.output:
        return imported
    return replace(imported, model=model if name is None else _renamed(model, name))


def _renamed(model: IntegerMlp, name: str) -> IntegerMlp:
    fields = {one: getattr(model, one) for one in IntegerMlp.model_fields}
    return IntegerMlp(**(fields | {"name": name}))


def _plain(
    proto: onnx.ModelProto, name: str | None, fallback: str, output: OutputKind
) -> ImportedModel | None:
    """The model of a file of power-of-two scales; None if it is another, or ours and refused.

    Raises:
        PulsewrightError: the file has metadata of ours, and is refused.
    """
    quantiser = None
    try:
        model = model_from_proto(proto, name, fallback)
    except PulsewrightError as error:
        if any(entry.key.startswith("pulsewright.") for entry in proto.metadata_props):
            raise
        try:
            model = model_from_proto(proto, name, fallback, drop_output_quantiser=True)
        except PulsewrightError:
            return None
        quantiser = str(error).partition(" quantises the output")[0]
    return plain_import(_with_output(model, output), SOURCE, quantiser)


def _with_output(model: IntegerMlp, output: OutputKind) -> IntegerMlp:
    if output is OutputKind.ACCUMULATOR:
        return model
    try:
        return IntegerMlp(
            name=model.name, input_map=model.input_map, layers=model.layers, output=output
        )
    except ValidationError as error:
        reason = error.errors()[0]["msg"].removeprefix("Value error, ")
        raise PulsewrightError(reason) from error


def _given_codes(graph: Graph, input_format: InputFormat | None) -> Staircase | None:
    """The codes of an input that the file does not quantise."""
    where = f"input {shortened(graph.input_name)}"
    if graph.input_type not in FLOAT_TYPES:
        if input_format is not None:
            raise PulsewrightError(
                f"{where} takes integers already; leave the format {input_format} out"
            )
        limits = INTEGER_RANGES[graph.input_type]
        return integer_staircase(
            where, Fraction(1), Fraction(0), limits, zero_point_after_rounding=True
        )
    if input_format is None:
        return None
    return input_format.staircase(where)


class _Walk:
    """Nodes in the order of execution: constants are folded, the rest is one path."""

    def __init__(self, graph: Graph, chain: ExactChain) -> None:
        self._graph, self._chain = graph, chain
        self._budget = ValueBudget()
        self._readers = Counter(graph.readers)
        self._constants: dict[str, Constant] = {}
        self._reader = Reader(chain, graph.batch, graph.input_dims)
        self._present = graph.input_name
        self._shapes = {graph.input_name: self._reader.shape}

    def run(self) -> None:
        for name in self._graph.readers:
            if name in self._graph.initializers:
                what = f"initializer {shortened(name)}"
                tensor = self._graph.initializers[name]
                self._budget.spend(prod(tensor.dims), what)
                self._constants[name] = constant_of(tensor, what)
        for node in self._graph.nodes:
            self._check(node)
            if node.op_type == "Shape" and node.input[0] in self._shapes:
                self._shape(node)
            elif all(one in self._constants for one in node.input if one):
                self._fold(node)
            else:
                self._follow(node)
        if self._present != self._graph.output_name:
            raise PulsewrightError(
                f"output {shortened(self._graph.output_name)} does not depend on input "
                f"{shortened(self._graph.input_name)}; export the model again"
            )

    def _check(self, node: onnx.NodeProto) -> None:
        used = [name for name in node.output if name and self._readers[name]]
        if len(node.output) < 1 or used not in ([], [node.output[0]]):
            raise PulsewrightError(
                f"{label(node)} has {len(node.output)} outputs that are read; "
                "export the model in eval mode"
            )
        if node.op_type != "Constant" and not any(node.input):
            raise PulsewrightError(f"{label(node)} has no inputs; export the model again")

    def _shape(self, node: onnx.NodeProto) -> None:
        """Sizes are known, but for an open batch, which has a number that stands for it."""
        sizes = np.array(self._shapes[node.input[0]], dtype=np.float64)
        self._constants[node.output[0]] = Constant(sizes, None, onnx.TensorProto.INT64)

    def _fold(self, node: onnx.NodeProto) -> None:
        given = [self._constants.get(name) for name in node.input]
        self._budget.spend(sum(one.size for one in given if one is not None), label(node))
        self._constants[node.output[0]] = folded(node, given, self._chain.remark)
        self._forget(node)

    def _follow(self, node: onnx.NodeProto) -> None:
        names = list(node.input)
        if names.count(self._present) != 1 or any(
            name and name != self._present and name not in self._constants for name in names
        ):
            raise PulsewrightError(
                f"{label(node)} joins or repeats activations; export a chain without branches"
            )
        given = [self._constants.get(name) for name in names]
        made = sum(one.size for one in given if one is not None)
        self._budget.spend(self._chain.channels + made, label(node))
        read_node(self._reader, node, given, names.index(self._present))
        self._present = node.output[0]
        self._shapes[self._present] = self._reader.shape
        self._forget(node)

    def _forget(self, node: onnx.NodeProto) -> None:
        """A constant goes when its last reader has had it."""
        self._readers.subtract(node.input)
        for name in set(node.input):
            if self._readers[name] <= 0:
                self._constants.pop(name, None)
