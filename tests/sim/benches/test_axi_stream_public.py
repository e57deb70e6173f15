# SPDX-License-Identifier: Apache-2.0
"""Public networks of hundreds of inputs through AXI4-Streams, on rows of a public executor."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from pulsewright.hls_model.exact.finished import ImportedModel
from pulsewright.hls_model.importer import ImportChoices, import_model
from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.hls_model.reference.network_output import OutputKind
from pulsewright.rtl.buses.options import AttachmentOptions
from pulsewright.sim.simulators import Simulator
from tests.hls_model.public_models import needs_public_models, public_file, public_vectors
from tests.sim.designs import Foldings, run_design

ROWS = {Simulator.VERILATOR: 200, Simulator.ICARUS: 20}


class PublicStream(NamedTuple):
    """A file and its vectors, how it is folded, and the cycles of a row.

    unit: steps of the executor's integers for one of ours.
    """

    file: str
    vectors: str
    output: OutputKind
    expected: str
    foldings: Foldings
    interval: int
    width: int
    unit: int = 1


NETWORKS = {
    "MNIST, 1 bit": PublicStream(
        "TFC_1W1A.onnx",
        "tfc_1w1a.npz",
        OutputKind.ACCUMULATOR,
        "output_integer",
        [(4, 16), (4, 4), (4, 4), (2, 4)],
        784,
        64,
        # A sum of -1 and 1 is even or odd throughout.
        2,
    ),
    "MNIST, 2 bits": PublicStream(
        "TFC_2W2A.onnx",
        "tfc_2w2a.npz",
        OutputKind.ACCUMULATOR,
        "output_integer",
        [(4, 16), (4, 4), (4, 4), (2, 4)],
        # 16 groups of 49 steps; 784 inputs in lanes of 8 bits, 98 transfers.
        784,
        64,
    ),
    "autoencoder": PublicStream(
        "ad01_int8.tflite",
        "ad01.npz",
        OutputKind.CODE,
        "y",
        [(8, 16), *[(8, 8)] * 3, (2, 8), (8, 2), *[(8, 8)] * 3, (16, 8)],
        # 16 groups of 40 steps, and 40 groups of 16 in the last layer.
        640,
        32,
    ),
}


def stimulus(network: PublicStream, imported: ImportedModel) -> IntegerArray:
    """Input codes of the executor's rows, whose outputs are those of the integer model."""
    vectors = public_vectors(network.vectors)
    rows = vectors["x"].reshape(len(vectors["x"]), -1)
    whole = np.issubdtype(rows.dtype, np.integer)
    codes = rows.astype(np.int64) if whole else imported.input_codes.codes(rows)
    assert (network.unit * imported.model.infer(codes) == vectors[network.expected]).all()
    return codes


@needs_public_models
@pytest.mark.regression
@pytest.mark.parametrize("simulator", Simulator)
@pytest.mark.parametrize("name", NETWORKS)
def test_a_public_network_row_by_row(simulator: Simulator, name: str, tmp_path: Path) -> None:
    network = NETWORKS[name]
    imported = import_model(public_file(network.file), ImportChoices(output=network.output))
    run = run_design(
        simulator,
        "axi_stream_bench",
        tmp_path,
        imported.model,
        network.foldings,
        0,
        codes=stimulus(network, imported)[: ROWS[simulator]],
        attachment_options=AttachmentOptions(stream="axi_stream", stream_width=network.width),
    )
    assert run.failures == 0, run.log.read_text()[-3000:]
    measured = run.outcomes["back_to_back"]
    assert measured.rows >= ROWS[simulator]
    assert measured.ii == network.interval
    assert all(one.mismatches == 0 for one in run.outcomes.values())
