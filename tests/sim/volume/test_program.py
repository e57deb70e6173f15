# SPDX-License-Identifier: Apache-2.0
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.rtl.top import StreamTop
from pulsewright.rtl.verilog.writer import to_verilog
from pulsewright.sim.simulators import Simulator
from pulsewright.sim.volume.program import VolumeResult, build_volume, run_volume
from tests.models import changed, fold_model, random_model

VECTORS = 20_000


def run(
    folder: Path,
    model: IntegerMlp,
    folded: FoldedEngine,
    *,
    kernel_of: IntegerMlp | None = None,
    change: tuple[str, str] | None = None,
    vectors: int = VECTORS,
    seed: int = 1,
) -> VolumeResult:
    verilog = to_verilog(StreamTop(model, folded), "pulse")
    if change is not None:
        assert re.search(change[0], verilog)
        verilog = re.sub(change[0], change[1], verilog, count=1)
    program = build_volume(kernel_of or model, folded, verilog, "pulse", folder)
    return run_volume(program, vectors, seed)


@pytest.mark.regression
def test_a_small_engine_agrees_and_faults_are_found(tmp_path: Path) -> None:
    model = random_model((3, 4, 2), seed=5)
    folded = fold_model(model, [(2, 3), (1, 2)])
    told: list[int] = []
    verilog = to_verilog(StreamTop(model, folded), "pulse")
    program = build_volume(model, folded, verilog, "pulse", tmp_path / "right")
    right = run_volume(program, 1 << 19, 1, told.append)
    assert (right.vectors, right.mismatches, right.stuck) == (1 << 19, 0, False)
    assert told == [1 << 18, 1 << 19]
    # The engine was slowed by both sides, and still took most vectors at its interval.
    assert right.stalled_cycles > 0
    assert right.cycles >= right.vectors * folded.initiation_interval
    assert run_volume(program, 1 << 19, 1) == right
    assert run_volume(program, 1 << 19, 2).cycles != right.cycles
    # A weight that is one off in the kernel alone.
    layer = model.layers[0]
    weights = layer.weights.copy()
    weights[1, 2] += 1 if weights[1, 2] < 0 else -1
    other = changed(model, layers=(changed(layer, weights=weights), *model.layers[1:]))
    wrong = run(tmp_path / "wrong", model, folded, kernel_of=other)
    assert 0 < wrong.mismatches <= wrong.vectors == VECTORS
    codes = np.array([wrong.codes])
    assert wrong.expected == tuple(other.infer(codes)[0].tolist())
    assert wrong.found == tuple(model.infer(codes)[0].tolist())


@pytest.mark.regression
def test_an_engine_that_stops_is_told(tmp_path: Path) -> None:
    model = random_model((3, 4, 2), seed=5)
    folded = fold_model(model, [(2, 3), (1, 2)])
    unconnected = (r"\.result__valid\(result_valid_o\)", ".result__valid()")
    stuck = run(tmp_path, model, folded, change=unconnected)
    assert (stuck.stuck, stuck.vectors) == (True, 0)


KINDS: dict[str, tuple[dict[str, Any], list[tuple[int, int]], dict[str, Any]]] = {
    "wide ports": ({"sizes": (20, 6, 9), "input_width": 11}, [(2, 5), (3, 2)], {}),
    "argmax": ({"sizes": (6, 8, 5), "output": "argmax"}, [(4, 6), (5, 2)], {}),
    "codes": ({"sizes": (6, 8, 5), "output": "code", "multipliers": 11}, [(4, 6), (5, 8)], {}),
    "incremental": ({"sizes": (6, 16, 1)}, [(16, 1), (1, 8)], {"incremental": True}),
    "adder graphs": ({"sizes": (6, 16, 1), "weight_width": 5}, [(16, 6), (1, 16)], {}),
    "shallow": ({"sizes": (6, 16, 1)}, [(4, 6), (1, 8)], {"shallow": True}),
    "unsigned": ({"sizes": (6, 16, 1), "signed_inputs": False}, [(4, 6), (1, 8)], {}),
    "three layers": ({"sizes": (6, 8, 8, 3), "per_channel": True}, [(4, 6), (2, 4), (1, 8)], {}),
}


@pytest.mark.regression
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_engine_agrees(kind: str, tmp_path: Path) -> None:
    given, foldings, options = KINDS[kind]
    model = random_model(**given, seed=3)
    result = run(tmp_path, model, fold_model(model, foldings, **options), vectors=200_000)
    assert (result.vectors, result.mismatches) == (200_000, 0), result
    assert not (tmp_path / Simulator.ICARUS).exists()


@pytest.mark.regression
@pytest.mark.parametrize("seed", range(4))
def test_a_hundred_million_inferences_of_a1_agree(seed: int, tmp_path: Path) -> None:
    """All four together; adder graphs, a vector in each cycle that nobody pauses."""
    model = random_model((6, 64, 1), seed=seed)
    folded = fold_model(model, [(64, 6), (1, 64)])
    found = run(tmp_path, model, folded, vectors=25_000_000, seed=seed)
    assert (found.vectors, found.mismatches, found.stuck) == (25_000_000, 0, False)
