# SPDX-License-Identifier: Apache-2.0
from dataclasses import replace
from pathlib import Path

import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.synth.cells.technology import OSU018, SG13G2, SLOW, TYPICAL


def kit(folder: Path) -> Path:
    folder.mkdir(parents=True)
    for name in SG13G2.files.values():
        (folder / name).write_text("library (a) { }")
    return folder


@pytest.fixture(autouse=True)
def _no_kits(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PULSEWRIGHT_PDK", "PDK_ROOT"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    "place", ["", "libs.ref/sg13g2_stdcell/lib", "ihp-sg13g2/libs.ref/sg13g2_stdcell/lib"]
)
def test_a_kit_is_found_as_it_is_laid_out(place: str, tmp_path: Path) -> None:
    folder = kit(tmp_path / "root" / place)
    found = SG13G2.find(tmp_path / "root")
    assert found.corners[TYPICAL].resolve().parent == folder.resolve()
    assert set(found.corners) == {TYPICAL, SLOW}
    assert found.driving_cell == "sg13g2_buf_2"


def test_what_is_named_counts_before_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "root"
    kit(root / "ihp-sg13g2" / "libs.ref" / "sg13g2_stdcell" / "lib")
    monkeypatch.setenv("PDK_ROOT", str(root))
    assert root in SG13G2.find(None).corners[TYPICAL].parents
    with pytest.raises(PulsewrightError, match=r"are not in --pdk '.*other'; give --pdk FOLDER"):
        SG13G2.find(tmp_path / "other")
    monkeypatch.setenv("PULSEWRIGHT_PDK", str(kit(tmp_path / "tested")))
    assert tmp_path / "tested" in SG13G2.find(None).corners[TYPICAL].parents


def test_what_is_missing_is_told_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(PulsewrightError, match="are not in PDK_ROOT, which is not set"):
        SG13G2.find(None)
    elsewhere = replace(OSU018, standard_folder=tmp_path)
    with pytest.raises(PulsewrightError, match="apt-get install qflow-tech-osu018"):
        elsewhere.find(None)
