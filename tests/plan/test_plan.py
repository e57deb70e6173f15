# SPDX-License-Identifier: Apache-2.0

import pytest

from pulsewright.sim.coverage.functional.point_names import PointName
from tests.plan.plan import (
    PROOFS,
    TESTS,
    Feature,
    Plan,
    plan_page,
    read_plan,
    test_files,
    without_a_pass,
)

pytest_plugins = ["pytester"]


def feature(name: str, *tests: str) -> Feature:
    return Feature(name=name, stage="unit", requirement="it does", tests=tests)


def test_every_test_belongs_to_one_feature() -> None:
    plan = read_plan()
    assert {test: len(plan.features_of(test)) for test in test_files()} == dict.fromkeys(
        test_files(), 1
    )


def test_every_path_of_the_plan_names_tests() -> None:
    plan, files = read_plan(), test_files()
    for one in plan.feature:
        alone = [one.model_copy(update={"tests": (path,)}) for path in one.tests]
        assert all(any(part.closeness(test) for test in files) for part in alone), one.name
        assert any(plan.features_of(test) == [one] for test in files), one.name
    assert len({one.name for one in plan.feature}) == len(plan.feature)


def test_every_proof_belongs_to_a_feature() -> None:
    named = [proof for one in read_plan().feature for proof in one.proofs]
    assert sorted(named) == sorted(path.name for path in PROOFS.glob("*.sv"))


def test_every_cover_point_belongs_to_a_feature() -> None:
    named = [point for one in read_plan().feature for point in one.points]
    assert sorted(named) == sorted(PointName)


def test_the_page_is_that_of_the_plan() -> None:
    page = TESTS.parent / "docs/test-plan.md"
    assert page.read_text(encoding="utf-8") == plan_page(read_plan()), "run `make plan`"


def test_the_longest_path_counts() -> None:
    plan = Plan(feature=(feature("wide", "rtl/*"), feature("near", "rtl/test_a*", "sim/test_b.py")))
    assert [one.name for one in plan.features_of("rtl/test_abc.py")] == ["near"]
    assert [one.name for one in plan.features_of("rtl/test_c.py")] == ["wide"]
    assert plan.features_of("sim/test_bc.py") == []
    tie = Plan(feature=(feature("one", "rtl/*"), feature("two", "rtl/*")))
    assert len(tie.features_of("rtl/test_a.py")) == 2


def test_a_feature_without_a_passing_test_is_told() -> None:
    plan = Plan(feature=(feature("one", "rtl/*"), feature("two", "sim/*")))
    assert without_a_pass(plan, ["rtl/test_a.py"]) == ["two"]
    assert without_a_pass(plan, ["rtl/test_a.py", "sim/test_b.py"]) == []


CONFTEST = """
from tests.plan.plan import Feature, Plan
from tests.plan.plan_check import PlanCheck

def pytest_configure(config):
    plan = Plan(feature=[
        Feature(name=one, stage="unit", requirement="it does", tests=[one + "/*"])
        for one in ("rtl", "sim")
    ])
    config.pluginmanager.register(PlanCheck(plan))
"""


@pytest.mark.parametrize(("body", "code"), [("pass", 0), ("pytest.skip('not here')", 1)])
def test_a_run_fails_if_no_test_of_a_feature_passed(
    pytester: pytest.Pytester, body: str, code: int
) -> None:
    for room, what in (("rtl", "pass"), ("sim", body)):
        folder = pytester.path / "tests" / room
        folder.mkdir(parents=True)
        text = f"import pytest\n\ndef test_it():\n    {what}\n"
        (folder / f"test_{room}.py").write_text(text)
    pytester.makeconftest(CONFTEST)
    run = pytester.inline_run()
    assert run.ret == code
