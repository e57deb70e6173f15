# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.sim import benches
from pulsewright.sim.bench_tests import (
    BenchResults,
    BenchTest,
    bench_results,
    bench_tests,
    check_complete,
)

BENCHES = Path(benches.__file__).parent
WRITES = BenchTest("a_bench", "measures", ("measures",))
PLAIN = BenchTest("a_bench", "looks", ())
BOTH = frozenset({("a_bench", "measures"), ("a_bench", "looks")})
NONE: frozenset[tuple[str, str]] = frozenset()
LOG = Path("simulation.log")


@pytest.mark.parametrize("bench", sorted(path.stem for path in BENCHES.glob("*_bench.py")))
def test_every_bench_has_tests_and_every_decorator_is_found(bench: str) -> None:
    text = (BENCHES / f"{bench}.py").read_text()
    assert len(bench_tests(bench)) == text.count("@cocotb.test(") > 0
    stored = sum(len(test.outcomes) for test in bench_tests(bench))
    assert stored == text.count("FOLDER.write_outcome(")


def test_the_tests_of_the_stream_bench_are_known_by_name() -> None:
    assert bench_tests("stream_bench") == tuple(
        BenchTest("stream_bench", name, (name,))
        for name in ("back_to_back", "idle_cycles", "backpressure")
    )


def test_a_result_file_is_read_test_by_test(tmp_path: Path) -> None:
    junit = tmp_path / "results.xml"
    junit.write_text(
        "<testsuites><testsuite>"
        '<testcase name="a" classname="pulsewright.sim.benches.b"/>'
        '<testcase name="c" classname="pulsewright.sim.benches.b"><failure/></testcase>'
        '<testcase name="d" classname="pulsewright.sim.benches.b"><skipped/></testcase>'
        "</testsuite></testsuites>"
    )
    results = bench_results(junit)
    assert results == BenchResults(*(frozenset({("b", name)}) for name in "acd"))
    junit.write_text("<testsuites><testsu")
    with pytest.raises(PulsewrightError, match=r"results\.xml is not the result of a simulation"):
        bench_results(junit)


def test_a_whole_run_is_accepted() -> None:
    check_complete([WRITES, PLAIN], BenchResults(BOTH, NONE, NONE), ["measures"], LOG)
    # A test that fails or is skipped need not have measured anything.
    check_complete([WRITES, PLAIN], BenchResults(NONE, BOTH, NONE), [], LOG)
    check_complete([WRITES, PLAIN], BenchResults(NONE, NONE, BOTH), [], LOG)


@pytest.mark.parametrize(
    ("expected", "outcomes", "words"),
    [
        ([WRITES, PLAIN, BenchTest("b", "more", ())], ["measures"], "ran 2 of 3 tests.*b.more"),
        ([PLAIN], ["measures"], "ran 1 of 1 tests.*a_bench.measures"),
        ([WRITES, PLAIN], [], "measures passed and has not stored"),
    ],
)
def test_a_run_that_is_not_whole_is_refused(
    expected: list[BenchTest], outcomes: list[str], words: str
) -> None:
    with pytest.raises(PulsewrightError, match=words):
        check_complete(expected, BenchResults(BOTH, NONE, NONE), outcomes, LOG)
