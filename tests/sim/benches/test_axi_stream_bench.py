# SPDX-License-Identifier: Apache-2.0
from pathlib import Path
from typing import Any

import pytest

from pulsewright.hls_model.schedule.axi_stream_timing import AxiStreamTiming
from pulsewright.hls_model.schedule.requantiser_stages import with_transfer
from pulsewright.hls_model.schedule.vector_transfer import VectorTransfer
from pulsewright.rtl.axi_stream.chosen_shape import chosen_shape
from pulsewright.rtl.buses.options import AttachmentOptions
from pulsewright.sim.runner import BenchRun
from pulsewright.sim.simulators import Simulator
from tests.models import fold_model, random_model
from tests.sim.designs import Foldings, run_design

ROWS = 24
Case = tuple[tuple[int, ...], Foldings, dict[str, Any], dict[str, Any]]

# Sizes, foldings, options of the stream, options of the model.
CASES: dict[str, Case] = {
    # Vectors and results that end within a transfer, in lanes of 4 and 32 bits.
    "ragged": (
        (13, 7, 3),
        [(2, 4), (2, 3)],
        {"stream_width": 16},
        {"input_width": 3, "activation_width": 5},
    ),
    # A first layer that is held, and codes of their own width across transfers.
    "packed": (
        (6, 64, 5),
        [(8, 6), (2, 8)],
        {"stream_width": 32, "stream_packing": "packed"},
        {"input_width": 7, "output": "code"},
    ),
}
MORE_CASES: dict[str, Case] = {
    # Buffers in memories before both layers.
    "memories": ((200, 72, 4), [(12, 10), (1, 12)], {}, {}),
    "one transfer a vector": ((6, 16, 1), [(8, 6), (1, 8)], {"stream_width": 64}, {}),
    "an index": ((40, 9, 10), [(3, 8), (5, 3)], {"stream_width": 8}, {"output": "argmax"}),
    "slower than the engine": (
        (33, 8, 9),
        [(8, 33), (9, 8)],
        {"stream_width": 16},
        {"input_width": 2},
    ),
    "bits": (
        (100, 8, 4),
        [(8, 50), (2, 4)],
        {"stream_width": 512, "stream_result_bits": 32},
        {"input_width": 2, "weight_width": 2, "activation_width": 2},
    ),
    "32-bit results on 16 bits": (
        (5, 4, 3),
        [(2, 2), (3, 2)],
        {"stream_width": 16, "stream_result_bits": 32},
        {"input_width": 16},
    ),
    "a vector a cycle": (
        (4, 3, 2),
        [(3, 4), (2, 3)],
        {"stream_width": 64},
        {"input_width": 8, "multipliers": 9},
    ),
}


def check(simulator: Simulator, case: Case, folder: Path) -> BenchRun:
    sizes, foldings, stream, parts = case
    model = random_model(sizes, **parts)
    options = AttachmentOptions(stream="axi_stream", **stream)
    run = run_design(
        simulator, "axi_stream_bench", folder, model, foldings, ROWS, attachment_options=options
    )
    assert run.failures == 0, run.log.read_text()[-3000:]
    assert {name.value for name in run.outcomes} == {
        "back_to_back",
        "backpressure",
        "wrong_vectors",
    }
    assert all(one.mismatches == 0 for one in run.outcomes.values())
    folded = with_transfer(fold_model(model, foldings), model, VectorTransfer.BEATS)
    timing = AxiStreamTiming(folded, chosen_shape(model, folded, options))
    measured = run.outcomes["back_to_back"]
    assert (measured.ii, measured.latency) == (timing.initiation_interval, timing.latency)
    return run


@pytest.mark.quick_cases(1)
@pytest.mark.parametrize("case", CASES)
def test_every_row_on_icarus(case: str, tmp_path: Path) -> None:
    run = check(Simulator.ICARUS, CASES[case], tmp_path)
    assert run.outcomes["back_to_back"].rows >= ROWS


@pytest.mark.regression
@pytest.mark.parametrize("case", [*CASES, *MORE_CASES])
@pytest.mark.parametrize("simulator", Simulator)
def test_every_row(simulator: Simulator, case: str, tmp_path: Path) -> None:
    check(simulator, (CASES | MORE_CASES)[case], tmp_path)
