# SPDX-License-Identifier: Apache-2.0
import numpy as np
import onnx
import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.qonnx import value_budget
from pulsewright.hls_model.qonnx.dialect import MOST_VALUES_IN_ALL
from pulsewright.hls_model.qonnx.importer import model_from_proto
from pulsewright.hls_model.qonnx.value_budget import ValueBudget
from tests.hls_model.qonnx.graphs import GraphBuilder, small_model


def test_all_that_is_spent_counts() -> None:
    budget = ValueBudget()
    budget.spend(MOST_VALUES_IN_ALL, "a")
    budget.spend(0, "b")
    with pytest.raises(PulsewrightError, match="the 1 values of c the graph computes more than"):
        budget.spend(1, "c")


def chain_of_constants(nodes: int) -> onnx.ModelProto:
    """Weights that pass many Quant nodes: each makes as many values again."""
    graph = GraphBuilder(shape=(1, 8))
    weights = graph.constant(np.ones((8, 128)))
    for _ in range(nodes):
        weights = graph.quant(weights, 1.0, 8.0)
    return graph.proto(graph.node("MatMul", [graph.quant("in", 1.0, 8.0), weights]))


def chain_of_layers(nodes: int) -> onnx.ModelProto:
    """One constant of weights that many layers share."""
    graph = GraphBuilder(shape=(1, 32))
    weights, last = graph.weights(np.eye(32)), graph.quant("in", 1.0, 8.0)
    for _ in range(nodes):
        last = graph.node("MatMul", [last, weights])
        last = graph.quant(graph.node("Relu", [last]), 1.0, 8.0, signed=0)
    return graph.proto(graph.node("MatMul", [last, weights]))


@pytest.mark.parametrize("make", [chain_of_constants, chain_of_layers])
def test_few_bytes_may_not_ask_for_many_values(make, monkeypatch: pytest.MonkeyPatch) -> None:
    model_from_proto(make(10))
    monkeypatch.setattr(value_budget, "MOST_VALUES_IN_ALL", 20_000)
    model_from_proto(small_model())
    with pytest.raises(PulsewrightError, match="more than 20000; export dense layers alone"):
        model_from_proto(make(40))
