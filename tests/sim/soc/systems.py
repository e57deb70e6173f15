# SPDX-License-Identifier: Apache-2.0
"""Small systems for tests."""

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.sim.simulators import Simulator
from pulsewright.sim.soc.compiler import PREFIXES
from pulsewright.sim.soc.cores import CORES
from pulsewright.sim.soc.rows_header import Curve
from pulsewright.sim.soc.session import SocSession
from tests.models import fold_model
from tests.pulse_models import pulse_model

SMALL = (6, 8, 1), [(2, 6), (1, 2)]
A1 = (6, 64, 1), [(8, 6), (1, 8)]
# Jobs that take longer than a core takes to fall asleep.
SLOW = (6, 12, 1), [(1, 1), (1, 1)]


def need_core(name: str) -> None:
    """Skip without the core's source or a compiler for it."""
    pytest.importorskip(f"pythondata_cpu_{name}")
    if not any(shutil.which(f"{prefix}gcc") for prefix in PREFIXES):
        pytest.skip("no GCC for RISC-V: apt-get install gcc-riscv64-unknown-elf")


def physical_rows(model: IntegerMlp, rows: int, seed: int = 0) -> IntegerArray:
    """Integers in the units of the features, the corners first."""
    features = model.input_map.features
    lowest, highest = ([getattr(f, end) for f in features] for end in ("minimum", "maximum"))
    random = np.random.default_rng(seed).integers(lowest, np.add(highest, 1), (rows, len(features)))
    return np.array([lowest, highest, *random[2:]])


def build_session(
    core: str,
    attachment: str,
    simulator: Simulator,
    folder: Path,
    case: tuple[tuple[int, ...], list[tuple[int, int]]] = SMALL,
    maps_inputs: bool = False,
    **engine: Any,
) -> SocSession:
    need_core(core)
    sizes, foldings = case
    model = pulse_model(sizes)
    folded = fold_model(model, foldings, **engine)
    return SocSession.build(
        model, folded, CORES[core], attachment, simulator, folder, maps_inputs=maps_inputs
    )


def curves_of(physical: IntegerArray) -> list[Curve]:
    return [Curve(physical[0], 0, 99), Curve(physical[1], 7, 7), Curve(physical[-1], 3, 40)]


def exits_well(session: SocSession, program: str, rows: int, **parts: Any) -> dict[str, Any]:
    """What a program measured that ended with 0."""
    physical = physical_rows(session.model, rows)
    run = session.run(program, physical, curves_of(physical), **parts)
    assert run.exit_code == 0, run.log.read_text()[-2000:]
    assert not run.failures
    return dict(run.measures)


def check_interrupts(session: SocSession, jobs: int) -> dict[str, Any]:
    """All that was asked for was delivered, once and right."""
    found = exits_well(session, "interrupts", 16, defines=[f"INTERRUPT_JOBS={jobs}u"])
    for name in ("jobs_by_handler", "jobs_by_sleep", "results_by_sleep"):
        asked = found[name]["asked"]
        assert asked >= jobs
        assert found[name] == {
            "asked": asked,
            "delivered": asked,
            "lost": 0,
            "mismatches": 0,
            "slept": found[name]["slept"],
        }
    assert found["refused_accesses"]["delivered"] == 1
    return found
