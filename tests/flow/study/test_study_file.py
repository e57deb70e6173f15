# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest

from pulsewright.flow.study.study_file import load_study
from pulsewright.hls_model.errors import PulsewrightError

SHIPPED = sorted((Path(__file__).parents[3] / "recipes").glob("study_*.toml"))


def test_studies_are_shipped() -> None:
    names = {path.stem for path in SHIPPED}
    assert names >= {"study_a1", "study_first", "study_low_bits", "study_scales", "study_tiny"}


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_shipped_study_loads_and_is_named_after_its_file(path: Path) -> None:
    study = load_study(path)
    assert study.name == path.stem
    assert len(study.study().configurations()) >= 40


def test_the_study_in_the_documentation_loads(tmp_path: Path) -> None:
    text = (Path(__file__).parents[3] / "docs" / "studies.md").read_text(encoding="utf-8")
    path = tmp_path / "my_study.toml"
    path.write_text(text.split("```toml\n")[1].split("```")[0], encoding="utf-8")
    assert load_study(path).name == "my_study"


def test_a_missing_study(tmp_path: Path) -> None:
    with pytest.raises(PulsewrightError, match=r"cannot read study .*`pulsewright recipes` lists"):
        load_study(tmp_path / "none.toml")
