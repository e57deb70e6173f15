# SPDX-License-Identifier: Apache-2.0

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pulsewright.hls_model.escape.comments import comment_text
from tests.hostile_texts import ANY_TEXT, BREAKS_OUT

# Trigraphs are read by the first alone, what they join by both.
STANDARDS = ("c99", "gnu11")


@given(text=ANY_TEXT)
def test_no_comment_ends_begins_or_goes_on(text: str) -> None:
    commented = comment_text(text)
    assert commented.isprintable()
    assert "*/" not in commented
    assert "/*" not in commented
    assert "??" not in commented
    assert not commented.rstrip(" ").endswith("\\")


@pytest.mark.parametrize("text", ["v_set", "mV", "µA/√Hz", "a * b / c", "what?", "C:\\new", ""])
def test_a_harmless_text_stays_as_it_is(text: str) -> None:
    assert comment_text(text) == text


def in_comments(texts: Sequence[str]) -> str:
    lines = []
    for number, text in enumerate(texts):
        commented = comment_text(text)
        lines += [f"/* {commented} */ int a{number};", f"int b{number}; // {commented}", ""]
        lines += [f"/* {commented}", "*/"]
    return "\n".join(lines) + "\n"


def tokens(compiler: str, text: str, standard: str, folder: Path) -> list[str]:
    source = folder / "comments.c"
    source.write_text(text, encoding="utf-8")
    flags = [f"-std={standard}", "-Wall", "-Wextra", "-Werror", "-P", "-E"]
    command = [compiler, *flags, "-fno-diagnostics-color", str(source)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()


@pytest.mark.parametrize("standard", STANDARDS)
def test_a_c_compiler_sees_the_same_tokens(standard: str, tmp_path: Path) -> None:
    compiler = shutil.which("gcc")
    if compiler is None:
        pytest.skip("gcc is not installed")
    harmless = in_comments(["harmless"] * len(BREAKS_OUT))
    hostile = in_comments(BREAKS_OUT)
    assert tokens(compiler, hostile, standard, tmp_path) == tokens(
        compiler, harmless, standard, tmp_path
    )


@pytest.mark.regression
@settings(max_examples=60, deadline=None)
@given(texts=st.lists(ANY_TEXT, min_size=200, max_size=200))
def test_so_it_does_of_any_texts(
    texts: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    compiler = shutil.which("gcc")
    if compiler is None:
        pytest.skip("gcc is not installed")
    folder = tmp_path_factory.mktemp("comments")
    harmless = in_comments(["harmless"] * len(texts))
    assert tokens(compiler, in_comments(texts), "c99", folder) == tokens(
        compiler, harmless, "c99", folder
    )


def test_icarus_sees_the_same_modules(tmp_path: Path) -> None:
    compiler = shutil.which("iverilog")
    if compiler is None:
        pytest.skip("iverilog is not installed")
    lines = []
    for number, text in enumerate(BREAKS_OUT):
        commented = comment_text(text)
        lines += [f"module a{number}; // {commented}", f"/* {commented} */ endmodule"]
    source = tmp_path / "comments.v"
    source.write_text("\n".join(lines) + "\n", encoding="utf-8")
    command = [compiler, "-g2005", "-t", "null", "-Wall", str(source)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, "planted" in done.stdout + done.stderr) == (0, False)
