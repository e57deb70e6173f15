# SPDX-License-Identifier: Apache-2.0
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from pulsewright.flow.report.page.page import render
from pulsewright.flow.report.page.page_section import Fact, PageSection, TextBlock

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(1)> <!-- & \" '"


class Elements(HTMLParser):
    """Elements with their attributes, and the text of those that hold data."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.data: dict[str, str] = {}
        self._inside = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        self._inside = dict(attrs).get("id") or ""

    def handle_data(self, data: str) -> None:
        self.data[self._inside] = self.data.get(self._inside, "") + data

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""


def page(**given: Any) -> str:
    names: dict[str, Any] = {
        "name": HOSTILE,
        "summary": HOSTILE,
        "built": [Fact(HOSTILE, HOSTILE)],
        "sections": [("built", HOSTILE)],
        "parts": [PageSection("again", HOSTILE, HOSTILE, texts=[TextBlock(HOSTILE, HOSTILE)])],
        "data": {"figures": [], "text": HOSTILE},
        "curves": 2,
        "sliders": [{"name": HOSTILE, "unit": HOSTILE, "minimum": 0, "maximum": 9, "value": 3}],
        "has_network": True,
        "inputs": 1,
        "code_range": HOSTILE,
        "example_codes": "0",
    }
    return render(**names | given)


def test_what_others_wrote_stays_text() -> None:
    for curves in (0, 2):
        elements = Elements(page(curves=curves))
        scripts = [attributes for tag, attributes in elements.found if tag == "script"]
        assert [one.get("type") for one in scripts] == ["application/json", None, None]
        assert [tag for tag, _ in elements.found if tag == "img"] == []
        assert json.loads(elements.data["data"])["text"] == HOSTILE
        assert not [name for _, one in elements.found for name in one if name.startswith("on")]


def test_a_run_leaves_a_page_of_its_own(finished: Path) -> None:
    text = (finished / "build" / "tiny" / "report.html").read_text(encoding="utf-8")
    elements = Elements(text)
    sections = [one["id"] for tag, one in elements.found if tag == "section"]
    assert sections == [
        *("built", "curves", "explorer", "accuracy", "proof", "timing", "energy", "again")
    ]
    links = [one["href"] for tag, one in elements.found if tag == "a"]
    assert {f"#{section}" for section in sections} <= set(links)
    data = json.loads(elements.data["data"])
    assert {f"plot-{one['name']}" for one in data["figures"]} <= {
        one.get("id") for _, one in elements.found
    }
    # Nothing is fetched when it is opened.
    assert not [one for _, one in elements.found if "src" in one]
    assert not re.findall(r"@import|url\(", text[: text.index("</style>")])
    report = json.loads((finished / "build" / "tiny" / "report.json").read_text(encoding="utf-8"))
    assert report["model"]["digest"] in text
