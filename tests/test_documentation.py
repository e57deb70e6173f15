# SPDX-License-Identifier: Apache-2.0
"""README.md and docs/: what they link to is there, and what they tell to type is understood."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import typer.main

from pulsewright.flow.cli import app

REPOSITORY = Path(__file__).parents[1]
DOCS = REPOSITORY / "docs"
MOST_WORDS = 600
FENCED = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
IMAGE = re.compile(r"^!\[[^\]]*\]\(\S+\)\n\n(?:\*((?:[^*]|\n)*)\*\n)?", re.MULTILINE)
# What is asked most, by words of the first page, and what a page behind its links must tell.
ANSWERS = {
    "own curves": ("pulsewright init --from", "current"),
    "own network": ("pulsewright import", "Brevitas"),
    "attach to my SoC": ('bus = "', "APB4"),
    "driver": ("STATUS", "#include"),
    "in my own bench": ("bench/", "assert"),
    "rounding": ("half", "saturat"),
    "without synthesis": ("initiation_interval", "pulsewright energy"),
    "How many gates": ("pulsewright synth", "kGE", "MHz", "pJ"),
    "cluster": ("--scheduler", "Pareto"),
    "real devices": ("pulsewright closed-loop", "reads"),
}
PAGES = sorted([*DOCS.glob("*.md"), *REPOSITORY.glob("*.md")])


def relative(page: Path) -> str:
    return str(page.relative_to(REPOSITORY))


def shell_lines(text: str) -> list[str]:
    """What fenced blocks tell to type; a prompt before it is left out."""
    blocks = [body for language, body in FENCED.findall(text) if language in {"", "sh", "console"}]
    lines = [line.removeprefix("$ ") for body in blocks for line in body.splitlines()]
    return [line for line in lines if line.startswith(("pulsewright ", "make ", ".venv/bin/"))]


def words_of(line: str) -> list[str]:
    """Of the command alone: without a comment, or what is done with its output."""
    words = shlex.split(line.removeprefix(".venv/bin/"), comments=True)
    ends = [number for number, word in enumerate(words) if word in {">", "|", "&&"}]
    return words[: min(ends, default=len(words))]


def unknown_option(words: list[str]) -> str | None:
    """The first command or option of a `pulsewright ...` that there is none of."""
    group = typer.main.get_command(app)
    commands = getattr(group, "commands")  # noqa: B009
    if len(words) < 2 or words[1].startswith("-") or not re.fullmatch(r"[a-z-]+", words[1]):
        return None
    if words[1] not in commands:
        return words[1]
    known = {"--help"}
    for parameter in commands[words[1]].params:
        known |= {*parameter.opts, *parameter.secondary_opts}
    given = [word.strip("[]").partition("=")[0] for word in words[2:]]
    return next((word for word in given if word.startswith("--") and word not in known), None)


def unknown_target(words: list[str]) -> str | None:
    """The first target of a `make ...` here that the Makefile has not."""
    text = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([\w/.-]+(?: [\w/.-]+)*):", text, re.MULTILINE))
    known = {name for line in targets for name in line.split()}
    if "-C" in words:
        return None
    given = [word for word in words[1:] if "=" not in word and not word.startswith("-")]
    return next((word for word in given if word not in known), None)


@pytest.mark.parametrize("page", PAGES, ids=relative)
def test_what_a_page_tells_to_type_is_understood(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    group = typer.main.get_command(app)
    for line in shell_lines(text):
        words = words_of(line)
        if words[0] == "make":
            assert unknown_target(words) is None, line
        elif words[0] == "pulsewright":
            assert unknown_option(words) is None, line
            # Every argument that it needs is given, and each value is of its type.
            command = getattr(group, "commands")[words[1]]  # noqa: B009
            command.make_context(words[1], list(words[2:]))
    for code in INLINE.findall(FENCED.sub("", text)):
        words = code.replace("\\|", " ").split()
        if words and words[0] == "pulsewright":
            assert unknown_option(words) is None, code
        if words[:1] == ["make"] and re.fullmatch(r"make [a-z][a-z -]*", code):
            assert unknown_target(words) is None, code


@pytest.mark.parametrize("page", PAGES, ids=relative)
def test_a_figure_says_what_made_it(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    captions = IMAGE.findall(text)
    assert len(captions) == len(re.findall(r"^!\[", text, re.MULTILINE))
    for caption in captions:
        made = re.search(r"Made by\s`([^`]+)`", caption)
        assert made is not None, caption
        words = made[1].split()
        assert words[0] in {"pulsewright", "make"} or (REPOSITORY / words[0]).exists(), made[1]


@pytest.mark.parametrize("page", PAGES, ids=relative)
def test_what_a_page_links_to_is_there(page: Path) -> None:
    links = LINK.findall(FENCED.sub("", page.read_text(encoding="utf-8")))
    local = [link for link in links if "://" not in link and not link.startswith("mailto:")]
    assert [link for link in local if not (page.parent / link).exists()] == []


def test_the_site_has_every_page() -> None:
    text = (REPOSITORY / "mkdocs.yml").read_text(encoding="utf-8")
    listed = re.findall(r"^ +- (?:.*: )?([\w-]+\.md)$", text, re.MULTILINE)
    assert sorted(listed) == sorted(page.name for page in DOCS.glob("*.md"))


def test_the_first_page_is_short_and_answers_what_is_asked_most() -> None:
    text = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    assert len(text.split()) <= MOST_WORDS
    questions = [line for line in text.splitlines() if re.match(r"\| .*\? \|", line)]
    assert len(questions) == 10
    assert [line for line in questions if not LINK.search(line)] == []


@pytest.mark.parametrize(("question", "answers"), ANSWERS.items())
def test_two_clicks_lead_to_an_answer(question: str, answers: tuple[str, ...]) -> None:
    lines = (REPOSITORY / "README.md").read_text(encoding="utf-8").splitlines()
    (row,) = (line for line in lines if re.match(rf"\| [^|]*{question}[^|]*\? \|", line))
    texts = [(REPOSITORY / link).read_text(encoding="utf-8") for link in LINK.findall(row)]
    for answer in answers:
        assert any(answer in text for text in texts), answer


def test_what_is_not_there_is_found() -> None:
    assert unknown_option(["pulsewright", "runn", "x.toml"]) == "runn"
    assert unknown_option(["pulsewright", "run", "x.toml", "--wave"]) == "--wave"
    assert unknown_option(["pulsewright", "run", "RECIPE", "[--waves]"]) is None
    assert unknown_target(["make", "run", "RECIPE=a.toml", "tset"]) == "tset"


@pytest.mark.regression
def test_the_site_is_made_without_a_warning(tmp_path: Path) -> None:
    pytest.importorskip("mkdocs")
    run = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path / "site")],
        cwd=REPOSITORY,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    page = (tmp_path / "site" / "python-reference.html").read_text(encoding="utf-8")
    # Docstrings are on it, and no address from which something would be fetched.
    assert "Read a finished model" in page
    assert not re.findall(r"<(?:script|link|img)[^>]*(?:src|href)=.https?:", page)
