# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest

from bench.gates_of_peers import contenders, main, row, rows_of, table_of
from bench.peers import rounded
from pulsewright.flow.steps.cells import chosen_cells
from pulsewright.flow.steps.fpga import chosen_fpga
from pulsewright.hls_model.reference.fixed_point import Rounding
from tests.models import random_model
from tests.synth.mini_library import MINI_LIBRARY


@pytest.mark.regression
def test_da4ml_and_our_engines_go_through_the_same_scripts(tmp_path: Path) -> None:
    pytest.importorskip("da4ml")
    model = rounded(random_model((3, 4, 1)), Rounding.HALF_UP)
    chosen = chosen_fpga("ice40", None, 0)
    found = list(contenders(model, tmp_path))
    rows = [row(one, chosen, tmp_path / "build") for one in found]
    documents = table_of(model, chosen.name, rows).document["rows"]
    assert isinstance(documents, list)
    deep, shallow, theirs = documents
    assert theirs["mismatches"] == 0
    assert shallow["latency"] < deep["latency"]
    assert all(one["luts_with_carries"] > 0 for one in documents)


@pytest.mark.regression
def test_rows_run_through_the_cells_of_all(tmp_path: Path) -> None:
    pytest.importorskip("da4ml")
    liberty = tmp_path / "mini.lib"
    liberty.write_text(MINI_LIBRARY)
    model = rounded(random_model((3, 4, 1)), Rounding.HALF_UP)
    chosen = chosen_cells(None, liberty, None, 4.0, clock_gates=True)
    rows = rows_of(tmp_path / "another.json", model, tmp_path)
    found = [row(one, chosen, tmp_path / "build", rows) for one in contenders(model, tmp_path)]
    documents = table_of(model, chosen.name, found).document["rows"]
    assert isinstance(documents, list)
    assert len(documents) == 3
    for one in documents:
        assert 0 < one["glitches_picojoule"] < one["picojoule"]


def test_energy_needs_cells(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "none.json"), "--target", "ecp5", "--energy"]) == 2
    assert "--energy needs standard cells, not ecp5" in capsys.readouterr().err


def test_a_model_that_is_not_there_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path / "none.json"), "--seeds", "0"]) == 2
    assert "none.json" in capsys.readouterr().err
