# SPDX-License-Identifier: Apache-2.0
"""Shapes after Reshape, Flatten, Squeeze and Unsqueeze, which keep the order of the values."""

from collections.abc import Sequence
from math import prod

import onnx

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.qonnx.attributes import attribute
from pulsewright.hls_model.qonnx.dialect import MOST_DIMENSIONS
from pulsewright.hls_model.qonnx.dyadic import FloatArray
from pulsewright.hls_model.qonnx.graph import label
from pulsewright.hls_model.shortened import shortened


def axes_of(node: onnx.NodeProto, second: FloatArray | None) -> list[int] | None:
    """The shape or the axes that a node is given, by its second input or by an attribute.

    None: Squeeze without axes.

    Raises:
        PulsewrightError: Reshape or Unsqueeze without them.
    """
    if node.op_type == "Flatten":
        return [attribute(node, "axis", 1)]
    if second is not None:
        return [int(value) for value in second.flat]
    name = "shape" if node.op_type == "Reshape" else "axes"
    given: list[int] = attribute(node, name, [])
    if not given and node.op_type != "Squeeze":
        raise PulsewrightError(
            f"{label(node)}: its {name} is not constant; export the model with fixed shapes"
        )
    return given or None


def reshaped_samples(
    node: onnx.NodeProto, shape: Sequence[int], second: FloatArray | None, *, open_batch: bool
) -> tuple[int, ...]:
    """The new shape of a tensor of samples, whose first dimension is the batch and stays.

    second: as for `axes_of`. open_batch: its size is one that no product of others is taken for.

    Raises:
        PulsewrightError: the node does not fit the tensor, or changes the batch.
    """
    axes = axes_of(node, second)
    moves = PulsewrightError(
        f"{label(node)} moves values between the samples of a batch, or fixes an open batch; "
        "keep the first dimension"
    )
    try:
        new = reshaped(node, shape, axes)
    except PulsewrightError as error:
        if open_batch:
            raise moves from error
        raise
    if not new or new[0] != shape[0]:
        raise moves
    return new


def reshaped(
    node: onnx.NodeProto, shape: Sequence[int], axes: Sequence[int] | None
) -> tuple[int, ...]:
    """The new shape of a tensor of `shape`.

    Raises:
        PulsewrightError: the node does not fit the tensor.
    """
    rank = len(shape)
    if node.op_type == "Reshape":
        new = _fill(node, shape, axes or ())
    elif node.op_type == "Flatten":
        axis = _axis(node, (axes or [1])[0], rank, rank + 1)
        new = (prod(shape[:axis]), prod(shape[axis:]))
    elif node.op_type == "Squeeze":
        gone = (
            {axis for axis, size in enumerate(shape) if size == 1}
            if axes is None
            else {_axis(node, axis, rank, rank) for axis in axes}
        )
        new = tuple(size for axis, size in enumerate(shape) if axis not in gone)
    else:
        added = axes or ()
        total = rank + len(added)
        places = {_axis(node, axis, total, total) for axis in added}
        if len(places) < len(added):
            raise PulsewrightError(
                f"{label(node)}: axes {shortened(added)} name one twice; export the model again"
            )
        sizes = iter(shape)
        new = tuple(1 if axis in places else next(sizes) for axis in range(total))
    if prod(new) != prod(shape):
        raise PulsewrightError(
            f"{label(node)}: shape {shortened(shape)} does not become {shortened(new)}; "
            "export the model again"
        )
    if len(new) > MOST_DIMENSIONS:
        raise PulsewrightError(
            f"{label(node)}: it makes {len(new)} dimensions, at most {MOST_DIMENSIONS} are read; "
            "leave out those of size 1"
        )
    return new


def _axis(node: onnx.NodeProto, axis: int, rank: int, count: int) -> int:
    if not -rank <= axis < count:
        raise PulsewrightError(
            f"{label(node)}: axis {axis} of a tensor of {rank} dimensions; export the model again"
        )
    return axis % rank if axis < 0 else axis


def _fill(node: onnx.NodeProto, shape: Sequence[int], target: Sequence[int]) -> tuple[int, ...]:
    """A Reshape's target, where 0 copies a size and one -1 takes what is left."""
    copied = [
        shape[axis] if size == 0 and axis < len(shape) else size for axis, size in enumerate(target)
    ]
    known = prod(size for size in copied if size != -1)
    if copied.count(-1) > 1 or any(size < -1 for size in copied) or known == 0:
        raise PulsewrightError(
            f"{label(node)}: shape {shortened(target)}; give sizes and at most one -1"
        )
    return tuple(prod(shape) // known if size == -1 else size for size in copied)
