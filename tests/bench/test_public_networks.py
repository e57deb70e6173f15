# SPDX-License-Identifier: Apache-2.0
"""Files with vectors from reading to both simulators, on a small one made here."""

import io
from pathlib import Path

import numpy as np
import onnx
import pytest
from rich.console import Console

from bench.public_networks import NETWORKS, PublicNetwork, main, measured, table_of
from pulsewright.flow.report.table_layout import print_table
from pulsewright.hls_model.reference.network_output import OutputKind
from pulsewright.sim.simulators import Simulator
from tests.hls_model.public_models import FOLDER, needs_public_models
from tests.hls_model.qonnx.graphs import small_model

ROWS = 40


@pytest.fixture
def made(tmp_path: Path) -> PublicNetwork:
    """A file, and vectors whose last row is wrong; its sums are halves of the file's integers."""
    onnx.save(small_model(), tmp_path / "net.onnx")
    network = PublicNetwork("net.onnx", "net.npz", OutputKind.ACCUMULATOR, unit=2)
    rows = np.random.default_rng(5).normal(0, 8, (ROWS, 3)).astype(np.float32)
    np.savez(tmp_path / "net.npz", x=rows, output_integer=np.zeros((ROWS, 1)))
    found, codes, _ = network.read(tmp_path)
    integers = 2 * found.model.infer(codes)
    integers[-1] += 1
    np.savez(tmp_path / "net.npz", x=rows, output_integer=integers)
    return network


def test_rows_become_codes(made: PublicNetwork, tmp_path: Path) -> None:
    found, codes, expected = made.read(tmp_path)
    assert codes.shape == (ROWS, 3)
    assert (2 * found.model.infer(codes) != expected).any(axis=1).tolist() == [False] * 39 + [True]


@pytest.mark.regression
def test_a_file_is_followed_to_both_simulators(made: PublicNetwork, tmp_path: Path) -> None:
    row = measured(made, tmp_path, 4, tmp_path / "build")
    assert (row.executor, row.hls) == (1, 0)
    assert all(one.is_right for one in row.outcomes.values())
    assert row.outcomes[Simulator.VERILATOR].results == ROWS + 10
    text = io.StringIO()
    print_table(Console(file=text), table_of([row]))
    assert "1 of 40" in text.getvalue()
    assert "0 of 50" in text.getvalue()
    assert "0 of 30" in text.getvalue()


def test_what_is_missing_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert main([str(tmp_path), "fast"]) == 2
    assert main([str(tmp_path)]) == 2
    assert f"{tmp_path / NETWORKS[0].file}" in capsys.readouterr().err


# Some minutes: two Verilator builds of a network of 267 000 weights and two of 59 000.
@needs_public_models
@pytest.mark.regression
def test_the_public_networks_are_right_everywhere() -> None:
    assert main([str(FOLDER)]) == 0
