# SPDX-License-Identifier: Apache-2.0
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.journal import FilesOfTests, Passed, digest_of, part_of, read_passed

REPOSITORY = Path(__file__).parents[1]

pytest_plugins = ["pytester"]

SOURCE = """
import os
import pytest

@pytest.mark.parametrize("case", range(4))
def test_some(case):
    assert case != 2 or "MENDED" in os.environ

def test_absent():
    pytest.skip("not here")

@pytest.fixture
def broken():
    yield
    assert "MENDED" in os.environ

def test_with_a_fixture(broken):
    pass
"""
CONFTEST = """
from pathlib import Path
from tests.journal import Journal, FilesOfTests

def pytest_addoption(parser):
    parser.addoption("--digest", default="a")

def pytest_configure(config):
    worker = hasattr(config, "workerinput")
    path, digest = Path(config.rootpath / "build" / "j"), config.getoption("--digest")
    files = FilesOfTests(config.rootpath)
    config.pluginmanager.register(Journal(path, digest, files, not worker))
"""


@pytest.fixture
def some_tests(pytester: pytest.Pytester) -> pytest.Pytester:
    pytester.makepyfile(SOURCE)
    pytester.makeconftest(CONFTEST)
    return pytester


def passed_in(pytester: pytest.Pytester, digest: str) -> dict[str, Passed]:
    return read_passed(pytester.path / "build" / "j", digest, FilesOfTests(pytester.path))


def outcomes(pytester: pytest.Pytester, *arguments: str) -> tuple[int, dict[str, int]]:
    run = pytester.inline_run(*arguments)
    passed, skipped, failed = run.countoutcomes()
    return int(run.ret), {"passed": passed, "skipped": skipped, "failed": failed}


def test_what_passed_is_left_out_and_what_did_not_runs_again(
    some_tests: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = {"passed": 4, "skipped": 1, "failed": 2}
    assert outcomes(some_tests) == (1, first)
    assert len(passed_in(some_tests, "a")) == 3
    monkeypatch.setenv("MENDED", "1")
    assert outcomes(some_tests) == (0, {"passed": 2, "skipped": 1, "failed": 0})
    assert len(passed_in(some_tests, "a")) == 5
    assert outcomes(some_tests, "-k", "some") == (0, {"passed": 0, "skipped": 0, "failed": 0})


def test_other_files_begin_again(some_tests: pytest.Pytester) -> None:
    first = outcomes(some_tests)
    assert outcomes(some_tests, "--digest", "b") == first
    assert passed_in(some_tests, "a") == {}
    assert len(passed_in(some_tests, "b")) == 3
    # What was written before is not lost, and this is told.
    kept = some_tests.path / "build" / "j.1"
    assert len(read_passed(kept, "a", FilesOfTests(some_tests.path))) == 3
    told = some_tests.runpytest_inprocess("--digest", "c")
    told.stdout.fnmatch_lines(["*3 tests passed on other files*j.2"])
    assert (some_tests.path / "build" / "j.2").exists()
    assert len(read_passed(kept, "a", FilesOfTests(some_tests.path))) == 3


def test_a_line_that_was_not_finished_is_a_test_that_did_not_pass(tmp_path: Path) -> None:
    journal = tmp_path / "j"
    gone = {"seconds": 1.5, "file": "", "counts": {"rows": 3}, "models": ["a"]}
    lines = [{"digest": "a"}, {"test": "one"} | gone, {"test": "two"} | gone]
    text = "\n".join(map(json.dumps, lines))
    journal.write_text(text[:-5])
    files = FilesOfTests(tmp_path)
    assert read_passed(journal, "a", files) == {"one": Passed(1.5, {"rows": 3}, ["a"])}
    assert read_passed(tmp_path / "none", "a", files) == {}


def test_a_mended_file_of_tests_runs_again_alone(some_tests: pytest.Pytester) -> None:
    other = some_tests.makepyfile(test_other="def test_other():\n    pass\n")
    some_tests.inline_run()
    assert len(passed_in(some_tests, "a")) == 4
    other.write_text("def test_other():\n    assert True\n")
    assert outcomes(some_tests) == (1, {"passed": 2, "skipped": 1, "failed": 2})


def test_a_file_of_tests_counts_for_those_that_import_it(tmp_path: Path) -> None:
    folder = tmp_path / "tests" / "deep"
    folder.mkdir(parents=True)
    names = ("test_alone", "test_shared", "test_user", "test_users_user")
    (folder / "test_alone.py").write_text("")
    (folder / "test_shared.py").write_text("CASES = 3")
    (folder / "test_user.py").write_text("from tests.deep.test_shared import CASES")
    (folder / "test_users_user.py").write_text("from tests.deep.test_user import CASES")

    def digests() -> list[str]:
        files = FilesOfTests(tmp_path)
        return [files.digest(f"tests/deep/{name}.py::test_it") for name in names]

    whole, before = digest_of(tmp_path), digests()
    (folder / "test_shared.py").write_text("CASES = 4")
    assert digest_of(tmp_path) == whole
    assert [old == new for old, new in zip(before, digests(), strict=True)] == [
        *(True, False, False, False)
    ]
    # What is no file of tests is everybody's, and so is what it imports.
    (tmp_path / "conftest.py").write_text("from tests.deep.test_user import CASES")
    whole = digest_of(tmp_path)
    (folder / "test_shared.py").write_text("CASES = 5")
    assert digest_of(tmp_path) != whole


def test_files_of_tests_may_import_each_other(tmp_path: Path) -> None:
    folder = tmp_path / "tests"
    folder.mkdir()
    (folder / "test_one.py").write_text("from tests.test_two import X")
    (folder / "test_two.py").write_text("from tests.test_one import Y")
    assert FilesOfTests(tmp_path).digest("tests/test_one.py::test_it")


def test_the_digest_is_of_all_but_files_of_tests(tmp_path: Path) -> None:
    folder = tmp_path / "tests" / "deep"
    folder.mkdir(parents=True)
    (folder / "test_alone.py").write_text("")
    before = digest_of(tmp_path)
    (folder / "test_alone.py").write_text("# mended")
    assert digest_of(tmp_path) == before
    (folder / "models.py").write_text("")
    other = digest_of(tmp_path)
    assert other != before
    (tmp_path / "test_example.py").write_text("")
    assert digest_of(tmp_path) != other


def test_workers_leave_the_same_out(
    some_tests: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[1]))
    outcomes(some_tests)
    run = some_tests.runpytest_subprocess("-n", "2")
    run.assert_outcomes(passed=1, skipped=1, failed=1, errors=1)
    run.stdout.fnmatch_lines(["*passed  earlier  skipped*", "all*3*"])


def test_the_digest_follows_files_and_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.py").write_text("1")
    (tmp_path / "build").mkdir()
    before = digest_of(tmp_path)
    (tmp_path / "build" / "model.json").write_text("{}")
    assert digest_of(tmp_path) == before
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "a.toml").write_text("")
    with_file = digest_of(tmp_path)
    assert with_file != before
    monkeypatch.setenv("PULSEWRIGHT_DATA", "elsewhere")
    assert digest_of(tmp_path) not in (before, with_file)


def test_parts_are_folders() -> None:
    assert part_of("tests/rtl/engine/test_a.py::test_b[c/d]") == "rtl/engine"
    assert part_of("tests/hls_model/quantised_onnx/deep/test_a.py::test_b") == (
        "hls_model/quantised_onnx"
    )
    assert part_of("tests/test_a.py::test_b") == "."


def test_the_arguments_of_make_regression_go_on_behind_what_passed(tmp_path: Path) -> None:
    text = (REPOSITORY / "Makefile").read_text(encoding="utf-8").replace("\\\n", " ")
    (given,) = re.findall(r"-m pytest (.*-m regression .*--journal.*)", text)
    journal = tmp_path / "regression.jsonl"
    # A file that is there takes another way through the command line than one that is not.
    given = given.replace("build/regression.jsonl", str(journal)).replace("$(TEST_JOBS)", "2")
    here = Path(__file__).relative_to(REPOSITORY)
    for passed in ("1 passed", "no tests ran"):
        only = ["-m", "", "-k", "was_not_finished", "-o", f"testpaths={here}"]
        run = subprocess.run(
            [sys.executable, "-m", "pytest", *given.split(), *only],
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (run.returncode, passed in run.stdout) == (0, True), run.stdout + run.stderr
