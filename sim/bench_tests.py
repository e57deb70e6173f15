# SPDX-License-Identifier: Apache-2.0
"""The tests that a bench has by its source, and those that a simulation says it ran."""

import ast
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.sim.bench_names import Measurement


class BenchTest(NamedTuple):
    """A test of a bench. outcomes: names under which it stores what it measured."""

    module: str
    name: str
    outcomes: tuple[str, ...]


class BenchResults(NamedTuple):
    """What a simulation says of its tests, by (module, name)."""

    passed: frozenset[tuple[str, str]]
    failed: frozenset[tuple[str, str]]
    skipped: frozenset[tuple[str, str]]

    @property
    def ran(self) -> frozenset[tuple[str, str]]:
        """All of them, whatever became of them."""
        return self.passed | self.failed | self.skipped


@cache
def bench_tests(bench: str) -> tuple[BenchTest, ...]:
    """Tests of `sim/benches/<bench>.py` in their order, without running it.

    Raises:
        PulsewrightError: there is no such bench, or it has no tests.
    """
    source = Path(str(files("pulsewright.sim.benches") / f"{bench}.py"))
    if not source.is_file():
        raise PulsewrightError(f"there is no test bench {bench!r} in {source.parent}")
    tests = tuple(
        BenchTest(bench, node.name, tuple(_outcomes(node)))
        for node in ast.parse(source.read_text(encoding="utf-8")).body
        if isinstance(node, ast.AsyncFunctionDef) and any(map(_is_test, node.decorator_list))
    )
    if not tests:
        raise PulsewrightError(f"the test bench {source} has no tests")
    return tests


def bench_results(junit: Path) -> BenchResults:
    """What the JUnit file of a simulation says.

    Raises:
        PulsewrightError: it is no such file.
    """
    kinds: dict[str, set[tuple[str, str]]] = {"passed": set(), "failed": set(), "skipped": set()}
    try:
        for case in ElementTree.parse(junit).getroot().iter("testcase"):
            tags = {child.tag for child in case}
            kind = "skipped" if "skipped" in tags else "passed"
            if tags & {"failure", "error"}:
                kind = "failed"
            module = case.get("classname", "").rpartition(".")[2]
            kinds[kind].add((module, case.get("name", "")))
    except (OSError, ElementTree.ParseError) as error:
        raise PulsewrightError(f"{junit} is not the result of a simulation: {error}") from error
    return BenchResults(*(frozenset(kinds[kind]) for kind in BenchResults._fields))


def check_complete(
    expected: Iterable[BenchTest], results: BenchResults, outcomes: Iterable[str], log: Path
) -> None:
    """Compare the tests that ran with those that there are.

    outcomes: names of what was stored.

    Raises:
        PulsewrightError: a test did not run, one ran that there is not, or one that passed has not
            stored what it measured.
    """
    expected = tuple(expected)
    names = {(test.module, test.name) for test in expected}
    if results.ran != names:
        others = ", ".join(sorted(".".join(name) for name in names ^ results.ran))
        raise PulsewrightError(
            f"the simulation ran {len(results.ran & names)} of {len(names)} tests, which shows "
            f"nothing; missing or unknown: {others}; see {log}"
        )
    stored = set(outcomes)
    for test in expected:
        lost = set(test.outcomes) - stored
        if (test.module, test.name) in results.passed and lost:
            raise PulsewrightError(
                f"the test {test.name} passed and has not stored what it measured "
                f"({', '.join(sorted(lost))}); see {log}"
            )


def _is_test(decorator: ast.expr) -> bool:
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    return ast.unparse(called) == "cocotb.test"


def _outcomes(test: ast.AsyncFunctionDef) -> Iterable[str]:
    for node in ast.walk(test):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "FOLDER.write_outcome":
            name = node.args[0]
            if isinstance(name, ast.Attribute) and ast.unparse(name.value) == Measurement.__name__:
                yield Measurement[name.attr].value
