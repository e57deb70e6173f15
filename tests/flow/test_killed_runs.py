# SPDX-License-Identifier: Apache-2.0
"""Two hundred kills at random moments: every artefact is whole, or is not there."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.flow.forked_runs import ERRORS
from tests.flow.test_stopped_runs import PARTS, REPOSITORY, delivered, remove, working_in

SEEDS, KILLS = 4, 50
SECONDS_TO_END = 10.0


class ForkedRuns:
    """Runs one after the other, each in a fork."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def run(self, folder: Path, killed_after: float | None = None) -> int:
        """The exit code, or -9; a run is killed unless it has ended by then."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{folder}\n")
        self._process.stdin.flush()
        number = int(self._process.stdout.readline())
        if killed_after is not None:
            time.sleep(killed_after)
            # It may have ended by itself; its number is not given again so soon.
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        return os.waitstatus_to_exitcode(int(self._process.stdout.readline()))


@pytest.fixture
def forked_runs() -> Iterator[ForkedRuns]:
    with subprocess.Popen(
        [sys.executable, "-m", "tests.flow.forked_runs"],
        cwd=REPOSITORY,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield ForkedRuns(process)


def torn(folder: Path, whole: dict[str, bytes]) -> list[str]:
    """Artefacts in `folder` that are neither whole nor of the undisturbed run."""
    build = folder / "build"
    found = [
        name for name, data in whole.items()
        if (build / name).exists() and (build / name).read_bytes() != data
    ]  # fmt: skip
    for path in build.rglob("*.json"):
        try:
            json.loads(path.read_bytes())
        except ValueError:
            found.append(str(path.relative_to(build)))
    return found


def left_behind(folder: Path) -> list[str]:
    """Processes that still work there some time after a kill."""
    deadline = time.monotonic() + SECONDS_TO_END
    while working_in(folder) and time.monotonic() < deadline:
        time.sleep(0.05)
    return working_in(folder)


@pytest.mark.regression
@pytest.mark.parametrize("seed", range(SEEDS))
def test_fifty_kills_leave_whole_artefacts(
    seed: int, finished: Path, forked_runs: ForkedRuns, tmp_path: Path
) -> None:
    folder = tmp_path / "killed"
    shutil.copytree(finished, folder)
    whole = delivered(folder / "build")
    draw = random.Random(seed)
    killed = 0
    while killed < KILLS:
        # Everything anew, or what one tool makes: later ones are come to more often then.
        parts = PARTS[draw.randrange(len(PARTS))] if draw.random() < 0.7 else ("",)
        for part in parts:
            remove(folder / "build" / "tiny" / part)
        started = time.monotonic()
        code = forked_runs.run(folder, draw.uniform(0, 1) ** 2 * 8)
        errors = (folder / ERRORS).read_text(encoding="utf-8", errors="replace")
        what = f"seed {seed}, kill {killed}, after {time.monotonic() - started:.2f} s"
        assert code in (0, -signal.SIGKILL), f"{what}: {errors}"
        assert "Traceback" not in errors, f"{what}: {errors}"
        assert torn(folder, whole) == [], what
        assert left_behind(folder) == [], what
        killed += code == -signal.SIGKILL
    assert forked_runs.run(folder) == 0, (folder / ERRORS).read_text()
    assert delivered(folder / "build") == whole
    assert not list((folder / "build").rglob("*.part"))
