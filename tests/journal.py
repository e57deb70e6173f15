# SPDX-License-Identifier: Apache-2.0
"""`--journal=FILE`: what passed is written down, and a run that was ended goes on behind it.

A test passed for as long as nothing changes but files of other tests: those that hold tests, and
that only such files import, count for their own tests and for those of the files that import them.
So a mended test runs again without the hours of the others. What is of other files than now is kept
beside the journal and not lost.
"""

import hashlib
import json
import os
import platform
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import distributions
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import pytest

from tests.tally import COMPARED, Compared, Tally, count_everything

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


_IMPORTED = re.compile(r"\b(tests(?:\.\w+)*\.test_\w+)")


def _imported_tests(path: Path, repository: Path) -> set[Path]:
    """Files of tests that a file of Python names."""
    names = _IMPORTED.findall(path.read_text(encoding="utf-8"))
    return {repository / f"{name.replace('.', '/')}.py" for name in names} - {path}


def _holds_tests_alone(repository: Path) -> set[Path]:
    """Files of tests that none but such files import."""
    python = {path for path in _files(repository) if path.suffix == ".py"}
    tests = {
        path
        for path in python
        if path.relative_to(repository).parts[0] == "tests" and path.name.startswith("test_")
    }
    alone = set(tests)
    while shared := alone & {
        one for path in python - alone for one in _imported_tests(path, repository)
    }:
        alone -= shared
    return alone


def _digest_of_file(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def digest_of(repository: Path) -> str:
    """Of all files that more than one file's tests may meet, the Python and its packages, the data.

    The folders of data count by their names.
    """
    total = hashlib.sha256()
    left_out = _holds_tests_alone(repository)
    for path in _files(repository):
        if path not in left_out:
            total.update(f"{path.relative_to(repository)} {_digest_of_file(path)}\n".encode())
    packages = sorted(f"{one.name} {one.version}" for one in distributions())
    given = [f"{name} {os.environ.get(name)}" for name in DATA]
    total.update("\n".join([platform.python_version(), *packages, *given]).encode())
    return total.hexdigest()


class FilesOfTests:
    """What the files of tests hold, with those that they import, each read once."""

    def __init__(self, repository: Path) -> None:
        """repository: the folder that tests are named from."""
        self.repository = repository
        self.digests: dict[str, str] = {}

    def digest(self, test: str) -> str:
        """Of the file of a test and all files of tests behind it; empty if it is gone."""
        name = test.partition("::")[0]
        if name not in self.digests:
            path = self.repository / name
            self.digests[name] = self._digest(path) if path.is_file() else ""
        return self.digests[name]

    def _digest(self, path: Path) -> str:
        found, new = set[Path](), {path}
        while new:
            found |= new
            named = {one for each in new for one in _imported_tests(each, self.repository)}
            new = {one for one in named if one.is_file()} - found
        if found == {path}:
            return _digest_of_file(path)
        text = "\n".join(_digest_of_file(one) for one in (path, *sorted(found - {path})))
        return hashlib.sha256(text.encode()).hexdigest()


class Passed(NamedTuple):
    """A test that passed: seconds that it took, and what it compared, as of `Tally.take`."""

    seconds: float
    counts: Mapping[str, int] = MappingProxyType({})
    models: Sequence[str] = ()


def read_passed(path: Path, digest: str, files: FilesOfTests) -> dict[str, Passed]:
    """By test; none if the journal is of another digest or there is none."""
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
        if number and entry["file"] == files.digest(entry["test"]):
            passed[entry["test"]] = Passed(entry["seconds"], entry["counts"], entry["models"])
    return passed


def keep_beside(path: Path) -> str:
    """Move a journal whose files are no longer those that are there; what is said of it, if any."""
    if not path.exists():
        return ""
    tests = len(path.read_text(encoding="utf-8").splitlines()) - 1
    if tests < 1:
        return ""
    number = 1
    while (kept := path.with_name(f"{path.name}.{number}")).exists():
        number += 1
    path.replace(kept)
    return f"journal: {tests} tests passed on other files than now; kept in {kept}"


def part_of(test: str) -> str:
    """The folder of a test, two levels deep at most."""
    return "/".join(test.partition("::")[0].split("/")[1:-1][:2]) or "."


class Journal:
    """Leaves out what passed before on the same files, and writes down what passes now."""

    def __init__(self, path: Path, digest: str, files: FilesOfTests, writes: bool) -> None:
        """writes: this process hears of all tests, and is no worker of another."""
        self.path = path
        self.digest = digest
        self.files = files
        self.before = read_passed(path, digest, files)
        self.tally = Tally()
        self.compared: dict[str, tuple[dict[str, int], list[str]]] = {}
        self.seconds: dict[str, float] = defaultdict(float)
        self.outcomes: dict[str, set[str]] = defaultdict(set)
        self.writes = writes
        self.kept = ""
        if writes:
            path.parent.mkdir(parents=True, exist_ok=True)
            if not self.before:
                self.kept = keep_beside(path)
            self._begin(digest)

    def _line(self, test: str, passed: Passed) -> str:
        return (
            json.dumps({"test": test, "file": self.files.digest(test), **passed._asdict()}) + "\n"
        )

    def _begin(self, digest: str) -> None:
        text = json.dumps({"digest": digest}) + "\n"
        text += "".join(self._line(name, one) for name, one in self.before.items())
        unfinished = self.path.with_name(self.path.name + ".part")
        unfinished.write_text(text, encoding="utf-8")
        unfinished.replace(self.path)

    def pytest_report_header(self) -> str:
        """What begins anew, and where it is."""
        return self.kept

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

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> Iterator[None]:
        """What the test compared goes with its last report to the process that writes."""
        yield
        item.user_properties.append((COMPARED, self.tally.take()))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Of each phase of a test, and from every worker."""
        name = report.nodeid
        self.seconds[name] += report.duration
        self.outcomes[name].add(report.outcome)
        if report.when != PHASES[-1]:
            return
        counts, models = self.compared[name] = dict(report.user_properties).get(COMPARED, ({}, []))
        if self.outcomes[name] == {"passed"} and self.writes:
            passed = Passed(round(self.seconds[name], 2), counts, models)
            with self.path.open("a", encoding="utf-8") as file:
                file.write(self._line(name, passed))

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
        earlier = {name: one.seconds for name, one in self.before.items()}
        for name, one in (earlier | self.seconds).items():
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
        terminalreporter.section("what the tests compared, planted faults among it")
        compared = Compared(Counter(), set())
        for one in self.before.values():
            compared.add(one.counts, one.models)
        for counts, models in self.compared.values():
            compared.add(counts, models)
        for line in compared.lines():
            terminalreporter.write_line(line)


def add_journal(config: pytest.Config, repository: Path) -> None:
    """Take part in a run if `--journal` asks for it."""
    path = config.getoption("--journal")
    if path is None:
        return
    given = getattr(config, "workerinput", None)
    digest = digest_of(repository) if given is None else given["journal_digest"]
    files = FilesOfTests(repository)
    journal = Journal(Path(path), digest, files, writes=given is None)
    config.pluginmanager.register(journal)
    # Never undone: it holds for as long as the process runs tests.
    count_everything(journal.tally, pytest.MonkeyPatch())
