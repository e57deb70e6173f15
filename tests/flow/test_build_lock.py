# SPDX-License-Identifier: Apache-2.0
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from pulsewright.flow.build_lock import locked
from pulsewright.hls_model.errors import PulsewrightError
from tests.flow.conftest import invoke
from tests.flow.test_order import model_recipe

REPOSITORY = Path(__file__).parents[2]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(REPOSITORY / "src")}
HOLD = """
import sys
from pathlib import Path
from pulsewright.flow.build_lock import locked

with locked(Path(sys.argv[1]), True, print):
    Path(sys.argv[1], ".half.part").write_text("half")
    print("have it", flush=True)
    sys.stdin.read()
"""


class Other:
    """Another process that has the folder until it is told to end."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", HOLD, str(folder)],
            env=ENVIRONMENT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == "have it\n"

    def end(self) -> None:
        self.process.communicate(timeout=60)

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(timeout=60)


def refuse(sentence: str) -> None:
    raise AssertionError(sentence)


def test_a_folder_is_had_by_one_process_at_a_time(tmp_path: Path) -> None:
    folder = tmp_path / "build" / "net"
    other = Other(folder)
    with (
        pytest.raises(PulsewrightError) as caught,
        locked(folder, wait=False, say=refuse),
    ):
        pass
    said = str(caught.value)
    assert f"{folder} is being written by `pulsewright" in said
    assert f"(process {other.process.pid} on {socket.gethostname()}, since 2" in said
    assert said.endswith("; wait for it, or choose another folder with --build")
    assert (folder / ".half.part").exists(), "what the other writes is not touched"
    told: list[str] = []

    def say(sentence: str) -> None:
        told.append(sentence)
        other.end()

    with locked(folder, wait=True, say=say):
        assert other.process.returncode == 0
    assert len(told) == 1
    assert told[0].startswith(f"waiting: {folder} is being written by `pulsewright")
    with locked(folder, wait=False, say=refuse):
        pass


def test_what_a_killed_process_left_is_removed_and_nothing_else(tmp_path: Path) -> None:
    folder = tmp_path / "net"
    other = Other(folder)
    other.kill()
    (folder / "rtl" / ".package.x.part" / "new").mkdir(parents=True)
    (folder / "rtl" / ".package.x.part" / "new" / "file").touch()
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "file").touch()
    (folder / ".link.part").symlink_to(kept)
    for name in ("notes.part", ".notes"):
        (folder / name).touch()
    with locked(folder, wait=False, say=refuse):
        assert (folder / ".holder.json").exists()
        left = {path.name for path in folder.rglob("*")}
        assert left == {".lock", ".holder.json", "rtl", "notes.part", ".notes"}
    assert not (folder / ".holder.json").exists()
    assert (kept / "file").exists()


@pytest.mark.parametrize("text", ["", "{}", "[" * 100_000, '{"host": "' + "x" * 20_000])
def test_a_note_that_tells_nothing_is_another_command(tmp_path: Path, text: str) -> None:
    other = Other(tmp_path)
    (tmp_path / ".holder.json").write_text(text)
    with (
        pytest.raises(PulsewrightError, match="is being written by another command; wait"),
        locked(tmp_path, wait=False, say=refuse),
    ):
        pass
    other.end()


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with (
        pytest.raises(PulsewrightError, match=r"cannot make the build folder .*--build"),
        locked(tmp_path / "file" / "net", wait=True, say=refuse),
    ):
        pass
    (tmp_path / "net" / ".lock").mkdir(parents=True)
    with (
        pytest.raises(PulsewrightError, match=r"cannot lock the build folder .*--build"),
        locked(tmp_path / "net", wait=True, say=refuse),
    ):
        pass


@pytest.mark.parametrize(
    ("command", "folder"),
    [
        (("report", "given.toml"), "given"),
        (("energy", "given.toml"), "given"),
        (("hls", "given.toml"), "given"),
        (("soc", "given.toml"), "given"),
        (("reproduce", "--curves", "synthetic"), "reproduce_synthetic"),
    ],
)
def test_every_command_that_has_a_folder_can_refuse_to_wait(
    tmp_path: Path, command: tuple[str, ...], folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    model_recipe(tmp_path)
    monkeypatch.chdir(tmp_path)
    other = Other(tmp_path / "build" / folder)
    result = invoke(*command, "--build", "build", "--no-wait")
    other.end()
    assert result.exit_code == 2, result.output
    assert f"build/{folder} is being written by `pulsewright" in " ".join(result.output.split())


def started(folder: Path, recipe: str, command: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "pulsewright.flow.cli", command, recipe, "--build", "build"],
        cwd=folder,
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.regression
def test_two_commands_at_once_do_not_mix(tmp_path: Path) -> None:
    """Two recipes of one name in one folder: each shows its own rows."""
    recipe = model_recipe(tmp_path)
    (tmp_path / "other.toml").write_text(recipe.read_text().replace("rows = 40", "rows = 60"))
    both = [started(tmp_path, name, "hls") for name in ("given.toml", "other.toml")]
    ended = [process.communicate(timeout=600) for process in both]
    assert [process.returncode for process in both] == [0, 0], ended
    for (said, _), rows in zip(ended, (40, 60), strict=True):
        assert f"{rows} rows, 0 mismatches (" in said
        assert f"hls       {rows} rows in the emulator, 0 mismatches" in said
    waited = [error for _, error in ended if "waiting: build/given is being written by" in error]
    assert len(waited) == 1
