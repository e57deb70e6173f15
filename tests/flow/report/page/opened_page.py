# SPDX-License-Identifier: Apache-2.0
"""A page in Chromium: opened from disk without a network, and what it is asked there."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib import image

import tools.report_picture
from tools.report_picture import HEIGHT, MILLISECONDS, WIDTH
from tools.report_picture import chromium as chromium_path

CHROMIUM = chromium_path()
MOST_BYTES = 6_000_000
PICTURE = WIDTH, HEIGHT
# Of text and plots; a page that is not drawn has a few.
LEAST_COLOURS = 100
# Milliseconds until something of the page is seen.
LONGEST_UNTIL_SEEN = 2000
IN_CHROMIUM = [
    pytest.mark.regression,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium (apt-get install chromium)"),
]


class OpenPage:
    """A page from disk, without a network, and what it complained of."""

    def __init__(self, browser: Any, path: Path, **options: Any) -> None:
        self.path = path
        self.complaints: list[str] = []
        self.asked: list[str] = []
        # One page at a time: those of finished tests would take their part of the processor.
        for context in browser.contexts:
            context.close()
        self.page = browser.new_context(offline=True, **options).new_page()
        self.page.set_default_timeout(MILLISECONDS)
        self.page.on(
            "console",
            lambda one: self.complaints.append(one.text) if one.type != "log" else None,
        )
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto(path.as_uri())
        self.page.wait_for_function("document.querySelectorAll('.plot .main-svg').length > 0")

    @property
    def plots_without_a_trace(self) -> list[str]:
        """Of which the axes alone are drawn."""
        found = self.page.evaluate(
            "[...document.querySelectorAll('.plot')].map((plot) =>"
            " [plot.id, plot.querySelectorAll("
            "'.scatterlayer .trace, .barlayer .trace, .boxlayer .trace').length])"
        )
        return [name for name, traces in found if not traces]

    def check(self) -> None:
        """Small, whole, content, and for everybody."""
        assert self.path.stat().st_size < MOST_BYTES
        assert self.plots_without_a_trace == []
        assert self.complaints == []
        assert self.asked == [self.path.as_uri()]
        assert serious_faults(self.page) == []

    def reached_by_tab(self, most: int) -> set[str]:
        """Ids of what the Tab key reaches from here, in so many strokes."""
        reached = set()
        for _ in range(most):
            self.page.keyboard.press("Tab")
            reached.add(self.page.evaluate("document.activeElement.id"))
        return reached


def pictured(report: Path, picture: Path, *plot: str) -> tuple[int, int, int]:
    """Width and height of the picture that docs would show, and how many colours it has."""
    # In a process of its own: one browser that waits is enough for one.
    command = [sys.executable, tools.report_picture.__file__, str(report), str(picture)]
    subprocess.run([*command, *plot], check=True)
    pixels = np.round(255 * image.imread(picture)[:, :, :3]).astype(int)
    height, width, _ = pixels.shape
    return width, height, len(np.unique(pixels.reshape(-1, 3), axis=0))


def serious_faults(page: Any) -> list[str]:
    """Rules of axe-core that are broken seriously, with the first place of each."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:200]}"
        for one in found
        if one["impact"] in {"serious", "critical"}
    ]


def first_paint(browser: Any, path: Path) -> float:
    """Milliseconds until the first contents are painted, the least of three times."""
    times = []
    for _ in range(3):
        opened = OpenPage(browser, path)
        times.append(
            opened.page.evaluate(
                "performance.getEntriesByName('first-contentful-paint')[0].startTime"
            )
        )
    return float(min(times))
