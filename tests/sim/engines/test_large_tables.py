# SPDX-License-Identifier: Apache-2.0
"""Networks with large tables of constants: whatever becomes of them, the bits stay."""

from pathlib import Path

import pytest

from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.hls_model.schedule.folding_search import cheapest_folding
from pulsewright.hls_model.schedule.requantiser_stages import with_requantisers
from pulsewright.rtl.table_options import TableOptions
from pulsewright.sim.engines.checked_engine import CheckedEngine
from pulsewright.sim.engines.run import write_engines
from pulsewright.sim.simulators import Simulator
from tests.models import fold_model, random_codes, random_model

EVERY_CHOICE = [
    TableOptions(memory=memory, files=files)
    for memory in ("auto", "logic", "block_ram")
    for files in (False, True)
]
ROWS = 4


def network() -> tuple[IntegerMlp, FoldedEngine]:
    """Weights of two layers in large tables, multipliers and addends in smaller ones."""
    model = random_model((64, 128, 32, 10), weight_width=4, activation_width=4, multipliers=9)
    return model, with_requantisers(cheapest_folding(model.sizes, 512), model)


def many_neurons() -> tuple[IntegerMlp, FoldedEngine]:
    """Biases, multipliers and addends in large tables as well."""
    model = random_model((3, 400, 2), weight_width=4, activation_width=4, multipliers=12)
    return model, fold_model(model, [(1, 3), (2, 1)])


def check(engines: list[CheckedEngine], simulator: Simulator, folder: Path) -> None:
    outcomes = write_engines(engines, folder).run(simulator)
    for engine, outcome in zip(engines, outcomes, strict=True):
        assert outcome.is_right, (outcome, engine.tables)
        interval = engine.folded.initiation_interval
        assert (outcome.shortest, outcome.longest) == (interval, interval)
        assert outcome.latency == engine.folded.latency


def test_tables_with_a_register_and_files_on_icarus(tmp_path: Path) -> None:
    model, folded = network()
    wide, few_neurons = many_neurons()
    files = TableOptions(memory="block_ram", files=True)
    check(
        [
            CheckedEngine(model, folded, random_codes(model, ROWS)),
            CheckedEngine(model, folded, random_codes(model, ROWS), tables=files),
            CheckedEngine(wide, few_neurons, random_codes(wide, ROWS), 2),
        ],
        Simulator.ICARUS,
        tmp_path,
    )


@pytest.mark.regression
@pytest.mark.parametrize("simulator", list(Simulator))
def test_every_choice_gives_the_bits_and_the_cycles(simulator: Simulator, tmp_path: Path) -> None:
    engines = [
        CheckedEngine(model, folded, random_codes(model, ROWS), stalled_rows=2, tables=tables)
        for model, folded in (network(), many_neurons())
        for tables in EVERY_CHOICE
    ]
    check(engines, simulator, tmp_path)


def test_a_wrong_word_in_a_file_is_a_wrong_result(tmp_path: Path) -> None:
    model, folded = network()
    engine = CheckedEngine(
        model, folded, random_codes(model, ROWS), tables=TableOptions(files=True)
    )
    written = write_engines([engine], tmp_path)
    (file,) = (tmp_path / "hex").glob("*layer1_weight_rom.hex")
    lines = file.read_text().splitlines()
    file.write_text("\n".join("0" * len(line) for line in lines))
    (outcome,) = written.run(Simulator.ICARUS)
    assert outcome.mismatches > 0
