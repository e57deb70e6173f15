# SPDX-License-Identifier: Apache-2.0
"""What the author of a model wrote stays text in every file that is made of it."""

import json
import re
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest
from amaranth.hdl import Fragment
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from systemrdl.node import AddrmapNode

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.escape.identifiers import checked_coprocessor_name
from pulsewright.hls_model.escape.reserved_words import CHARGE_STRENGTHS
from pulsewright.hls_model.escape.terminal import visible
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.rtl.package.assemble import GeneratedVerilog, package_files
from pulsewright.rtl.package.data_sheet import data_sheet
from pulsewright.rtl.package.design import packaged_design
from pulsewright.rtl.package.file_lists import PackagePaths
from pulsewright.rtl.package.input_map_header import input_map_header
from pulsewright.rtl.package.wave_diagram import wave_picture
from pulsewright.rtl.package.weight_header import weight_header
from pulsewright.rtl.register_texts.c_header import register_header
from pulsewright.rtl.register_texts.register_page import register_page
from pulsewright.rtl.register_texts.system_rdl import addrmap_name, compiled_rdl, system_rdl
from pulsewright.rtl.top import BusTop, StreamTop
from pulsewright.rtl.verilog.writer import to_verilog
from tests.hostile_texts import ANY_TEXT, BREAKS_OUT
from tests.models import random_model
from tests.rtl.package.packages import NO_VERILOG, data_sheet_energy, design, network


def with_texts(model: IntegerMlp, texts: Sequence[str]) -> IntegerMlp:
    """The model with these names and units of its features, past all checks of a file's reader."""
    features = tuple(
        feature.model_copy(update={"name": text, "unit": text})
        for feature, text in zip(model.input_map.features, texts, strict=True)
    )
    input_map = model.input_map.model_copy(update={"features": features})
    return model.model_copy(update={"input_map": input_map})


def tokens(header: str, folder: Path) -> list[str]:
    """Of our own lines alone, as a C99 compiler sees them, after it took the whole header."""
    compiler = shutil.which("gcc")
    if compiler is None:
        pytest.skip("gcc is not installed")
    source = folder / "header.c"
    source.write_text(header, encoding="utf-8")
    flags = ["-std=c99", "-ffreestanding", "-Wall", "-Wextra", "-Werror", "-Wno-unused-function"]
    subprocess.run([compiler, *flags, "-fsyntax-only", source], check=True)
    command = [compiler, *flags, "-E", "-P", source]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return re.sub(r"_code_\w*", "_code_x", text[text.index("x_clamp") :]).split()


def check_header(texts: Sequence[str], folder: Path) -> None:
    model = random_model((len(texts), 1, 1))
    harmless = input_map_header(with_texts(model, ["v"] * len(texts)), "x")
    hostile = input_map_header(with_texts(model, texts), "x")
    assert len(hostile.splitlines()) == len(harmless.splitlines())
    assert tokens(hostile, folder) == tokens(harmless, folder)


def test_no_text_of_a_model_is_compiled(tmp_path: Path) -> None:
    check_header(BREAKS_OUT, tmp_path)


@pytest.mark.regression
@settings(max_examples=40, deadline=None)
@given(texts=st.lists(ANY_TEXT, min_size=60, max_size=60))
def test_so_is_none_of_any_texts(
    texts: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    check_header(texts, tmp_path_factory.mktemp("header"))


READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def table_rows(sheet: str) -> list[list[str]]:
    """The text of every table row; nothing in the sheet may be HTML but its first line."""
    rows: list[list[str]] = []
    for token in READER.parse(sheet.partition("\n")[2]):
        assert token.type != "html_block"
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline" and token.level > 3:
            children = token.children or []
            kinds = {child.type for child in children}
            assert kinds <= {"text", "text_special", "code_inline"}, token.content
            rows[-1].append("".join(child.content for child in children))
    return rows


@settings(max_examples=30, deadline=None)
@given(texts=st.lists(ANY_TEXT, min_size=6, max_size=6))
def test_the_data_sheet_shows_the_texts_and_has_no_other_cells(texts: list[str]) -> None:
    found = design()
    paths = PackagePaths(found.name, found.bus)
    energy = data_sheet_energy(found.model, found.folded)
    harmless = table_rows(
        data_sheet(replace(found, model=with_texts(found.model, ["v"] * 6)), paths, energy)
    )
    hostile = table_rows(
        data_sheet(replace(found, model=with_texts(found.model, texts)), paths, energy)
    )
    assert [len(row) for row in hostile] == [len(row) for row in harmless]
    first = next(i for i, row in enumerate(harmless) if row[3:5] == ["v", "v"])
    shown = [visible(text).strip() for text in texts]
    assert [row[3:5] for row in hostile[first : first + 6]] == [[text, text] for text in shown]


@cache
def stream_top() -> StreamTop:
    top = StreamTop(*network("plain"))
    Fragment.get(top, None)  # Amaranth warns of a design that is not used.
    return top


class Elements(HTMLParser):
    """What a page consists of, without its text but for its title."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[object] = []
        self.title = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, [name for name, _ in attrs]))

    def handle_comment(self, data: str) -> None:
        self.found.append(data)

    def handle_data(self, data: str) -> None:
        if self.found[-1:] == [("title", [])] and not self.title:
            self.title = data


@cache
def registers() -> AddrmapNode:
    return compiled_rdl(system_rdl(design().register_map, "mine"), addrmap_name("mine"))


def elements(title: str) -> Elements:
    parser = Elements()
    parser.feed(register_page(registers(), title))
    parser.close()
    return parser


@pytest.mark.regression
@pytest.mark.parametrize("text", [text for text in BREAKS_OUT if {*text} & {*'<&"{\x1b'}])
def test_the_page_of_the_registers_has_no_other_elements(text: str) -> None:
    page = elements(text)
    assert page.title == visible(text)
    assert page.found == elements("harmless").found


@cache
def drawn(head: str) -> list[str]:
    waves = {"signal": [{"name": head, "wave": "p."}], "head": {"text": head}}
    return [one.tag for one in ElementTree.fromstring(wave_picture(json.dumps(waves))).iter()]


@pytest.mark.parametrize("text", [text for text in BREAKS_OUT if text.strip()])
def test_the_picture_of_waves_has_no_other_elements(text: str) -> None:
    assert drawn(visible(text)) == drawn("harmless")


@cache
def bus_top() -> BusTop:
    top = BusTop(*network("plain"), "obi")
    Fragment.get(top, None)
    return top


GENERATORS: dict[str, Callable[[str], object]] = {
    "package": lambda name: package_files(
        name,
        "obi",
        *network("plain"),
        GeneratedVerilog(NO_VERILOG, NO_VERILOG),
        data_sheet_energy(*network("plain")),
    ),
    "design": lambda name: packaged_design(bus_top(), network("plain")[0], name, "obi"),
    "register header": lambda name: register_header(network("plain")[0], name),
    "SystemRDL": lambda name: system_rdl(design().register_map, name),
    "input map": lambda name: input_map_header(network("plain")[0], name),
    "weights": lambda name: weight_header(name, [(0, 1)]),
    "Verilog": lambda name: to_verilog(stream_top(), name),
}


@pytest.mark.parametrize("generator", GENERATORS)
def test_a_name_that_is_no_identifier_is_refused_by_every_generator(generator: str) -> None:
    for name in BREAKS_OUT:
        with pytest.raises(PulsewrightError):
            GENERATORS[generator](name)


ALLOWED = [*sorted(CHARGE_STRENGTHS), "test", "core", "name", "x", "field"]


@pytest.mark.parametrize(
    ("generator", "name"),
    [
        # A package takes as long as all others, and calls them.
        pytest.param(generator, name, marks=pytest.mark.regression)
        if generator == "package" and name != "field"
        else (generator, name)
        for generator in sorted(GENERATORS.keys() - {"Verilog"})
        for name in ALLOWED
    ],
)
def test_every_generator_takes_what_a_recipe_may_be_called(generator: str, name: str) -> None:
    """Training is done by then. Modules have more to their names, so one of any word is no need."""
    assert checked_coprocessor_name(name) == name
    GENERATORS[generator](name)
