# SPDX-License-Identifier: Apache-2.0
"""Many engines in one simulation: right ones, wrong ones, and how fast they are."""

from pathlib import Path

import numpy as np
import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.rtl.verilog.writer import VerilogFiles
from pulsewright.sim.engines.checked_engine import CheckedEngine
from pulsewright.sim.engines.run import EngineOutcome, write_engines
from pulsewright.sim.simulators import Simulator
from tests.models import changed, fold_model, random_codes, random_model

ROWS = 12


class Mistaken(CheckedEngine):
    """Expects what another network computes."""

    @property
    def result_words(self) -> str:
        first, last = self.model.layers
        other = changed(self.model, layers=(first, changed(last, bias=last.bias + 1)))
        return CheckedEngine(other, self.folded, self.codes).result_words


def engine(kind: type[CheckedEngine] = CheckedEngine, stalled: int = ROWS) -> CheckedEngine:
    model = random_model((4, 5, 2), multipliers=9)
    folded = fold_model(model, [(2, 3), (1, 2)])
    return kind(model, folded, random_codes(model, ROWS), stalled)


def check(simulator: Simulator, folder: Path) -> None:
    one = engine()
    fast = random_model((3, 2), input_width=5)
    unrolled = CheckedEngine(fast, fold_model(fast, [(2, 3)]), random_codes(fast, ROWS))
    single = CheckedEngine(one.model, one.folded, one.codes[:1])
    right, wrong, second, third = write_engines(
        [one, engine(Mistaken), unrolled, single], folder
    ).run(simulator)
    interval, latency = one.folded.initiation_interval, one.folded.latency
    assert right == EngineOutcome(2 * ROWS, 0, 0, interval, interval, latency)
    assert right.is_right
    assert wrong == EngineOutcome(2 * ROWS, 2 * ROWS, 0, interval, interval, latency)
    assert not wrong.is_right
    assert second == EngineOutcome(ROWS, 0, 0, 1, 1, unrolled.folded.latency)
    assert third == EngineOutcome(1, 0, 0, None, None, latency)


def test_each_engine_has_its_verdict_on_icarus(tmp_path: Path) -> None:
    check(Simulator.ICARUS, tmp_path)


@pytest.mark.regression
def test_each_engine_has_its_verdict_on_verilator(tmp_path: Path) -> None:
    check(Simulator.VERILATOR, tmp_path)


class Altered(CheckedEngine):
    """Its results are valid when an expression says so."""

    valid = "engine_valid"

    def verilog(self, name: str) -> VerilogFiles:
        text, hex_files = super().verilog(name)
        for place, other in (
            (".result__valid(result_valid_o)", ".result__valid(engine_valid)"),
            (
                "  wire rst;\n",
                f"  wire rst, engine_valid;\n  assign result_valid_o = {self.valid};\n",
            ),
        ):
            assert place in text
            text = text.replace(place, other, 1)
        return VerilogFiles(text, hex_files)


class Silent(Altered):
    valid = "1'b0"


class Retracting(Altered):
    valid = "engine_valid & (result_ready_i | vector_valid_i)"


def test_an_engine_that_does_not_end_is_told(tmp_path: Path) -> None:
    with pytest.raises(PulsewrightError, match=r"1 of 2 .* did not end .* number .1. first"):
        write_engines([engine(), engine(Silent)], tmp_path).run(Simulator.ICARUS)


def test_a_result_that_is_withdrawn_is_counted(tmp_path: Path) -> None:
    [found] = write_engines([engine(Retracting)], tmp_path).run(Simulator.ICARUS)
    assert found.mismatches == 0
    assert found.broken > 0
    assert not found.is_right


def test_fewer_rows_are_simulated_on_request(tmp_path: Path) -> None:
    [found] = write_engines([engine(stalled=9)], tmp_path).run(Simulator.ICARUS, rows=5)
    assert found.results == 10
    assert found.is_right


def test_words_hold_the_first_value_in_their_lowest_bits() -> None:
    model: IntegerMlp = random_model((3, 2), input_width=5)
    codes = np.array([[1, -1, -16], [0, 0, 3]])
    checked = CheckedEngine(model, fold_model(model, [(1, 1)]), codes)
    assert checked.vector_words.split() == [f"{0b10000_11111_00001:x}", f"{3 << 10:x}"]
