# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest

from pulsewright.flow.build_folder import BuildFolder
from pulsewright.hls_model.errors import PulsewrightError


@pytest.mark.parametrize("place", ["soc", "sim/icarus/build", "rtl/package/doc", "report.json"])
@pytest.mark.parametrize("target", ["precious", "nothing"])
def test_a_link_that_leads_out_is_refused(place: str, target: str, tmp_path: Path) -> None:
    (tmp_path / "precious").mkdir()
    link = tmp_path / "build" / "x" / place
    link.parent.mkdir(parents=True)
    link.symlink_to(tmp_path / target)
    with pytest.raises(PulsewrightError) as caught:
        BuildFolder(tmp_path / "build", "x")
    assert f"the build folder holds the link {link} to {tmp_path / target}" in str(caught.value)
    assert list((tmp_path / "precious").iterdir()) == []


def test_so_is_a_folder_that_is_a_link_itself(tmp_path: Path) -> None:
    (tmp_path / "precious").mkdir()
    (tmp_path / "build").mkdir()
    (tmp_path / "build" / "x").symlink_to(tmp_path / "precious")
    with pytest.raises(PulsewrightError, match=r"is a link to .*precious; remove it"):
        BuildFolder(tmp_path / "build", "x")
    assert list((tmp_path / "precious").iterdir()) == []


def test_links_inside_and_a_linked_place_of_all_builds_are_taken(tmp_path: Path) -> None:
    (tmp_path / "scratch" / "x").mkdir(parents=True)
    (tmp_path / "scratch" / "x" / "file").write_text("")
    (tmp_path / "scratch" / "x" / "link").symlink_to("file")
    (tmp_path / "build").symlink_to(tmp_path / "scratch")
    assert BuildFolder(tmp_path / "build", "x").path == tmp_path / "build" / "x"


def test_links_in_a_circle_end(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "a").symlink_to("b")
    (tmp_path / "x" / "b").symlink_to("a")
    assert BuildFolder(tmp_path, "x").path == tmp_path / "x"
