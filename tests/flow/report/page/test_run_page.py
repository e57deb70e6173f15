# SPDX-License-Identifier: Apache-2.0
import json
import re
from pathlib import Path
from typing import Any

from pulsewright.flow.report.page.page_section import Choice, Fact, PageSection, TextBlock
from pulsewright.flow.report.page.run_figures import spans_of
from pulsewright.flow.report.page.run_page import PROGRAM
from pulsewright.flow.report.page.template import render, results_page
from tests.flow.report.page.elements import Elements

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(1)> <!-- & \" '"


SECTION = PageSection(
    "again",
    HOSTILE,
    HOSTILE,
    texts=[TextBlock(HOSTILE, HOSTILE)],
    choice=Choice("recipe", HOSTILE, [TextBlock(HOSTILE, HOSTILE)]),
)


def page(data: dict[str, Any] | None = None, **given: Any) -> str:
    names: dict[str, Any] = {
        "name": HOSTILE,
        "summary": HOSTILE,
        "facts": [Fact(HOSTILE, HOSTILE)],
        "command": HOSTILE,
        "curves": 2,
        "sliders": [{"name": HOSTILE, "unit": HOSTILE, "minimum": 0, "maximum": 9, "value": 3}],
        "has_network": True,
        "inputs": 1,
        "code_range": HOSTILE,
        "example_codes": "0",
    }
    return render("run.html.j2", PROGRAM, data or {"text": HOSTILE}, [SECTION], **names | given)


def test_what_others_wrote_stays_text() -> None:
    for curves in (0, 2):
        elements = Elements(page(curves=curves))
        scripts = [attributes for tag, attributes in elements.found if tag == "script"]
        assert [one.get("type") for one in scripts] == ["application/json", None, None]
        assert [tag for tag, _ in elements.found if tag == "img"] == []
        assert json.loads(elements.data["data"])["text"] == HOSTILE
        assert not [name for _, one in elements.found for name in one if name.startswith("on")]


def test_results_of_others_stay_text() -> None:
    elements = Elements(
        results_page(HOSTILE, HOSTILE, [Fact(HOSTILE, HOSTILE)], [SECTION], HOSTILE)
    )
    assert [tag for tag, _ in elements.found if tag == "img"] == []
    assert json.loads(elements.data["data"])["choices"] == {"recipe": [HOSTILE]}


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
    cycles = next(one["figure"] for one in data["figures"] if one["name"] == "cycles")["data"]
    summary = finished / "build" / "tiny" / "sim" / "icarus" / "summary.json"
    busy = json.loads(summary.read_text(encoding="utf-8"))["busy"]
    drawn: dict[str, list[int]] = {unit: [] for unit in busy}
    for layer in cycles:
        for unit, begin, length in zip(layer["y"], layer["base"], layer["x"], strict=True):
            drawn[unit] += range(begin, begin + length)
    assert drawn == busy
    assert sum(map(len, busy.values())) > 0
    report = json.loads((finished / "build" / "tiny" / "report.json").read_text(encoding="utf-8"))
    assert report["model"]["digest"] in text


def test_cycles_that_follow_one_another_are_one_bar() -> None:
    assert spans_of([]) == []
    assert spans_of([0, 1, 2, 5, 7, 8]) == [(0, 3), (5, 1), (7, 2)]
