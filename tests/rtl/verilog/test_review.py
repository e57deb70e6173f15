# SPDX-License-Identifier: Apache-2.0
"""What a person sees who reviews the Verilog: names, comments, the order of ports."""

import re
import subprocess
from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest

from pulsewright.rtl.buses.registry import BUSES, INSTRUCTIONS
from pulsewright.rtl.top import StreamTop, Top
from pulsewright.rtl.tops import coprocessor_top
from pulsewright.rtl.verilog.lint_waivers import lint_waivers
from pulsewright.rtl.verilog.writer import to_verilog
from pulsewright.sim.simulators import Simulator, simulator_environment
from tests.models import fold_model, random_model

A1 = (6, 64, 1), [(8, 6), (1, 8)]
A3 = (6, 64, 64, 64, 1), [(1, 6), (8, 8), (8, 8), (1, 8)]
SEVERAL_OUTPUTS = (6, 8, 5, 3), [(3, 4), (2, 5), (2, 3)]
PARTS = {
    "A1": (A1, {}),
    "A3": (A3, {}),
    "reloadable": (A1, {"reloadable": True}),
    "incremental": (((6, 64, 1), [(8, 2), (1, 8)]), {"incremental": True}),
    "several outputs": (SEVERAL_OUTPUTS, {}),
    "shallow": (((6, 8, 1), [(8, 6), (1, 8)]), {"shallow": True}),
}
DESIGNS = (
    *((f"{attachment} A1", attachment, "A1") for attachment in (*BUSES, *INSTRUCTIONS)),
    *((f"obi {part}", "obi", part) for part in PARTS if part != "A1"),
    *((f"engine {part}", "engine", part) for part in PARTS if part != "reloadable"),
)
NAME = "pulse"
MODULE = re.compile(
    r"((?:^// [^\n]*\n)*)^module (\w+)(?: #\([^()]*\))? \(\n(.*?)^\);\n(.*?)^endmodule\n",
    re.M | re.S,
)
DECLARATION = re.compile(
    r"^  (?:(?:input|output) )?(?:reg|wire) (?:\[[\w-]+:0\] )?(\w+)(?: \[[\w:-]+\])?"
    r"[,;]?(?:  //[^\n]*)?$",
    re.M,
)


@cache
def top(attachment: str, part: str) -> Top:
    (sizes, foldings), options = PARTS[part]
    # Three outputs would not fit an instruction; jobs with pulse numbers have their own tests.
    model = random_model(sizes, pulses=None if attachment == "engine" else 100)
    folded = fold_model(model, foldings, **options)
    if attachment == "engine":
        return StreamTop(model, folded)
    return coprocessor_top(attachment, model, folded)


@cache
def text_of(design: str) -> str:
    attachment, part = next(made_of for name, *made_of in DESIGNS if name == design)
    return to_verilog(top(attachment, part), NAME)


# Each part but the large A3, and an attachment of each kind.
QUICK = {
    *("obi A1", "wishbone A1", "pcpi A1", "obi reloadable", "obi incremental"),
    *("engine several outputs", "engine shallow"),
}
every_design = pytest.mark.parametrize(
    "design",
    [
        design if design in QUICK else pytest.param(design, marks=pytest.mark.regression)
        for design, *_ in DESIGNS
    ],
)


@pytest.mark.quick_cases(3)
@every_design
def test_nearly_every_declaration_has_a_name_of_its_own(design: str) -> None:
    """Amaranth numbers nets, parts of signals at ports, and signals of one name: x, x$12."""
    unnamed = []
    total = 0
    for _, module, ports, body in MODULE.findall(text_of(design)):
        names = DECLARATION.findall(ports + body)
        assert max(Counter(names).values()) == 1, "declared twice"
        total += len(names)
        for name in names:
            numbered = re.fullmatch(r"(\w+?)_\d+_*", name)
            if re.fullmatch(r"net_\w*|port_\d+_\d+_*|_\d+_", name) or (
                numbered and numbered[1] in names
            ):
                unnamed.append(f"{module}.{name}")
    assert total > 50
    assert len(unnamed) <= 0.05 * total, unnamed


@every_design
def test_every_module_says_what_it_does_and_how_long_it_takes(design: str) -> None:
    modules = MODULE.findall(text_of(design))
    assert len(modules) == len(re.findall(r"^module ", text_of(design), re.M))
    for comment, module, _, _ in modules:
        sentences = comment.replace("\n// ", " ")
        assert len(sentences) > 20, module
        assert module == NAME or re.search(r"cycle", sentences), module


@every_design
def test_ports_are_declared_once_clock_and_reset_first(design: str) -> None:
    for _, module, ports, _ in MODULE.findall(text_of(design)):
        names = DECLARATION.findall(ports)
        assert len(names) == len(ports.splitlines()), module
        clocked = [name for name in names if name in ("clk", "clk_i", "rst", "rst_ni")]
        assert names[: len(clocked)] == clocked, module


@every_design
def test_the_ports_of_the_top_are_those_of_the_data_sheet_with_a_line_on_each(design: str) -> None:
    attachment, part = next(made_of for name, *made_of in DESIGNS if name == design)
    wanted = list(top(attachment, part).signature.members)
    (ports,) = (ports for _, name, ports, _ in MODULE.findall(text_of(design)) if name == NAME)
    assert DECLARATION.findall(ports) == wanted
    for line in ports.splitlines():
        assert re.search(r"  // \w.{3,}$", line), line


@every_design
def test_no_register_is_assigned_to_itself(design: str) -> None:
    """if (load) x <= y: Yosys would write x <= load ? y : x through a net."""
    assert not re.search(r"\b(\w+(?:\[[\d:]+\])?) <= \1;", text_of(design))
    loads = re.findall(r"^ +(?:else )?if \((.*)\) \w+ <= .*;$", text_of(design), re.M)
    assert "multiply_load" in loads or "operand_load" in loads


@every_design
def test_registers_are_known_by_their_names(design: str) -> None:
    text = text_of(design)
    if design.startswith("engine"):
        assert "registers" not in text
        return
    for port in ("job__value", "input_1__written", "acquire__read", "commit_trigger__selected"):
        assert re.search(rf"^    \.{port}\(", text, re.M), port
    assert "ports__" not in text


@every_design
def test_tools_take_it_silently(design: str, tmp_path: Path) -> None:
    (tmp_path / f"{NAME}.v").write_text(text_of(design))
    (tmp_path / f"{NAME}.vlt").write_text(lint_waivers(NAME))
    icarus = ["iverilog", "-g2005", "-Wall", "-Wno-timescale", "-t", "null", f"{NAME}.v"]
    lint = ["verilator", "--lint-only", "-Wall", "--top-module", NAME, f"{NAME}.vlt", f"{NAME}.v"]
    with simulator_environment(Simulator.VERILATOR):
        for command in (icarus, lint):
            run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
            assert run.returncode == 0, run.stderr
            assert "%Warning" not in run.stderr
            assert command is lint or (run.stdout, run.stderr) == ("", "")


@pytest.mark.parametrize(
    "designs",
    [
        pytest.param(QUICK, id="quick"),
        pytest.param([name for name, *_ in DESIGNS], id="all", marks=pytest.mark.regression),
    ],
)
def test_lines_can_be_read(designs: Iterable[str]) -> None:
    lines = [line for design in designs for line in text_of(design).splitlines()]
    long = [line for line in lines if len(line) > 110 and "word_at = " not in line]
    assert len(long) < 0.01 * len(lines)
