# SPDX-License-Identifier: Apache-2.0
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pulsewright.flow.commands import completion
from pulsewright.flow.exploration.engine_choice import parse_curves
from pulsewright.sim.soc.cores import known_core, known_core_attachment
from pulsewright.synth.boards.board import known_board
from pulsewright.synth.fpga.targets import FPGA_TARGETS

# As the console script does, under its name.
PROGRAM = "import sys; sys.argv = ['pulsewright']; from pulsewright.flow.cli import main; main()"


def completed(words: str) -> list[str]:
    """What bash offers for the last word."""
    variables = {
        "_PULSEWRIGHT_COMPLETE": "complete_bash",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split(" ")) - 1),
    }
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env=os.environ | variables,
        capture_output=True,
        text=True,
        check=True,
    )
    return run.stdout.split()


def test_the_shell_is_offered_values_and_commands() -> None:
    assert completed("pulsewright soc --core pi") == ["picorv32"]
    assert completed("pulsewright demon") == ["demonstrator"]


def test_files_of_the_kind_and_folders_are_offered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("b.toml", "a.toml", "c.csv", ".hidden.toml"):
        (tmp_path / name).touch()
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "d.toml").touch()
    assert completion.recipe_files("") == ["a.toml", "b.toml", "folder/"]
    assert completion.recipe_files("folder/") == ["folder/d.toml"]
    assert completion.recipe_files(f"{tmp_path}/b") == [f"{tmp_path}/b.toml"]
    assert completion.recipe_files(".h") == [".hidden.toml"]
    assert completion.recipe_files("none/") == []
    assert completion.curves_and_models("c") == ["c.csv"]


def test_what_is_offered_is_taken() -> None:
    for name in completion.cores(""):
        core = known_core(name)
        assert known_core_attachment(core, core.attachments[0]) in completion.core_attachments("")
    for name in completion.boards(""):
        assert known_board(name).name == name
    assert completion.targets("") == ["ecp5", "ice40", "xc7", "sg13g2", "osu018"]
    assert completion.cells("o") == ["osu018"]
    for target in FPGA_TARGETS.values():
        offered = completion.devices(target.devices[0].name)
        assert target.device(offered[0]) == target.devices[0]
    assert "a1_int8" in completion.shipped_names("a1")
    assert completion.energy_tables("horo") == ["horowitz_45nm"]


def test_what_can_be_explained_is_offered() -> None:
    assert completion.explained_names("engine.pi") == ["engine.pipeline"]
    assert "STATUS.BUSY" in completion.explained_names("STATUS.")
    assert completion.explained_names("rec")[0] == "recipe"


def test_lists_go_on_with_what_is_not_in_them() -> None:
    assert completion.pipelines("") == ["deep", "shallow"]
    assert completion.pipelines("deep,") == ["deep,shallow"]
    assert completion.pipelines("deep,s") == ["deep,shallow"]
    assert completion.weights("r") == ["reloadable"]
    for offered in completion.curves("inferences,"):
        assert parse_curves(offered) == ("inferences", "piecewise_linear")
