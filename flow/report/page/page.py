# SPDX-License-Identifier: Apache-2.0
"""`report.html` of a run."""

import json
from collections.abc import Mapping
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from pulsewright.flow.report.page.assets_text import asset
from pulsewright.flow.report.page.curve_document import curve_document
from pulsewright.flow.report.page.network_document import network_document
from pulsewright.flow.report.page.page_section import PageSection
from pulsewright.flow.report.page.run_sections import built_facts, run_sections
from pulsewright.flow.steps.results import ShownResults
from pulsewright.flow.workspace import Workspace
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp

# The page is to stay below 6 MB, of which Plotly takes 5.
MOST_PARAMETERS = 150_000
MOST_CURVE_VALUES = 100_000
PROGRAM = ("network.js", "tables.js", "plots.js", "curves.js", "inputs.js", "start.js")


def run_page(workspace: Workspace, shown: ShownResults, document: Mapping[str, Any]) -> str:
    """The page of a run, from what `report.json` holds and the results behind it."""
    model = workspace.model
    sections = run_sections(workspace, shown, document)
    has_network = model.parameter_count <= MOST_PARAMETERS
    data: dict[str, Any] = {
        "figures": [
            {"name": one.name, "figure": json.loads(one.json)}
            for section in sections
            for one in section.figures
        ]
    }
    if has_network:
        data["network"] = network_document(model)
    if has_network and workspace.predicts_currents and _is_small(workspace):
        data["curves"] = curve_document(workspace.curves, model)
    return render(
        name=workspace.recipe.name,
        summary=_summary(workspace),
        built=built_facts(workspace, document),
        sections=_links(sections, data),
        parts=sections,
        data=data,
        curves=len(data["curves"]["order"]) if "curves" in data else 0,
        sliders=_sliders(model, data.get("curves")),
        has_network=has_network,
        inputs=model.sizes[0],
        code_range=f"{model.input_format.minimum} to {model.input_format.maximum}",
        example_codes=" ".join(["0"] * model.sizes[0]),
    )


def render(data: Mapping[str, Any], **names: Any) -> str:
    """The template with all that it needs to be opened from disk."""
    from plotly.offline import get_plotlyjs

    environment = Environment(autoescape=True, undefined=StrictUndefined)
    template = environment.from_string(asset("page.html.j2"))
    # Inside a script element nothing may look like its end, or like a comment.
    text = json.dumps(data, separators=(",", ":")).replace("<", "\\u003c")
    return template.render(
        **names,
        css=Markup(asset("page.css")),
        data=Markup(text),
        plotly=Markup(get_plotlyjs()),
        program=Markup("\n".join(asset(name) for name in PROGRAM)),
    )


def _is_small(workspace: Workspace) -> bool:
    return workspace.curves.rows <= MOST_CURVE_VALUES


def _summary(workspace: Workspace) -> str:
    sizes = "-".join(map(str, workspace.model.sizes))
    if workspace.recipe.model is not None:
        return f"{sizes} in integers, from the finished model {workspace.recipe.model.path.name}."
    return f"{sizes} in integers, trained on {workspace.recipe.data.source.value} curves."


def _links(sections: list[PageSection], data: Mapping[str, Any]) -> list[tuple[str, str]]:
    links = [("built", "What was built")]
    if "curves" in data:
        links.append(("curves", "Curves"))
    if "network" in data:
        links.append(("explorer", "Explorer"))
    return [*links, *((section.id, section.title) for section in sections)]


def _sliders(model: IntegerMlp, curves: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """A slider for each feature but the pulse number, at the values of the middle curve."""
    if curves is None:
        return []
    middle = curves["physical"][curves["order"][(len(curves["order"]) - 1) // 2]]
    return [
        {
            "name": feature.name,
            "unit": feature.unit,
            "minimum": feature.minimum,
            "maximum": feature.maximum,
            "value": value,
        }
        for feature, value in list(zip(model.input_map.features, middle, strict=True))[1:]
    ]
