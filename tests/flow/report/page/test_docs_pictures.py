# SPDX-License-Identifier: Apache-2.0
"""Pictures of pages in docs/: what their captions tell to type makes them.

`make pictures` runs this and puts the pictures where the docs show them.
"""

import os
import re
import shutil
import subprocess
import sys
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.flow.report.page.opened_page import IN_CHROMIUM, LEAST_COLOURS, OpenPage, pictured
from tests.test_documentation import DOCS, IMAGE, REPOSITORY

# Pages whose commands follow one another.
GROUPS = (("tutorial.md",), ("studies.md", "synthesis.md"), ("closed-loop.md",))
NEED_CURVES = ("closed-loop.md",)
COMMAND = re.compile(r"`(pulsewright [^`]+)`")
PICTURE = re.compile(r"`tools/report_picture\.py (\S+) (docs/images/\S+\.png)(?: ([\w-]+))?`")


class Shown(NamedTuple):
    """commands: that make the report. plot: of it, or nothing for its upper part."""

    commands: list[str]
    report: str
    picture: str
    plot: str


def shown(page: str) -> list[Shown]:
    """What the captions of a page say of its pictures of reports."""
    text = (DOCS / page).read_text(encoding="utf-8")
    found = []
    for caption in IMAGE.findall(text):
        for report, picture, plot in PICTURE.findall(caption):
            found.append(Shown(COMMAND.findall(caption), report, picture, plot))
    return found


def check_report(chromium: Any, path: Path) -> None:
    """In both themes."""
    for scheme in ("light", "dark"):
        OpenPage(chromium, path, color_scheme=scheme).check()


def type_command(command: str, folder: Path) -> None:
    programs = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    run = subprocess.run(
        ["sh", "-c", command],
        cwd=folder,
        env={**os.environ, "PATH": programs},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_every_picture_of_a_report_is_made_here() -> None:
    told = {page.name: shown(page.name) for page in DOCS.glob("*.md")}
    assert sorted(page for page, pictures in told.items() if pictures) == sorted(chain(*GROUPS))
    for picture in chain(*told.values()):
        assert picture.commands, picture
        assert (REPOSITORY / picture.picture).exists()
    used = set(re.findall(r"images/(report\w*\.png)", "".join(map(str, told.values()))))
    assert {path.name for path in (DOCS / "images").glob("report*.png")} == used


class TestInChromium:
    pytestmark = IN_CHROMIUM

    @pytest.mark.parametrize("pages", GROUPS, ids=lambda pages: pages[-1])
    def test_a_caption_makes_its_picture(
        self, chromium: Any, pages: tuple[str, ...], tmp_path: Path, request: pytest.FixtureRequest
    ) -> None:
        if set(pages) & set(NEED_CURVES) and "PULSEWRIGHT_DATA" not in os.environ:
            pytest.skip("PULSEWRIGHT_DATA names no folder of measured curves")
        shutil.copytree(REPOSITORY / "recipes", tmp_path / "recipes")
        typed: set[str] = set()
        for one in (one for page in pages for one in shown(page)):
            for command in one.commands:
                if command not in typed:
                    type_command(command, tmp_path)
                    typed.add(command)
            report, picture = tmp_path / one.report, tmp_path / Path(one.picture).name
            if not one.plot:
                check_report(chromium, report)
            *_, colours = pictured(report, picture, *filter(None, [one.plot]))
            assert colours > LEAST_COLOURS
            if request.config.getoption("--docs-pictures"):
                shutil.copyfile(picture, REPOSITORY / one.picture)
