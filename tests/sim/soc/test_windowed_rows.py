# SPDX-License-Identifier: Apache-2.0
"""The driver of windows on Ibex: 0 mismatches with the integer model in every way that it has."""

from pathlib import Path
from typing import Any

import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.importer import ImportChoices, import_model
from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.hls_model.schedule.folding_search import cheapest_folding
from pulsewright.hls_model.schedule.requantiser_stages import with_requantisers, with_transfer
from pulsewright.hls_model.schedule.vector_transfer import VectorTransfer
from pulsewright.hls_model.schedule.windowed_job import windowed_cycles
from pulsewright.sim.simulators import Simulator
from pulsewright.sim.soc.compiler import compile_program
from pulsewright.sim.soc.cores import CORES
from pulsewright.sim.soc.session import SocSession
from pulsewright.sim.soc.windowed_rows import (
    PROGRAM,
    rows_in_memory,
    run_windowed_rows,
    windowed_rows_header,
)
from tests.hls_model.public_models import needs_public_models, public_file, public_vectors
from tests.models import fold_model, random_codes, random_model
from tests.sim.soc.systems import need_core

WAYS = ("words", "single", "streamed", "packed", "polled", "asleep")


def check(folder: Path, model: IntegerMlp, folded: FoldedEngine, codes: IntegerArray) -> Any:
    """Run the program; its measures."""
    need_core("ibex")
    session = SocSession.build(model, folded, CORES["ibex"], "obi", Simulator.VERILATOR, folder)
    run = run_windowed_rows(session, codes)
    assert run.exit_code == 0, run.log.read_text()[-2000:]
    assert not run.failures
    for way in WAYS:
        measured = run.measures[f"windowed_{way}"]
        assert (measured["rows"], measured["mismatches"]) == (len(codes), 0), way
    stepped = with_transfer(folded, model, VectorTransfer.STEPS)
    assert run.measures["job"]["cycles"] == windowed_cycles(stepped)
    # What is done at the same time takes less than one after the other.
    packed, streamed, single = (
        run.measures[f"windowed_{way}"]["cycles"] for way in ("packed", "streamed", "single")
    )
    assert packed < streamed < single
    return run.measures


@pytest.mark.parametrize("parts", [{}, {"input_width": 1, "signed_inputs": False}])
def test_the_program_compiles_for_risc_v(parts: dict[str, Any], tmp_path: Path) -> None:
    need_core("ibex")
    model = random_model((150, 3, 70), **parts)
    header = windowed_rows_header(model, random_codes(model, 3))
    assert f"#define INPUT_WORDS {5 if parts else 38}u\n" in header
    headers = {f"{PROGRAM}.h": header}
    compile_program(PROGRAM, headers, ("SOC_CORE_IBEX", "SOC_BUS"), tmp_path)


def test_rows_that_fit_the_memory_are_counted() -> None:
    model = random_model((150, 3, 70))
    # 150 codes of 2 bytes, 38 words, 70 results and what they are to be.
    assert rows_in_memory(model) == 448 * 1024 // (300 + 152 + 560)
    assert rows_in_memory(model, 1000) == (448 * 1024 - 8000) // (300 + 152 + 560)
    with pytest.raises(PulsewrightError, match=r"^a row of 1012 bytes and 60000 words of weights"):
        rows_in_memory(model, 60000)


@pytest.mark.regression
@pytest.mark.parametrize("reloadable", [False, True])
def test_random_rows_through_every_way_of_the_driver(reloadable: bool, tmp_path: Path) -> None:
    model = random_model((200, 8, 66), input_width=5)
    folded = fold_model(model, [(1, 10), (6, 2)], reloadable=reloadable)
    check(tmp_path, model, folded, random_codes(model, 12))


@pytest.mark.regression
@needs_public_models
def test_handwritten_digits_at_2_bits(tmp_path: Path) -> None:
    """784-64-64-64-10: codes of 2 bits, 49 words a vector; results are the public executor's."""
    found = import_model(public_file("TFC_2W2A.onnx"), ImportChoices())
    arrays = public_vectors("tfc_2w2a.npz")
    codes = found.input_codes.codes(arrays["x"].reshape(len(arrays["x"]), -1))[:40]
    assert (found.model.infer(codes) == arrays["output_integer"][:40]).all()
    folded = with_requantisers(cheapest_folding(found.model.sizes, 1000), found.model)
    check(tmp_path, found.model, folded, codes)
