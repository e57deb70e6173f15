# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

from pulsewright.flow.explain.pages import recipe_page, report_page

DOCS = Path(__file__).parents[3] / "docs"


def test_the_pages_are_those_of_the_models() -> None:
    for name, page in (("recipe-keys.md", recipe_page()), ("report-fields.md", report_page())):
        assert (DOCS / name).read_text(encoding="utf-8") == page, "run `make reference`"


def test_rows_have_as_many_cells_as_their_tables() -> None:
    for page in (recipe_page(), report_page()):
        table = [line for line in page.splitlines() if line.startswith("|")]
        cells = {line.replace("\\|", "").count("|") for line in table}
        assert len(cells) == 1
