# SPDX-License-Identifier: Apache-2.0
import pytest

pytest_plugins = ["pytester"]

SOURCE = """
import pytest

@pytest.mark.quick_cases(3)
@pytest.mark.parametrize("outer", range(5))
@pytest.mark.parametrize("inner", range(4))
def test_many(outer, inner):
    pass

def test_one():
    pass
"""
CONFTEST = """
import pytest
from tests.quick_cases import leave_quick_cases

@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    leave_quick_cases(items)
"""


def collected(pytester: pytest.Pytester, *arguments: str) -> list[str]:
    run = pytester.inline_run("--collect-only", *arguments)
    (finished,) = run.getcalls("pytest_collection_finish")
    return [item.nodeid for item in finished.session.items]


def test_every_case_is_either_quick_or_long(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(SOURCE)
    pytester.makeconftest(CONFTEST)
    quick = collected(pytester, "-m", "not regression")
    assert len(quick) == 3 + 1
    assert quick == collected(pytester, "-m", "not regression")
    long = collected(pytester, "-m", "regression")
    assert len(long) == 17
    assert sorted([*quick, *long]) == sorted(collected(pytester))
