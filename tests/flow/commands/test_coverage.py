# SPDX-License-Identifier: Apache-2.0
import json
from pathlib import Path

import pytest
import tomli_w

from pulsewright.rtl.buses.registry import BUSES, INSTRUCTIONS
from tests.flow.conftest import invoke


def test_what_cannot_be_counted_is_refused(recipe: Path) -> None:
    build = recipe.parent / "build"
    for arguments in (("--rows", "3"), ("--least", "1.5"), ("--bench", "x"), ("--seed", "-1")):
        result = invoke("coverage", recipe, *arguments, "--build", build)
        assert result.exit_code == 2
        assert arguments[0] in result.output
    with recipe.open("a", encoding="utf-8") as file:
        file.write("\n[engine]\nweight_files = true\n")
    result = invoke("coverage", recipe, "--build", build)
    assert result.exit_code == 2
    assert "leave it out for pulsewright coverage" in " ".join(result.output.split())
    assert not (build / "tiny" / "model.json").exists()

    twice = invoke("coverage", recipe, "--with", recipe, "--build", build)
    assert twice.exit_code == 2
    assert "2 recipes have 1 names, tiny; give each a name" in " ".join(twice.output.split())


ATTACHED = {bus: {"bus": bus} for bus in (*BUSES, *INSTRUCTIONS)}
COPROCESSORS = ATTACHED | {
    "inferences": {"jobs": "infer"},
    "units": {"input_map": "hardware", "clock_gate": True},
    "bounded": {"max_wait": 60, "fifo_depth": 2},
    "reloadable": {},
    "incremental": {},
}
ENGINES = {"reloadable": {"weights": "reloadable"}, "incremental": {"incremental": True}}


@pytest.mark.regression
def test_all_attachments_and_options_together(finished_copy: Path) -> None:
    """What they share counts once, and next to nothing of any is left."""
    build, recipes = finished_copy / "build", []
    for name, attachment in COPROCESSORS.items():
        recipe = {
            "name": f"tiny_{name}",
            "model": {"path": str(build / "tiny" / "model.json")},
            "folding": [{"pe": 2, "simd": 3}, {"pe": 1, "simd": 2}],
            "engine": ENGINES.get(name, {}),
            "attachment": attachment,
        }
        recipes.append(finished_copy / f"tiny_{name}.toml")
        recipes[-1].write_text(tomli_w.dumps(recipe), encoding="utf-8")
    first, *others = recipes
    also = [word for other in others for word in ("--with", other)]
    result = invoke("coverage", first, *also, "--build", build, "--rows", "50", "--json")
    assert result.exit_code == 0, result.output
    document = json.loads(result.stdout)
    assert len(document["files"]) == len(COPROCESSORS)
    holes, reached, functional = document["tables"]
    every = {row["kind"]: row for row in reached["rows"] if row["part"] == "all"}
    alone = [json.loads(Path(file).read_text()) for file in document["files"].values()]
    for kind, row in every.items():
        points = [
            sum(one["points"] for one in design["reached"] if one["kind"] == kind)
            for design in alone
        ]
        assert max(points) < row["points"] < sum(points)
    assert every["branch"]["share"] > 0.99
    assert every["line"]["share"] > 0.97
    assert every["toggle"]["share"] > 0.9
    parts = {(row["part"], row["kind"]): row["share"] for row in reached["rows"]}
    assert parts["attachment", "line"] == parts["attachment", "branch"] == 1
    named = {row["statement"] for row in holes["rows"]}
    assert named
    assert all(row["met"] > 0 for row in functional["rows"])


@pytest.mark.regression
def test_benches_reach_nearly_everything_and_the_page_tells_it(finished_copy: Path) -> None:
    recipe, build = finished_copy / "tiny.toml", finished_copy / "build"
    result = invoke("coverage", recipe, "--build", build, "--rows", "50", "--json")
    assert result.exit_code == 0, result.output
    holes, reached, functional = json.loads(result.stdout)["tables"]
    points = {row["point"]: row for row in functional["rows"]}
    assert {"accesses", "jobs", "queue", "interrupts", "handshakes"} <= points.keys()
    for name in ("accesses", "jobs", "queue", "interrupts", "changed inputs"):
        assert points[name]["holes"] == "", name
        assert points[name]["met"] == points[name]["bins"]
    total = {row["kind"]: row for row in reached["rows"] if row["part"] == "all"}
    assert total["branch"]["share"] == 1
    assert total["line"]["share"] > 0.95
    assert total["toggle"]["share"] > 0.9
    for row in total.values():
        for bench in ("package", "cocotb"):
            assert 0.85 * row["points"] < row[f"{bench}_reached"] <= row["points"]
    left = sum(row["points"] for row in holes["rows"])
    assert left == sum(
        row["points"] - row["constant"] - round(row["share"] * (row["points"] - row["constant"]))
        for row in total.values()
    )
    assert invoke("report", recipe, "--build", build).exit_code == 0
    page = (build / "tiny" / "report.html").read_text(encoding="utf-8")
    assert "what no bench reaches, constants left out" in page
    assert "what the cocotb benches drive" in page
    low = invoke("coverage", recipe, "--build", build, "--bench", "package", "--least", "1")
    assert low.exit_code == 1
    assert "--least asks for 1" in " ".join(low.output.split())
