# SPDX-License-Identifier: Apache-2.0
"""Follows the activations from the input to the output, through every node on the way."""

from collections.abc import Mapping, Sequence

import onnx

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.qonnx.chain import Chain
from pulsewright.hls_model.qonnx.constants import Constant
from pulsewright.hls_model.qonnx.graph import label
from pulsewright.hls_model.qonnx.value_budget import ValueBudget


def read_chain(
    chain: Chain,
    path: Sequence[onnx.NodeProto],
    constants: Mapping[str, Constant],
    start: str,
    budget: ValueBudget,
) -> str:
    """Follow the activations from tensor `start` through the nodes of `path`; the last tensor.

    Raises:
        PulsewrightError: a node does not take the activations of the node before, or see
            `Chain.read`.
    """
    present = start
    for node in path:
        names = list(node.input)
        if names.count(present) != 1 or any(
            name and name != present and name not in constants for name in names
        ):
            raise PulsewrightError(
                f"{label(node)} joins or repeats activations; export a chain without branches"
            )
        others = [constants.get(name) for name in names]
        made = sum(one.values.size for one in others if one is not None)
        budget.spend(chain.inputs + made, label(node))
        chain.read(node, others, names.index(present))
        present = node.output[0]
    return present
