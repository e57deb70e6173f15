# SPDX-License-Identifier: Apache-2.0
from collections import Counter
from pathlib import Path

import pytest

from pulsewright.hls_model.hls_cpp.emulator import Emulator
from pulsewright.sim.engines.checked_engine import CheckedEngine
from pulsewright.sim.engines.run import write_engines
from pulsewright.sim.simulators import Simulator
from tests.models import fold_model, random_codes, random_model
from tests.sim.designs import Foldings, run_design
from tests.tally import Compared, Tally, count_everything

SIZES = (3, 4, 2)
FOLDINGS: Foldings = [(4, 3), (2, 4)]


def test_what_is_simulated_is_counted_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tally = Tally()
    count_everything(tally, monkeypatch)
    model = random_model(SIZES)
    folded = fold_model(model, FOLDINGS)
    codes = random_codes(model, 9)
    Emulator.build("counted", model, folded, tmp_path / "kernel").infer(codes)
    engine = CheckedEngine(model, folded, codes, stalled_rows=2)
    write_engines([engine], tmp_path / "engines").run(Simulator.ICARUS, rows=9)
    run = run_design(Simulator.ICARUS, "stream_bench", tmp_path / "bench", model, FOLDINGS, 9)
    counts, models = tally.take()
    assert counts == {
        "rows of the C++ kernel": 9,
        "rows of a plain bench on icarus": 9 + 2,
        "rows of a cocotb bench on icarus": sum(one.rows for one in run.outcomes.values()),
    }
    assert models == [model.digest]
    assert tally.take() == ({}, [])


def test_a_table_says_what_was_compared() -> None:
    compared = Compared(Counter(), set())
    compared.add({"rows": 1200, "proofs that hold": 0}, ["a", "b"])
    compared.add({"rows": 34}, ["b"])
    rows, models = compared.lines()
    assert rows.split() == ["rows", "1,234"]
    assert models.split() == ["different", "models", "2"]
