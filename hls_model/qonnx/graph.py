# SPDX-License-Identifier: Apache-2.0
"""An ONNX graph with one input and one output, its live nodes in the order of execution."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import onnx

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.qonnx.dialect import MOST_DIMENSIONS, MOST_INPUTS, MOST_VALUES
from pulsewright.hls_model.shortened import LONGEST_VALUE, cut, shortened

FLOAT_TYPES = (onnx.TensorProto.FLOAT, onnx.TensorProto.DOUBLE)


def label(node: onnx.NodeProto) -> str:
    """How a node is called in a sentence."""
    name = node.name or next(iter(node.output), "")
    return f"node {shortened(name)} ({cut(node.op_type, LONGEST_VALUE)})"


@dataclass(frozen=True)
class Graph:
    """input_dims: of one sample, without the batch. batch: None if any number of rows is taken.

    input_type: as a number of onnx.TensorProto.

    nodes: those that the output depends on. readers: of each tensor, how many nodes read it.
    """

    input_name: str
    input_dims: tuple[int, ...]
    batch: int | None
    output_name: str
    initializers: Mapping[str, onnx.TensorProto]
    nodes: tuple[onnx.NodeProto, ...]
    readers: Mapping[str, int]
    input_type: int


def checked_graph(graph: onnx.GraphProto, input_types: Collection[int] = FLOAT_TYPES) -> Graph:
    """Check what every reader relies on. input_types: of the input, as onnx.TensorProto has them.

    Raises:
        PulsewrightError: several inputs or outputs, a shape that is missing, data outside the
            file, a tensor that nothing or too much makes, or a cycle.
    """
    initializers = {tensor.name: tensor for tensor in graph.initializer}
    _check_initializers(graph)
    fed = [value for value in graph.input if value.name not in initializers]
    input_name, dims = _only_input(fed, input_types)
    output_name = _only([value.name for value in graph.output], "output")
    makers = _makers(graph.node, {input_name, *initializers})
    nodes = _ordered(_live(output_name, makers), {input_name, *initializers}, makers)
    readers = Counter(name for node in nodes for name in node.input)
    readers[output_name] += 1
    return Graph(
        input_name,
        dims[1:],
        dims[0] or None,
        output_name,
        initializers,
        nodes,
        readers,
        fed[0].type.tensor_type.elem_type,
    )


def _check_initializers(graph: onnx.GraphProto) -> None:
    if graph.sparse_initializer:
        name = graph.sparse_initializer[0].values.name
        raise PulsewrightError(f"initializer {shortened(name)} is sparse; export dense tensors")
    for tensor in graph.initializer:
        if tensor.data_location == onnx.TensorProto.EXTERNAL or tensor.external_data:
            raise PulsewrightError(
                f"initializer {shortened(tensor.name)} lies outside the file; "
                "save the model as one file, without external data"
            )
        check_dims(f"initializer {shortened(tensor.name)}", tensor.dims)


def check_dims(what: str, dims: Sequence[int]) -> None:
    """Refuse the shape of a tensor before its values are looked at.

    Raises:
        PulsewrightError: a size is negative, or there are too many dimensions or values.
    """
    if len(dims) > MOST_DIMENSIONS or any(size < 0 for size in dims) or prod(dims) > MOST_VALUES:
        raise PulsewrightError(
            f"{what} has the shape {shortened(list(dims))}, at most {MOST_VALUES} values in "
            f"{MOST_DIMENSIONS} dimensions are read; use smaller layers"
        )


def _only(names: Sequence[str], what: str) -> str:
    if len(names) != 1:
        listed = ", ".join(map(shortened, names[:4])) or "none"
        raise PulsewrightError(
            f"the graph has {len(names)} {what}s ({listed}), one is read; export one chain of "
            "dense layers"
        )
    return names[0]


def _only_input(values: Sequence[Any], input_types: Collection[int]) -> tuple[str, tuple[int, ...]]:
    """Name and sizes of the one input; the batch is 0 if it is not fixed."""
    name = _only([value.name for value in values], "input")
    tensor = values[0].type.tensor_type
    if tensor.elem_type not in input_types:
        known = onnx.TensorProto.DataType.items()
        kind = {number: word for word, number in known}.get(tensor.elem_type, tensor.elem_type)
        raise PulsewrightError(f"input {shortened(name)} has the type {kind}; export a float input")
    if not tensor.HasField("shape"):
        raise PulsewrightError(f"input {shortened(name)} has no shape; export the model with one")
    dims = tensor.shape.dim
    if len(dims) < 2:
        raise PulsewrightError(
            f"input {shortened(name)} has {len(dims)} dimensions; export it as (batch, features)"
        )
    for axis, dim in enumerate(dims):
        if axis > 0 and dim.dim_value < 1:
            shown = shortened(dim.dim_param) if dim.dim_param else "unknown"
            raise PulsewrightError(
                f"input {shortened(name)}: dimension {axis} is {shown}, only the batch may be "
                "open; export the model with a fixed shape"
            )
    inputs = prod(dim.dim_value for dim in dims[1:])
    if inputs > MOST_INPUTS or len(dims) > MOST_DIMENSIONS:
        raise PulsewrightError(
            f"input {shortened(name)} has {inputs} values in {len(dims)} dimensions, at most "
            f"{MOST_INPUTS} in {MOST_DIMENSIONS} are read; use smaller layers"
        )
    return name, tuple(max(dim.dim_value, 0) for dim in dims)


def _makers(nodes: Iterable[onnx.NodeProto], given: set[str]) -> dict[str, onnx.NodeProto]:
    makers: dict[str, onnx.NodeProto] = {}
    for node in nodes:
        for name in filter(None, node.output):
            if name in makers or name in given:
                raise PulsewrightError(
                    f"{label(node)} makes tensor {shortened(name)}, which is there already; "
                    "export the model again"
                )
            makers[name] = node
    return makers


def _live(output: str, makers: Mapping[str, onnx.NodeProto]) -> list[onnx.NodeProto]:
    """The nodes that the output depends on, in no order."""
    wanted, seen, live = [output], {output}, {}
    while wanted:
        node = makers.get(wanted.pop())
        if node is None or id(node) in live:
            continue
        live[id(node)] = node
        fresh = [name for name in node.input if name and name not in seen]
        seen.update(fresh)
        wanted += fresh
    return list(live.values())


def _ordered(
    nodes: Sequence[onnx.NodeProto], given: set[str], makers: Mapping[str, onnx.NodeProto]
) -> tuple[onnx.NodeProto, ...]:
    """The nodes in the order of execution, by Kahn's algorithm."""
    waits = [{name for name in node.input if name and name not in given} for node in nodes]
    followers: dict[str, list[int]] = {}
    for number, names in enumerate(waits):
        for name in names:
            if name not in makers:
                raise PulsewrightError(
                    f"{label(nodes[number])} reads tensor {shortened(name)}, which nothing makes; "
                    "export the model again"
                )
            followers.setdefault(name, []).append(number)
    ready = [number for number, names in enumerate(waits) if not names]
    order = []
    while ready:
        number = ready.pop()
        order.append(nodes[number])
        for name in nodes[number].output:
            for follower in followers.get(name, ()):
                waits[follower].discard(name)
                if not waits[follower]:
                    ready.append(follower)
    if len(order) < len(nodes):
        stuck = _in_cycle(
            {id(node): names for node, names in zip(nodes, waits, strict=True)}, makers
        )
        raise PulsewrightError(
            f"{label(stuck)} is part of a cycle, which a QONNX graph has none of; "
            "export the model again"
        )
    return tuple(order)


def _in_cycle(
    waits: Mapping[int, set[str]], makers: Mapping[str, onnx.NodeProto]
) -> onnx.NodeProto:
    """A node of a cycle. waits: by id of each node, the tensors that it still waits for."""
    node = makers[next(min(names) for names in waits.values() if names)]
    seen: set[int] = set()
    # Every node that waits does so for one that waits too: going back ends in a cycle.
    while id(node) not in seen:
        seen.add(id(node))
        node = makers[min(waits[id(node)])]
    return node
