# SPDX-License-Identifier: Apache-2.0
"""Writes a picture of a report, as Chromium shows it: report_picture.py report.html picture.png.

A third word names one plot of it, which is pictured alone.
"""

import os
import shutil
import sys
from pathlib import Path

WIDTH, HEIGHT = 1100, 1340
MILLISECONDS = 180_000


def chromium() -> str | None:
    """Path of the browser, if there is one."""
    found = map(shutil.which, ("chromium", "chromium-browser"))
    return next(filter(None, found), None)


def launch_arguments() -> list[str]:
    """A container's root has no sandbox to give."""
    return ["--no-sandbox"] if os.geteuid() == 0 else []


def take_picture(report: Path, picture: Path, plot: str | None = None) -> None:
    """Of the upper part of the page, or of one plot with its caption; its light theme, as PNG.

    Raises:
        ValueError: the page has no plot of that name.
    """
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=chromium(), args=launch_arguments())
        page = browser.new_page(
            viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light", offline=True
        )
        # Of a busy machine.
        page.set_default_timeout(MILLISECONDS)
        page.goto(report.resolve().as_uri())
        page.wait_for_function("document.querySelectorAll('.plot .main-svg').length > 0")
        if plot is None:
            page.screenshot(path=picture)
        else:
            figures = page.locator("figure", has=page.locator(f"[id='plot-{plot}']"))
            if not figures.count():
                names = page.locator(".plot").evaluate_all("all => all.map((one) => one.id)")
                known = ", ".join(name.removeprefix("plot-") for name in names)
                raise ValueError(f"{report} has no plot {plot}; choose one of {known}")
            figures.screenshot(path=picture)
        browser.close()


if __name__ == "__main__":
    try:
        take_picture(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:4])
    except ValueError as error:
        print(f"report_picture: {error}", file=sys.stderr)
        sys.exit(2)
