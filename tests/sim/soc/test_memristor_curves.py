# SPDX-License-Identifier: Apache-2.0
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.sim.soc.memristor_curves import draw_memristors

# Five sets of parameters; the third has been measured most.
SETS = [0, 0, 1, 2, 2, 2, 2, 3, 3, 4]


def arrays() -> dict[str, Any]:
    physical = np.array([[2000 + s, -100 * s, 10 + s, 20, 30] for s in SETS])
    random = np.random.default_rng(0)
    currents = 1e-6 * (np.log1p(np.arange(30)) + random.normal(0, 0.2, (len(SETS), 30)))
    return {"physical": physical, "currents": currents, "usable": np.arange(10), "frac": 12}


def sets_of(curves: IntegerArray) -> IntegerArray:
    return np.array(SETS)[curves]


def test_currents_span_the_full_scale_and_states_never_fall() -> None:
    devices = draw_memristors(**arrays(), devices=20, candidates=3)
    assert (devices.devices, devices.candidates, devices.pulses) == (20, 3, 30)
    assert (devices.reads.min(axis=2) == 0).all()
    assert (devices.reads.max(axis=2) == 4096).all()
    assert (np.diff(devices.states, axis=2) >= 0).all()
    assert (np.diff(devices.reads, axis=2) < 0).any()
    assert (devices.states.sum(axis=2) - devices.reads.sum(axis=2) < 30).all()


def test_candidates_are_of_different_sets_the_first_of_the_most_measured() -> None:
    devices = draw_memristors(**arrays(), devices=40, candidates=4)
    sets = sets_of(devices.curves)
    assert (sets[:, 0] == 2).all()
    assert all(len(set(row)) == 4 for row in sets.tolist())
    assert (devices.parameters[:, :, 0] == 2000 + sets).all()
    # 40 devices take the four curves of candidate 0 ten times each, the six others 20 times or so.
    used = np.bincount(devices.curves.reshape(-1))
    assert used[3:7].tolist() == [10] * 4
    assert used[[0, 1, 2, 7, 8, 9]].sum() == 120
    assert used.max() <= 40


def test_only_usable_curves_are_taken() -> None:
    usable = np.array([1, 2, 4, 7])
    parts = arrays() | {"usable": usable}
    devices = draw_memristors(**parts, devices=9, candidates=2, seed=3)
    assert set(devices.curves.reshape(-1).tolist()) <= set(usable.tolist())


def test_the_same_seed_gives_the_same_devices() -> None:
    first, again, other = (draw_memristors(**arrays(), devices=9, seed=s) for s in (1, 1, 2))
    assert (first.image() == again.image()).all()
    assert (first.curves != other.curves).any()


def test_the_image_is_laid_out_as_the_peripheral_reads_it(tmp_path: Path) -> None:
    devices = draw_memristors(**arrays(), devices=5, candidates=3)
    devices.save(tmp_path / "memristor.hex")
    words = [int(line, 16) for line in (tmp_path / "memristor.hex").read_text().split()]
    assert words[:8] == [0x4D454D52, 5, 3, 30, 12, 0, 0, 0]
    assert len(words) == devices.words == 8 + 15 * 256
    block = words[8 + (4 * 3 + 2) * 256 :][:256]
    assert block[:30] == devices.reads[4, 2].tolist()
    assert block[128:158] == devices.states[4, 2].tolist()
    signed = [word - (word >> 31 << 32) for word in block[120:125]]
    assert signed == devices.parameters[4, 2].tolist()
    assert signed[1] <= 0
    assert sum(block[30:120] + block[125:128] + block[158:]) == 0


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"devices": 0}, "0 devices; choose 1 to 4096"),
        ({"devices": 4097}, "4097 devices; choose 1 to 4096"),
        ({"candidates": 33}, "33 candidates; choose 1 to 32"),
        ({"candidates": 6}, "10 usable curves are of 5 parameter sets, 6 candidates want"),
        ({"frac": 29}, "29 fractional bits; choose 0 to 28"),
        ({"frac": -1}, "-1 fractional bits; choose 0 to 28"),
        ({"seed": -1}, "seed is -1; choose 0 or more"),
        ({"usable": np.array([], dtype=int)}, r"usable curves \[\]; name at least one of 0 to 9"),
        ({"usable": np.array([3, 10])}, r"usable curves \[3, 10\]; name at least one of 0 to 9"),
        ({"physical": np.zeros((10, 4), dtype=int)}, r"must be \(curves, 5\), got \(10, 4\)"),
        ({"currents": np.ones((9, 30))}, r"must be \(10, pulses\), got \(9, 30\)"),
        ({"currents": np.ones((10, 121))}, "curves of 121 pulses; a simulated device takes 2 to"),
        ({"currents": np.ones((10, 30))}, "the same one at every pulse; remove that curve"),
        ({"currents": np.full((10, 30), np.nan)}, "not finite, or the same one at every pulse"),
    ],
)
def test_what_makes_no_devices_is_refused(fields: dict[str, Any], sentence: str) -> None:
    parts = arrays() | {"devices": 8, "candidates": 3}
    with pytest.raises(PulsewrightError, match=sentence):
        draw_memristors(**(parts | fields))
