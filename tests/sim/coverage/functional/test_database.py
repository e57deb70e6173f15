# SPDX-License-Identifier: Apache-2.0
import asyncio
from pathlib import Path

import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.sim.coverage.functional.database import cover_point, kept_in, read_points


def test_points_of_simulations_are_added(tmp_path: Path) -> None:
    """Also a test that fails leaves what it reached, and what it had not is not lost."""

    async def passes(_: object) -> None:
        sample = cover_point("queue", ["a", "b, c"])
        for one in ("a", "a", "something else"):
            sample(one)

    async def fails(dut: object) -> None:
        await passes(dut)
        cover_point("jobs", ["x"])("x")
        raise AssertionError

    first, second, merged = (tmp_path / name for name in ("1.yml", "2.yml", "merged.yml"))
    asyncio.run(kept_in(first)(passes)(None))
    with pytest.raises(AssertionError):
        asyncio.run(kept_in(second)(fails)(None))
    assert read_points([first], merged) == {"queue": {"a": 2, "b, c": 0}}
    together = {"queue": {"a": 6, "b, c": 0}, "jobs": {"x": 1}}
    assert read_points([first, second], merged) == together


def test_bins_are_there_once() -> None:
    cover_point("twice", ["a", "a"])("a")
    assert cover_point("twice", ["a", "a"]) is not None


@pytest.mark.parametrize("text", [None, "", "[1, 2]", "functional: 3", "a: {'bins:_hits': {b: x}}"])
def test_what_no_simulation_left_is_refused(text: str | None, tmp_path: Path) -> None:
    file = tmp_path / "functional.yml"
    if text is not None:
        file.write_text(text)
    with pytest.raises(PulsewrightError, match=r"functional\.yml: no functional coverage"):
        read_points([file], tmp_path / "merged.yml")
