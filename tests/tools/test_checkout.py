# SPDX-License-Identifier: Apache-2.0
"""What git makes of the repository on machines that are set up otherwise."""

import shutil
import subprocess
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(
    shutil.which("git") is None or not (REPOSITORY / ".git").exists(), reason="no git repository"
)


def git(folder: Path, *arguments: str) -> str:
    command = ["git", "-c", "safe.directory=*", *arguments]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    return run.stdout


def clone(folder: Path, setting: str) -> Path:
    git(folder, "clone", "-q", "--config", setting, str(REPOSITORY), "clone")
    return folder / "clone"


def test_a_checkout_with_windows_line_ends_has_none(tmp_path: Path) -> None:
    listed = git(clone(tmp_path, "core.autocrlf=true"), "ls-files", "--eol").splitlines()
    ends = {tuple(line.split()[:2]) for line in listed}
    assert ends <= {("i/lf", "w/lf"), ("i/-text", "w/-text"), ("i/none", "w/none"), ("i/", "w/")}


def test_without_symbolic_links_setup_says_so_and_the_remedy_works(tmp_path: Path) -> None:
    checkout = clone(tmp_path, "core.symlinks=false")
    setup = ["sh", "tools/setup.sh"]
    run = subprocess.run(setup, cwd=checkout, capture_output=True, text=True, check=False)
    assert run.returncode == 2
    assert not (checkout / ".venv").exists()
    (sentence,) = run.stderr.splitlines()
    _, _, remedy = sentence.partition("; call ")
    commands, _, _ = remedy.partition(", on a file system")
    subprocess.run(["sh", "-c", commands], cwd=checkout, check=True)
    assert (checkout / "src" / "pulsewright" / "flow" / "__init__.py").exists()
