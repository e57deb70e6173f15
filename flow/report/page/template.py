# SPDX-License-Identifier: Apache-2.0
"""Pages as text, with all that they need to be opened from disk."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from pulsewright.flow.report.page.assets_text import asset
from pulsewright.flow.report.page.page_section import Fact, PageSection

PROGRAM = ("tables.js", "plots.js", "choices.js")


def render(
    template: str,
    program: Sequence[str],
    data: Mapping[str, Any],
    sections: Sequence[PageSection],
    **names: Any,
) -> str:
    """A template of `assets/` with its sections, the program that draws them, and their data.

    program: files of `assets/` beside `PROGRAM`, in the order in which they are read.
    """
    from plotly.offline import get_plotlyjs

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, loader=FunctionLoader(asset)
    )
    scripts = [asset(name) for name in (*PROGRAM, *program, "start.js")]
    return environment.get_template(template).render(
        **names,
        sections=sections,
        css=Markup(asset("page.css")),
        data=Markup(_data_text({**data, **_section_data(sections)})),
        plotly=Markup(get_plotlyjs()),
        program=Markup("\n".join(scripts)),
    )


def results_page(
    name: str, summary: str, facts: Sequence[Fact], sections: Sequence[PageSection], command: str
) -> str:
    """A page of finished results.

    command: what made its figures, "" if no command did.
    """
    return render(
        "page.html.j2",
        (),
        {},
        sections,
        name=name,
        summary=summary,
        facts=facts,
        command=command,
    )


def _section_data(sections: Sequence[PageSection]) -> dict[str, Any]:
    figures = [
        {
            "name": one.name,
            "choice": section.choice.name if section.choice else None,
            "figure": json.loads(one.json),
        }
        for section in sections
        for one in section.figures
    ]
    choices = {
        section.choice.name: [one.text for one in section.choice.texts]
        for section in sections
        if section.choice
    }
    return {"figures": figures, "choices": choices}


def _data_text(data: Mapping[str, Any]) -> str:
    """JSON in which nothing looks like the end of its script element, or like a comment."""
    return json.dumps(data, separators=(",", ":")).replace("<", "\\u003c")
