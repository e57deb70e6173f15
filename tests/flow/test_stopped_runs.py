# SPDX-License-Identifier: Apache-2.0
"""Runs that are stopped at any moment: nothing lives on, and the next run is as if undisturbed."""

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from pulsewright.hls_model.files.checksums import CHECKSUMS
from tests.flow.conftest import RECIPE, write_curves
from tests.heeded_signals import heed_signals

REPOSITORY = Path(__file__).resolve().parents[2]
# What is handed over, and what it was made from. Reports tell times and commands.
DELIVERED = ("model.json", "rtl/**/*", "hls/**/*")
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGKILL)
# What Torch logs of the machine when it is imported, such as a CUDA that it cannot use.
LOGGED = re.compile(r"^[IWE]\d{4} [\d:.]+ \d+ torch/\S+\] .*\n", re.MULTILINE)
SECONDS_TO_END = 5
STARTING_SECONDS = 0.4
MOMENTS = 60
# What a run has to make again, so that it soon comes to each tool.
PARTS = (
    ("sim/verilator",),
    ("hls", "emulator"),
    ("sim/icarus",),
    ("rtl",),
    ("float.pt", "qat.pt", "model.json"),
)


def start(folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "pulsewright.flow.entry", "run", "tiny.toml"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY / "src"), "PULSEWRIGHT_MARK": str(folder)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=heed_signals,
    )


def family(process: subprocess.Popen[str]) -> set[psutil.Process]:
    try:
        return set(psutil.Process(process.pid).children(recursive=True))
    except psutil.NoSuchProcess:
        return set()


def working_in(folder: Path) -> list[str]:
    """Living processes whose command or folder is in `folder`."""
    found = []
    for process in psutil.process_iter():
        try:
            words = " ".join([*process.cmdline(), process.cwd()])
            if str(folder) in words and process.status() != psutil.STATUS_ZOMBIE:
                found.append(f"{process.pid} {words}")
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return found


def delivered(build: Path) -> dict[str, bytes]:
    found = {}
    for pattern in DELIVERED:
        for path in sorted((build / "tiny").glob(pattern)):
            if path.is_file():
                found[str(path.relative_to(build))] = path.read_bytes()
    assert any(name.endswith(CHECKSUMS) for name in found)
    return found


def stop_after(folder: Path, seconds: float, how: signal.Signals) -> str | None:
    """What is wrong about how a run ends that gets a signal at that moment; None is right."""
    process = start(folder)
    end = time.monotonic() + seconds
    children: set[psutil.Process] = set()
    while time.monotonic() < end and process.poll() is None:
        children |= family(process)
        time.sleep(min(0.05, max(0.0, end - time.monotonic())))
    children |= family(process)
    process.send_signal(how)
    _, error = process.communicate()
    code = process.returncode
    # Until our first line runs the interpreter itself answers Ctrl-C, with a traceback of its own.
    ours = "pulsewright/flow/c" in error
    starting = how is signal.SIGINT and seconds < STARTING_SECONDS and not ours
    if how is signal.SIGKILL:
        right = code in (-how, 0)
    elif code == 128 + how:
        right = error.count("what is finished is kept") == 1 and "Traceback" not in error
    else:
        # While Python ends, signals do again what they did before it began.
        right = code == 0 or (code == -how and not LOGGED.sub("", error)) or starting
    if not right:
        return f"{how.name} at {seconds:.2f} s: exit code {code}, {error[-2000:]}"
    _, alive = psutil.wait_procs(list(children), timeout=SECONDS_TO_END)
    alive = [child for child in alive if child.status() != psutil.STATUS_ZOMBIE]
    orphans = [*map(str, alive), *working_in(folder)]
    if orphans:
        return f"{how.name} at {seconds:.2f} s: still there: {orphans}"
    return None


@pytest.mark.parametrize(
    "how",
    [
        signal.SIGKILL,
        pytest.param(signal.SIGINT, marks=pytest.mark.regression),
        pytest.param(signal.SIGTERM, marks=pytest.mark.regression),
    ],
)
def test_a_run_stopped_while_it_simulates_leaves_nothing_behind(
    how: signal.Signals, finished: Path, tmp_path: Path
) -> None:
    """A run from half-way on, with its simulator under way."""
    folder = tmp_path / "run"
    shutil.copytree(finished, folder)
    shutil.rmtree(folder / "build" / "tiny" / "sim")
    process = start(folder)
    children: set[psutil.Process] = set()
    while not any("vvp" in " ".join(child) for child in _commands(children)):
        assert process.poll() is None
        children = family(process)
        time.sleep(0.02)
    process.send_signal(how)
    _, error = process.communicate()
    assert process.returncode == (-how if how is signal.SIGKILL else 128 + how), error
    assert "Traceback" not in error
    _, alive = psutil.wait_procs(list(children), timeout=SECONDS_TO_END)
    assert [one for one in alive if one.status() != psutil.STATUS_ZOMBIE] == []
    assert working_in(folder) == []


def _commands(processes: set[psutil.Process]) -> list[list[str]]:
    found = []
    for process in processes:
        try:
            found.append(process.cmdline())
        except psutil.NoSuchProcess:
            continue
    return found


@pytest.mark.regression
def test_a_run_stopped_at_sixty_random_moments_ends_as_one_that_was_not(tmp_path: Path) -> None:
    """Verilator, make, compilers, Icarus, Yosys and training, as the moment may be."""
    undisturbed, folder = tmp_path / "undisturbed", tmp_path / "stopped"
    undisturbed.mkdir()
    write_curves(undisturbed / "curves.csv")
    recipe = RECIPE.replace('verilator = "off"', 'verilator = "all"')
    (undisturbed / "tiny.toml").write_text(recipe, encoding="utf-8")
    finish(undisturbed)
    shutil.copytree(undisturbed, folder)
    draw = random.Random(1)
    faults = []
    for i in range(MOMENTS):
        # What a run finds is what those before it left, less this.
        for part in PARTS[i % len(PARTS)] if i < MOMENTS - 6 else ("",):
            remove(folder / "build" / "tiny" / part)
        # Some in the first third of a second.
        seconds = (
            draw.uniform(0, STARTING_SECONDS) if i % 5 == 0 else draw.uniform(STARTING_SECONDS, 20)
        )
        faults.append(stop_after(folder, seconds, SIGNALS[i % len(SIGNALS)]))
        print(i, f"{seconds:.2f}", SIGNALS[i % len(SIGNALS)].name, faults[-1] or "right")
    assert [fault for fault in faults if fault] == []
    finish(folder)
    assert delivered(folder / "build") == delivered(undisturbed / "build")
    assert not list((folder / "build").rglob("*.part"))


def finish(folder: Path) -> None:
    process = start(folder)
    _, error = process.communicate()
    assert process.returncode == 0, error


def remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
