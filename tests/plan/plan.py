# SPDX-License-Identifier: Apache-2.0
"""The test plan: features, what is promised of them, and which tests and proofs show it."""

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from pulsewright.sim.coverage.functional.point_names import PointName

TESTS = Path(__file__).parents[1]
PLAN = Path(__file__).with_name("plan.toml")
PROOFS = TESTS.parent / "sim/formal/properties"


class Feature(BaseModel):
    """tests: files below tests/, or with * at the end what their paths begin with.

    proofs: files of `sim/formal/properties`. points: cover points of the cocotb benches.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(min_length=1)
    stage: Literal["arithmetic", "unit", "system", "flow"]
    requirement: str = Field(min_length=1)
    tests: tuple[str, ...] = Field(min_length=1)
    proofs: tuple[str, ...] = ()
    points: tuple[PointName, ...] = ()

    def closeness(self, test: str) -> int:
        """How much of a test file's path below tests/ the feature names; 0 if it is not its."""
        return max(
            (
                len(one)
                for one in self.tests
                if test == one or (one.endswith("*") and test.startswith(one[:-1]))
            ),
            default=0,
        )


class Plan(BaseModel):
    """All features, in the order of the document."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    feature: tuple[Feature, ...]

    def features_of(self, test: str) -> list[Feature]:
        """The feature whose path names most of a test file's; more of them if they tie."""
        best = max(one.closeness(test) for one in self.feature)
        return [one for one in self.feature if best and one.closeness(test) == best]


def read_plan(path: Path = PLAN) -> Plan:
    """The plan of the project."""
    return Plan.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))


def test_files() -> list[str]:
    """Paths below tests/ of all files with tests."""
    return sorted(str(path.relative_to(TESTS)) for path in TESTS.rglob("test_*.py"))


test_files.__test__ = False  # type: ignore[attr-defined]


def without_a_pass(plan: Plan, passed: Iterable[str]) -> list[str]:
    """Names of features of which no test passed.

    passed: paths below tests/ of files with a test that did.
    """
    shown = {one.name for test in set(passed) for one in plan.features_of(test)}
    return [one.name for one in plan.feature if one.name not in shown]


def plan_page(plan: Plan) -> str:
    """The plan as a page of the documentation."""
    lines = [
        "<!-- SPDX-License-Identifier: Apache-2.0 -->",
        "# Test plan",
        "",
        "Made of `tests/plan/plan.toml` by `make plan`. Every test file belongs to one feature,",
        "which `tests/plan/test_plan.py` checks; `make test` ends with an error if no test of a",
        "feature passed. Stages: the arithmetic and its models; units of the hardware; systems of",
        "hardware and software; the flow around them.",
        "",
        "| feature | promise | stage | tests | cover points | proofs |",
        "|---|---|---|---|---|---|",
    ]
    for one in plan.feature:
        shown = " | ".join(
            ", ".join(f"`{file}`" for file in each) for each in (one.tests, one.points, one.proofs)
        )
        lines.append(f"| {one.name} | {one.requirement} | {one.stage} | {shown} |")
    return "\n".join([*lines, ""])
