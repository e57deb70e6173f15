# SPDX-License-Identifier: Apache-2.0
"""`report.html` of a run."""

from collections.abc import Mapping
from typing import Any

from pulsewright.flow.report.page.curve_document import curve_document
from pulsewright.flow.report.page.network_document import network_document
from pulsewright.flow.report.page.run_sections import built_facts, run_sections
from pulsewright.flow.report.page.template import render
from pulsewright.flow.steps.results import ShownResults
from pulsewright.flow.workspace import Workspace
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp

# The page is to stay below 6 MB, of which Plotly takes 5.
MOST_PARAMETERS = 150_000
MOST_CURVE_VALUES = 100_000
PROGRAM = ("network.js", "curves.js", "inputs.js")


def run_page(workspace: Workspace, shown: ShownResults, document: Mapping[str, Any]) -> str:
    """The page of a run, from what `report.json` holds and the results behind it."""
    model = workspace.model
    has_network = model.parameter_count <= MOST_PARAMETERS
    data: dict[str, Any] = {}
    if has_network:
        data["network"] = network_document(model)
    if has_network and workspace.predicts_currents and _is_small(workspace):
        data["curves"] = curve_document(workspace.curves, model)
    return render(
        "run.html.j2",
        PROGRAM,
        data,
        run_sections(workspace, shown, document),
        name=workspace.recipe.name,
        summary=_summary(workspace),
        facts=built_facts(workspace, document),
        command=document["command"],
        curves=len(data["curves"]["order"]) if "curves" in data else 0,
        sliders=_sliders(model, data.get("curves")),
        has_network=has_network,
        inputs=model.sizes[0],
        code_range=f"{model.input_format.minimum} to {model.input_format.maximum}",
        example_codes=" ".join(["0"] * model.sizes[0]),
    )


def _is_small(workspace: Workspace) -> bool:
    return workspace.curves.rows <= MOST_CURVE_VALUES


def _summary(workspace: Workspace) -> str:
    sizes = "-".join(map(str, workspace.model.sizes))
    if workspace.recipe.model is not None:
        return f"{sizes} in integers, from the finished model {workspace.recipe.model.path.name}."
    return f"{sizes} in integers, trained on {workspace.recipe.data.source.value} curves."


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
