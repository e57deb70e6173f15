# SPDX-License-Identifier: Apache-2.0
"""Writes a picture of a report, as Chromium shows it: report_picture.py report.html picture.png."""

import os
import shutil
import sys
from pathlib import Path

WIDTH, HEIGHT = 1100, 1340


def chromium() -> str | None:
    """Path of the browser, if there is one."""
    found = map(shutil.which, ("chromium", "chromium-browser"))
    return next(filter(None, found), None)


def launch_arguments() -> list[str]:
    """A container's root has no sandbox to give."""
    return ["--no-sandbox"] if os.geteuid() == 0 else []


def take_picture(report: Path, picture: Path) -> None:
    """Of the upper part of the page, in its light theme, as PNG."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=chromium(), args=launch_arguments())
        page = browser.new_page(
            viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light", offline=True
        )
        page.goto(report.resolve().as_uri())
        page.wait_for_function("document.querySelectorAll('.plot .main-svg').length > 0")
        page.screenshot(path=picture)
        browser.close()


if __name__ == "__main__":
    take_picture(Path(sys.argv[1]), Path(sys.argv[2]))
