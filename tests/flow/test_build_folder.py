# SPDX-License-Identifier: Apache-2.0
import json
from pathlib import Path

import pytest

from pulsewright.flow.build_folder import BuildFolder, file_digest
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.files.atomic_write import write_folder
from pulsewright.hls_model.files.checksums import with_checksums


class Counter:
    def __init__(self, target: Path, text: str = "made") -> None:
        self.target, self.text, self.calls = target, text, 0

    def __call__(self) -> None:
        self.calls += 1
        self.target.write_text(self.text)


@pytest.fixture
def folder(tmp_path: Path) -> BuildFolder:
    return BuildFolder(tmp_path / "build", "net")


def test_a_step_runs_once_for_the_same_inputs(folder: BuildFolder) -> None:
    work = Counter(folder / "out")
    assert folder.run_step("step", {"a": 1}, [folder / "out"], work)
    assert not folder.run_step("step", {"a": 1}, [folder / "out"], work)
    assert work.calls == 1


def test_a_step_runs_again_when_an_input_changes_and_when_it_changes_back(
    folder: BuildFolder,
) -> None:
    work = Counter(folder / "out")
    for value in (1, 2, 1):
        assert folder.run_step("step", {"a": value}, [folder / "out"], work)
    assert work.calls == 3


@pytest.mark.parametrize("damage", ["edit", "delete", "break the stamp"])
def test_a_damaged_artefact_or_stamp_is_made_again(folder: BuildFolder, damage: str) -> None:
    work = Counter(folder / "out")
    folder.run_step("step", {}, [folder / "out"], work)
    if damage == "edit":
        (folder / "out").write_text("half")
    elif damage == "delete":
        (folder / "out").unlink()
    else:
        (folder.path / ".stamps" / "step.json").write_text("{")
    assert folder.run_step("step", {}, [folder / "out"], work)
    assert (folder / "out").read_text() == "made"


def test_a_step_that_fails_is_not_done_and_leaves_the_earlier_artefact(folder: BuildFolder) -> None:
    work = Counter(folder / "out")
    folder.run_step("step", {"a": 1}, [folder / "out"], work)

    def fail() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        folder.run_step("step", {"a": 2}, [folder / "out"], fail)
    assert (folder / "out").read_text() == "made"
    assert folder.run_step("step", {"a": 2}, [folder / "out"], work)


def test_a_step_whose_output_does_not_appear_is_never_done(folder: BuildFolder) -> None:
    calls = []
    for _ in range(2):
        folder.run_step("step", {}, [folder / "never"], lambda: calls.append(1))
    assert len(calls) == 2


def test_a_build_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(PulsewrightError, match=r"cannot make the build folder .*--build"):
        BuildFolder(tmp_path / "file", "net")


def test_digests_tell_contents_apart(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("1")
    (tmp_path / "b").write_text("2")
    assert file_digest(tmp_path / "a") != file_digest(tmp_path / "b")
    assert file_digest(tmp_path / "none") == "absent"


def test_a_folder_is_as_good_as_its_checksums(tmp_path: Path) -> None:
    made = tmp_path / "made"
    write_folder(made, with_checksums({"a": b"1"}))
    whole = file_digest(made)
    assert whole == file_digest(made / "SHA256SUMS")
    (made / "a").write_text("2")
    assert file_digest(made) == "absent"


def test_what_a_step_makes_no_longer_is_removed(folder: BuildFolder, tmp_path: Path) -> None:
    for name in ("first", "second"):
        path = folder / name
        folder.run_step("step", {"name": name}, [path], Counter(path))
    assert not (folder / "first").exists()
    assert (folder / "second").exists()


@pytest.mark.parametrize(
    "name", ["../../kept", "link", "folder", "second", "a\0b", "\ud800", "a" * 5000, "round/x"]
)
def test_a_stamp_of_anothers_making_removes_nothing_else(
    folder: BuildFolder, tmp_path: Path, name: str
) -> None:
    kept = tmp_path / "kept"
    kept.write_text("a user's own file")
    (folder / "link").symlink_to(kept)
    (folder / "folder").mkdir()
    (folder / "round").symlink_to(folder / "round")
    stamp = {"made_from": "x", "outputs": {name: "x", str(kept): "x"}}
    (folder.path / ".stamps" / "step.json").write_text(json.dumps(stamp))
    path = folder / "second"
    folder.run_step("step", {}, [path], Counter(path))
    assert kept.read_text() == "a user's own file"
    assert (folder / "folder").is_dir()
    assert path.exists()


@pytest.mark.parametrize("text", ["[]", "{}", "1", '{"outputs": 3}', "[" * 100_000, "\0"])
def test_a_stamp_that_is_none_repeats_the_step(folder: BuildFolder, text: str) -> None:
    (folder.path / ".stamps" / "step.json").write_text(text)
    path = folder / "out"
    assert folder.run_step("step", {}, [path], Counter(path))
    assert not folder.run_step("step", {}, [path], Counter(path))
