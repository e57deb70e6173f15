# SPDX-License-Identifier: Apache-2.0
"""Two thousand nodes on one constant: some kilobytes of graph that ask for sixteen gigabytes."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.foreign_files.seeds import REPOSITORY
from tests.foreign_files.test_foreign_files import MOST_MIB
from tests.hls_model.qonnx.graphs import GraphBuilder

Network = Callable[[GraphBuilder, str], str]

NODES = 2000
VALUES = (1024, 1024)
IN_ALL = "the graph computes more than 8388608"
TOO_LARGE = "has 1048576 values, at most 65536 are computed with; quantise the weights last"
UNKNOWN = "is not supported here; export a chain of dense layers, Relu and Quant nodes"
ALREADY = "quantises constants that are quantised or computed already"


def quantised_again_and_again(graph: GraphBuilder, weights: str) -> str:
    for _ in range(NODES):
        weights = graph.quant(weights, 1.0, 8.0)
    return graph.node("MatMul", [graph.quant("in", 1.0, 8.0), weights])


def quantised_for_every_layer(graph: GraphBuilder, weights: str) -> str:
    last = graph.quant("in", 1.0, 8.0)
    for _ in range(NODES):
        last = graph.node("MatMul", [last, graph.quant(weights, 1.0, 8.0)])
        last = graph.quant(graph.node("Relu", [last]), 1.0, 8.0, signed=0)
    return graph.node("MatMul", [last, graph.quant(weights, 1.0, 8.0)])


def transposed(graph: GraphBuilder, weights: str) -> str:
    for _ in range(NODES):
        weights = graph.node("Transpose", [weights], perm=[1, 0])
    weights = graph.quant(weights, 1.0, 8.0)
    return graph.node("MatMul", [graph.quant("in", 1.0, 8.0), weights])


def multiplied(graph: GraphBuilder, weights: str) -> str:
    """Each product is read once more at the end, so that none may go before it."""
    every = [graph.node("Mul", [weights, weights]) for _ in range(NODES)]
    for one in every:
        weights = graph.node("Add", [weights, one])
    weights = graph.quant(weights, 1.0, 8.0)
    return graph.node("MatMul", [graph.quant("in", 1.0, 8.0), weights])


def graph_of(network: Network) -> bytes:
    graph = GraphBuilder(shape=(1, VALUES[0]))
    return graph.proto(network(graph, graph.constant(np.ones(VALUES)))).SerializeToString()


PROGRAM = """
import sys
from pulsewright.hls_model.errors import PulsewrightError
from tests.foreign_files.peak_memory import peak_mib
from tests.foreign_files.seeds import FORMATS
from pathlib import Path
try:
    FORMATS[sys.argv[1]].read(Path(sys.argv[2]))
except PulsewrightError as error:
    print(error)
print(peak_mib())
"""


@pytest.mark.regression
@pytest.mark.parametrize(
    ("network", "reader", "reason"),
    [
        (quantised_again_and_again, "onnx", IN_ALL),
        (quantised_again_and_again, "scales", ALREADY),
        (quantised_for_every_layer, "onnx", IN_ALL),
        (quantised_for_every_layer, "scales", IN_ALL),
        (transposed, "onnx", IN_ALL),
        (transposed, "scales", IN_ALL),
        (multiplied, "onnx", UNKNOWN),
        (multiplied, "scales", TOO_LARGE),
    ],
)
def test_they_are_refused_before_memory_is_short(
    network: Network, reader: str, reason: str, tmp_path: Path
) -> None:
    file = tmp_path / "nodes.onnx"
    file.write_bytes(graph_of(network))
    path = os.pathsep.join([str(REPOSITORY / "src"), str(REPOSITORY)])
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, reader, str(file)],
        cwd=REPOSITORY,
        env=os.environ | {"PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    sentence, peak = done.stdout.splitlines()
    assert "node " in sentence
    assert reason in sentence
    assert int(peak) < MOST_MIB
