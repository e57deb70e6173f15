# SPDX-License-Identifier: Apache-2.0
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.journal import add_journal
from tests.plan.plan import read_plan
from tests.plan.plan_check import add_plan
from tests.quick_cases import leave_quick_cases

# Wall time depends on the machine and its load, so no example has a deadline.
settings.register_profile("pulsewright", deadline=None)
settings.load_profile("pulsewright")


def pytest_addoption(parser: pytest.Parser) -> None:
    """See tests/journal.py and tests/plan/plan_check.py."""
    parser.addoption("--journal", help="write what passes to this file, and leave it out next time")
    parser.addoption(
        "--docs-pictures", action="store_true", help="put what is pictured into docs/images"
    )
    parser.addoption("--plan", action="store_true", help="fail unless every feature was shown")


def pytest_configure(config: pytest.Config) -> None:
    """Let the options of this file take part."""
    add_journal(config, Path(__file__).parents[1])
    add_plan(config, read_plan())


@pytest.fixture(autouse=True, scope="session")
def _own_state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Notes of what tests compile, away from those of the user who runs them."""
    folder = tmp_path_factory.mktemp("state")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(folder))
        yield folder


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Before `-m` chooses."""
    leave_quick_cases(items)
