# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest
from rich.console import Console

from pulsewright.flow.recipe import load_recipe
from pulsewright.flow.steps import demonstrator as step
from pulsewright.flow.workspace import Options, Workspace
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.sim.soc.cores import CORES

RECIPE = """
name = "by_rows"
[data]
split = "rows"
[network]
hidden = [4]
[[folding]]
pe = 4
simd = 3
[[folding]]
pe = 1
simd = 2
"""


def test_a_split_by_rows_is_refused_before_anything_is_trained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "recipe.toml"
    path.write_text(RECIPE)
    workspace = Workspace(load_recipe(path), tmp_path / "build", Options(tmp_path), Console())
    core = CORES["ibex"]._replace(sources=lambda: None)  # type: ignore[arg-type,return-value]
    monkeypatch.setattr(step, "cross_prefix", lambda: "riscv64-unknown-elf-")
    with pytest.raises(PulsewrightError, match=r"recipe 'by_rows' .*set data\.split"):
        step.check_demonstrator(workspace, core)
    assert not workspace.dataset.exists()
