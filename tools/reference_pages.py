# SPDX-License-Identifier: Apache-2.0
"""Writes docs/recipe-keys.md and docs/report-fields.md from the models that check the files."""

from pathlib import Path

from pulsewright.flow.explain.pages import recipe_page, report_page

DOCS = Path(__file__).parents[1] / "docs"

if __name__ == "__main__":
    (DOCS / "recipe-keys.md").write_text(recipe_page(), encoding="utf-8")
    (DOCS / "report-fields.md").write_text(report_page(), encoding="utf-8")
