# SPDX-License-Identifier: Apache-2.0
import json
from pathlib import Path
from typing import Any

import pytest

from pulsewright.flow.errors import VerificationError
from pulsewright.flow.steps.cycle_check import check_cycles, curve_formula
from pulsewright.flow.steps.results import SimulationResult
from pulsewright.rtl.buses.options import AttachmentOptions
from pulsewright.sim.simulators import Simulator
from tests.flow.conftest import invoke, stamp_again
from tests.models import fold_model, random_model

PULSES = 20
MODEL = random_model((3, 4, 1), pulses=PULSES)
FOLDED = fold_model(MODEL, [(2, 3), (1, 2)])
II, LATENCY = FOLDED.initiation_interval, FOLDED.latency
CURVE = LATENCY + 2 + (PULSES - 1) * II


def check(**changed: Any) -> None:
    right = {
        "rows": 9,
        "mismatches": 0,
        "first_mismatch": None,
        "ii": II,
        "latency": LATENCY,
        "tests": 14,
        "failures": 0,
        "cycles_per_inference": 30.0,
        "curve_cycles": CURVE,
        "read_cycles": II,
    }
    result = SimulationResult.model_validate({**right, **changed})
    check_cycles(Simulator.ICARUS, result, MODEL, FOLDED)


def test_what_the_formulas_say_passes() -> None:
    assert curve_formula(MODEL, FOLDED) == CURVE
    assert curve_formula(MODEL, FOLDED, AttachmentOptions(jobs="infer")) is None
    check()
    check(curve_cycles=None)
    # A bus that needs a cycle more than the engine.
    check(curve_cycles=CURVE + 11, read_cycles=II + 1)


@pytest.mark.parametrize(
    "changed",
    [
        {"ii": II + 1},
        {"ii": II - 1},
        {"latency": LATENCY + 1},
        {"curve_cycles": CURVE + 1},
        {"curve_cycles": CURVE - 1},
        {"curve_cycles": CURVE - 1, "read_cycles": II + 1},
    ],
)
def test_a_cycle_more_or_less_is_a_difference(changed: dict[str, int]) -> None:
    with pytest.raises(VerificationError, match=r"icarus measured .* the formula"):
        check(**changed)


@pytest.mark.parametrize("field", ["ii", "latency", "curve_cycles"])
def test_the_report_itself_compares(finished_copy: Path, field: str) -> None:
    build = finished_copy / "build" / "tiny"
    summary = build / "sim" / "icarus" / "summary.json"
    content = json.loads(summary.read_text())
    content[field] += 1
    summary.write_text(json.dumps(content))
    stamp_again(build, "sim_icarus")
    result = invoke("report", finished_copy / "tiny.toml", "--build", finished_copy / "build")
    assert result.exit_code == 1, result.output
    assert "icarus measured" in " ".join(result.output.split())
