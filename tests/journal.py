# SPDX-License-Identifier: Apache-2.0
"""`--journal=FILE`: what passed is written down, and a run that was ended goes on behind it."""

import hashlib
import json
import os
import platform
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

import pytest

PHASES = ("setup", "call", "teardown")
NEVER_PART_OF_IT = {"build", "__pycache__"}
# Folders that tell one test's data from another's.
DATA = ("PULSEWRIGHT_DATA", "PULSEWRIGHT_MODELS", "PULSEWRIGHT_PDK")


def _files(folder: Path) -> Iterator[Path]:
    """All files of a checkout that a test may depend on, in an order of their own."""
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.name in NEVER_PART_OF_IT:
            continue
        if path.is_dir() and not path.is_symlink():
            yield from _files(path)
        elif path.is_file():
            yield path


def digest_of(repository: Path) -> str:
    """Of all files, the Python and its packages, and the folders of data."""
    total = hashlib.sha256()
    for path in _files(repository):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        total.update(f"{path.relative_to(repository)} {content}\n".encode())
    packages = sorted(f"{one.name} {one.version}" for one in distributions())
    given = [f"{name} {os.environ.get(name)}" for name in DATA]
    total.update("\n".join([platform.python_version(), *packages, *given]).encode())
    return total.hexdigest()


def read_passed(path: Path, digest: str) -> dict[str, float]:
    """Seconds by test that passed; none if the journal is of another digest or there is none."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return {}
    passed = {}
    for number, line in enumerate(lines):
        try:
            entry = json.loads(line)
        except ValueError:
            # The line that was being written when the run ended.
            continue
        if number == 0 and entry != {"digest": digest}:
            return {}
        if number:
            passed[entry["test"]] = float(entry["seconds"])
    return passed


def part_of(test: str) -> str:
    """The folder of a test, two levels deep at most."""
    return "/".join(test.partition("::")[0].split("/")[1:-1][:2]) or "."


class Journal:
    """Leaves out what passed before on the same files, and writes down what passes now."""

    def __init__(self, path: Path, digest: str, writes: bool) -> None:
        """writes: this process hears of all tests, and is no worker of another."""
        self.path = path
        self.digest = digest
        self.before = read_passed(path, digest)
        self.seconds: dict[str, float] = defaultdict(float)
        self.outcomes: dict[str, set[str]] = defaultdict(set)
        self.writes = writes
        if writes:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._begin(digest)

    def _begin(self, digest: str) -> None:
        lines: list[Mapping[str, object]] = [{"digest": digest}]
        lines += [{"test": name, "seconds": one} for name, one in self.before.items()]
        unfinished = self.path.with_name(self.path.name + ".part")
        unfinished.write_text("".join(json.dumps(one) + "\n" for one in lines), encoding="utf-8")
        unfinished.replace(self.path)

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """A worker has another search path, and would find another digest."""
        node.workerinput["journal_digest"] = self.digest

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(
        self, config: pytest.Config, items: list[pytest.Item]
    ) -> None:
        """Behind `-m`, so that only what would run is counted as left out."""
        left_out = [item for item in items if item.nodeid in self.before]
        items[:] = [item for item in items if item.nodeid not in self.before]
        if left_out:
            config.hook.pytest_deselected(items=left_out)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Of each phase of a test, and from every worker."""
        name = report.nodeid
        self.seconds[name] += report.duration
        self.outcomes[name].add(report.outcome)
        if report.when == PHASES[-1] and self.outcomes[name] == {"passed"} and self.writes:
            line = json.dumps({"test": name, "seconds": round(self.seconds[name], 2)})
            with self.path.open("a", encoding="utf-8") as file:
                file.write(line + "\n")

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """All that there is to run may have passed before."""
        if self.before and exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED:
            session.exitstatus = pytest.ExitCode.OK

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Tests and seconds by part, those of the runs before among them."""
        if not self.writes:
            return
        rows: dict[str, Counter[str]] = defaultdict(Counter)
        seconds: dict[str, float] = defaultdict(float)
        for name, one in (self.before | self.seconds).items():
            seconds[part_of(name)] += one
        for name in self.before:
            rows[part_of(name)]["earlier"] += 1
        for name, found in self.outcomes.items():
            outcome = next((one for one in ("failed", "skipped") if one in found), "passed")
            rows[part_of(name)][outcome] += 1
        terminalreporter.section(f"parts; {self.path} says what passed")
        columns = ("passed", "earlier", "skipped", "failed")
        terminalreporter.write_line(
            f"{'':32}" + "".join(f"{one:>9}" for one in (*columns, "seconds"))
        )
        for part, counts in sorted(rows.items()):
            figures = [counts[one] for one in columns]
            terminalreporter.write_line(
                f"{part:32}" + "".join(f"{one:9}" for one in figures) + f"{seconds[part]:9.0f}"
            )
        total: Counter[str] = sum(rows.values(), Counter())
        terminalreporter.write_line(
            f"{'all':32}"
            + "".join(f"{total[one]:9}" for one in columns)
            + f"{sum(seconds.values()):9.0f}"
        )


def add_journal(config: pytest.Config, repository: Path) -> None:
    """Take part in a run if `--journal` asks for it."""
    path = config.getoption("--journal")
    if path is None:
        return
    given = getattr(config, "workerinput", None)
    digest = digest_of(repository) if given is None else given["journal_digest"]
    config.pluginmanager.register(Journal(Path(path), digest, writes=given is None))
