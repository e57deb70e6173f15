# SPDX-License-Identifier: Apache-2.0
"""`--plan`: a run fails unless a test of every feature passed."""

import pytest

from tests.plan.plan import Plan, without_a_pass


class PlanCheck:
    """Hears of every test, also those of workers, and changes how the run ends."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.passed: set[str] = set()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Of each phase of a test."""
        if report.when == "call" and report.passed:
            self.passed.add(report.nodeid.partition("::")[0].removeprefix("tests/"))

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """A run that was right so far is not, if a feature was not shown."""
        if session.exitstatus == pytest.ExitCode.OK and without_a_pass(self.plan, self.passed):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say what was not shown."""
        for name in without_a_pass(self.plan, self.passed):
            terminalreporter.write_line(f"no test of the feature {name!r} passed", red=True)


def add_plan(config: pytest.Config, plan: Plan) -> None:
    """Take part in a run if `--plan` asks for it; workers are heard by their controller."""
    if config.getoption("--plan") and not hasattr(config, "workerinput"):
        config.pluginmanager.register(PlanCheck(plan))
