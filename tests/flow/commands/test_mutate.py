# SPDX-License-Identifier: Apache-2.0
import json
from pathlib import Path

import pytest

from tests.flow.conftest import invoke


def test_what_cannot_be_planted_is_refused(recipe: Path) -> None:
    for arguments in (
        ("--mutants", "0"),
        ("--rows", "3"),
        ("--least", "1.5"),
        ("--only", "0"),
        ("--bench", "x"),
        ("--part", "bus"),
    ):
        result = invoke("mutate", recipe, *arguments, "--build", recipe.parent / "build")
        assert result.exit_code == 2
        assert arguments[0] in result.output
    assert not (recipe.parent / "build").exists()


@pytest.mark.regression
def test_faults_are_judged_once_and_a_low_score_ends_with_1(finished_copy: Path) -> None:
    build = finished_copy / "build"
    arguments = ("mutate", finished_copy / "tiny.toml", "--build", build, "--mutants", "24")
    result = invoke(*arguments, "--json")
    assert result.exit_code == 0, result.output
    survivors, scores = json.loads(result.stdout)["tables"]
    total = scores["rows"][-1]
    assert total["part"] == "all"
    assert 15 <= total["mutants"] <= 24
    seen, counted = total["cocotb_detected"], total["mutants"] - total["equivalent"]
    assert 0.8 * counted <= seen <= counted
    assert total["package_detected"] >= 0.5 * counted
    missed = 2 * counted - seen - total["package_detected"]
    assert len(survivors["rows"]) == missed
    kept = build / "tiny" / "mutation" / "mutation.json"
    first = kept.read_bytes()
    # Verdicts are in the journal: nothing is built again.
    again = invoke(*arguments)
    assert again.exit_code == 0
    assert "building" not in again.output
    assert kept.read_bytes() == first
    low = invoke(*arguments, "--bench", "package", "--least", "1")
    assert low.exit_code == (1 if total["package_detected"] < counted else 0), low.output
