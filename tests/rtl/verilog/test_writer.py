# SPDX-License-Identifier: Apache-2.0
import re
import subprocess
from pathlib import Path

import pytest

from pulsewright.rtl.top import BusTop, StreamTop, Top
from pulsewright.rtl.verilog.lint_waivers import lint_waivers
from pulsewright.rtl.verilog.writer import to_verilog
from pulsewright.sim.simulators import Simulator, simulator_environment
from tests.models import changed, fold_model, random_model

CASES = {
    "unrolled": ((6, 8, 1), [(8, 6), (1, 8)]),
    "folded": ((6, 8, 5, 3), [(3, 4), (2, 5), (2, 3)]),
    "per_channel": ((6, 8, 5, 3), [(3, 4), (2, 5), (2, 3)]),
    "A1": ((6, 64, 1), [(8, 6), (1, 8)]),
    "A3": ((6, 64, 64, 64, 1), [(1, 6), (8, 8), (8, 8), (1, 8)]),
}
LONG = {"A3"}


def make_top(kind: type[Top], case: str) -> Top:
    sizes, foldings = CASES[case]
    model = random_model(sizes, per_channel=case == "per_channel")
    return kind(model, fold_model(model, foldings))


class Texts(dict[tuple[str, str], str]):
    """By kind of top and case, each written when a test first asks for it."""

    def __missing__(self, which: tuple[str, str]) -> str:
        kind, case = which
        top = make_top({"BusTop": BusTop, "StreamTop": StreamTop}[kind], case)
        self[which] = to_verilog(top, f"pulse_{case.lower()}")
        return self[which]


@pytest.fixture(scope="module")
def texts() -> Texts:
    return Texts()


every_text = pytest.mark.parametrize(
    "which",
    [
        pytest.param((kind, case), marks=pytest.mark.regression if case in LONG else ())
        for kind in ("BusTop", "StreamTop")
        for case in CASES
    ],
)


def statements(text: str) -> str:
    """The text without comments."""
    return re.sub(r"//[^\n]*|/\*.*?\*/", "", text, flags=re.DOTALL)


@every_text
def test_nothing_is_left_to_the_simulator_s_goodwill(texts: Texts, which: tuple[str, str]) -> None:
    """What ASIC flows drop, what Icarus leaves X at time zero, and what it cannot parse."""
    text = statements(texts[which])
    assert not re.search(r"\binitial\b", text)
    assert not re.search(r"always\s*@\s*\(?\s*\*", text)
    assert not re.search(r"\breg\b[^;]*=", text), "no initial value but the reset's"
    assert "\\" not in text, "no escaped identifier"
    for body in re.findall(r"\bfunction\b(.*?)\bendfunction\b", text, re.DOTALL):
        assert "case (step)" in body
        assert "default:" in body, "a function would keep the word of the step before"
    assert not re.search(r"\balways_(comb|ff|latch)\b|\blogic\b", text), "Verilog-2005 only"


@every_text
def test_every_register_has_the_clock_of_the_port_and_its_reset(
    texts: Texts, which: tuple[str, str]
) -> None:
    text = statements(texts[which])
    top = f"pulse_{which[1].lower()}"
    modules = re.findall(r"^module (\S+?) ?\((.*?)^endmodule", text, re.MULTILINE | re.DOTALL)
    sensitivities = []
    for name, body in modules:
        edges = re.findall(r"always\s*@\s*\(([^)]*)\)", body)
        clock_port = "clk_i" if name == top else "clk"
        assert set(re.findall(r"\.clk\((\S+)\)", body)) <= {clock_port}, name
        if edges:
            assert re.search(rf"^\s*input wire {clock_port},$", body, re.MULTILINE), name
        if name == top:
            assert "assign rst = ~rst_ni;" in body
            assert not edges
        sensitivities += edges
    assert set(sensitivities) == {"posedge clk", "posedge clk, posedge rst"}


@every_text
def test_only_data_behind_a_valid_bit_goes_without_reset(
    texts: Texts, which: tuple[str, str]
) -> None:
    """Valid bits, counters and control registers are set by the reset; data registers need none."""
    text = statements(texts[which])
    without = set()
    for match in re.finditer(r"always\s*@\s*\(posedge \S+\)\s*(?:begin)?(.*?)<=", text, re.DOTALL):
        without.add(match.group(1).split()[-1].split("[")[0])
    for name in without:
        assert not re.search(r"valid|full|busy|index|step|group|beat|waiting|occupied", name), name


@every_text
def test_submodules_are_named_after_the_top(texts: Texts, which: tuple[str, str]) -> None:
    prefix = f"pulse_{which[1].lower()}"
    modules = re.findall(r"^module (\S+?) ?\(", statements(texts[which]), re.MULTILINE)
    assert prefix in modules
    assert len(modules) == len(set(modules)) > 1
    for module in modules:
        assert module.startswith(prefix)
    engine = f"{prefix}_coprocessor_engine" if which[0] == "BusTop" else f"{prefix}_engine"
    assert f"{engine}_layer1" in modules
    assert re.search(rf"^  {engine}_layer1 layer1 \(", texts[which], re.MULTILINE)


@every_text
def test_the_text_says_its_licence_and_its_maker(texts: Texts, which: tuple[str, str]) -> None:
    lines = texts[which].splitlines()
    assert lines[0] == "// SPDX-License-Identifier: Apache-2.0"
    assert "Pulsewright" in lines[1]
    assert "amaranth" not in texts[which].lower(), "no path of this machine, no attribute"
    assert str(Path(__file__).parents[3]) not in texts[which]


@pytest.mark.parametrize("kind", [BusTop, StreamTop])
def test_the_same_model_gives_the_same_text(texts: Texts, kind: type[Top]) -> None:
    again = to_verilog(make_top(kind, "folded"), "pulse_folded")
    assert again == texts[kind.__name__, "folded"]


def test_channel_shifts_of_zero_cost_nothing() -> None:
    sizes, foldings = CASES["folded"]
    plain = random_model(sizes)
    zeros = changed(
        plain,
        layers=tuple(changed(layer, channel_shifts=(0,) * layer.neurons) for layer in plain.layers),
    )
    first, second = (
        statements(to_verilog(StreamTop(model, fold_model(model, foldings)), "x"))
        for model in (plain, zeros)
    )
    assert first == second


def test_channel_shifts_of_an_unrolled_engine_are_wiring() -> None:
    """No selection and no register more than the same network with one scale."""
    sizes, foldings = CASES["unrolled"]
    plain, scaled = (
        statements(to_verilog(StreamTop(model, fold_model(model, foldings)), "x"))
        for model in (random_model(sizes), random_model(sizes, per_channel=True))
    )
    assert scaled != plain
    assert len(re.findall(r"\bchannel_shift", scaled)) == 0
    for pattern in (r"always @\(posedge", r" \* "):
        assert len(re.findall(pattern, scaled)) == len(re.findall(pattern, plain))


def test_another_model_gives_another_text() -> None:
    sizes, foldings = CASES["unrolled"]
    one, other = (random_model(sizes, seed=seed) for seed in (0, 1))
    first, second = (
        to_verilog(StreamTop(model, fold_model(model, foldings)), "x") for model in (one, other)
    )
    assert first != second


@every_text
def test_icarus_elaborates_it_without_a_warning(
    texts: Texts, which: tuple[str, str], tmp_path: Path
) -> None:
    source = tmp_path / "design.v"
    source.write_text(texts[which])
    run = subprocess.run(
        ["iverilog", "-g2005", "-Wall", "-Wno-timescale", "-t", "null", str(source)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")


@every_text
def test_verilator_s_lint_finds_nothing_but_what_is_waived(
    texts: Texts, which: tuple[str, str], tmp_path: Path
) -> None:
    name = f"pulse_{which[1].lower()}"
    (tmp_path / f"{name}.v").write_text(texts[which])
    (tmp_path / f"{name}.vlt").write_text(lint_waivers(name))
    with simulator_environment(Simulator.VERILATOR):
        run = subprocess.run(
            ["verilator", "--lint-only", "-Wall", "--top-module", name, f"{name}.vlt", f"{name}.v"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
    assert (run.returncode, run.stderr) == (0, "")


def test_two_coprocessors_fit_one_system(texts: Texts, tmp_path: Path) -> None:
    (tmp_path / "a.v").write_text(texts["BusTop", "folded"])
    (tmp_path / "b.v").write_text(texts["BusTop", "unrolled"])
    run = subprocess.run(
        ["iverilog", "-g2005", "-t", "null", str(tmp_path / "a.v"), str(tmp_path / "b.v")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stderr) == (0, "")
