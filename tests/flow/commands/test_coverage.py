# SPDX-License-Identifier: Apache-2.0
import json
from pathlib import Path

import pytest

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
