# SPDX-License-Identifier: Apache-2.0
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from pulsewright.rtl.buses.options import AttachmentOptions, Termination
from pulsewright.rtl.buses.registry import BUSES, INSTRUCTIONS
from pulsewright.rtl.package.file_lists import PackagePaths, constraints
from pulsewright.sim.simulators import Simulator, simulator_environment
from tests.rtl.package.packages import NAME, design, files, paperwork, write


def run(*command: object, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(part) for part in command], cwd=folder, capture_output=True, text=True, check=False
    )


@pytest.mark.quick_cases(3)
@pytest.mark.parametrize("bus", [*BUSES, *INSTRUCTIONS])
def test_every_path_that_a_list_names_is_in_the_package(bus: str) -> None:
    contents = paperwork(bus)
    paths = PackagePaths(NAME, bus)
    core = yaml.safe_load(contents[paths.core].decode().partition("\n")[2])
    named = [path for fileset in core["filesets"].values() for path in fileset["files"]]
    for source in yaml.safe_load(contents[paths.bender])["sources"]:
        named += source["files"]
    for file_list in (paths.file_list, paths.bench_list):
        lines = contents[file_list].decode().splitlines()
        named += [line for line in lines if not line.startswith("//")]
    assert set(named) <= set(contents)
    sources = {path for path in contents if path.endswith((".v", ".sv", ".vlt", ".sdc"))}
    assert sources == set(named)
    for target in core["targets"].values():
        assert set(target["filesets"]) <= set(core["filesets"])


def fusesoc(
    folder: Path, target: str, core: str = f"pulsewright:mlp:{NAME}"
) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).parent / "fusesoc"
    if not program.exists():
        pytest.skip("fusesoc is not installed; it comes with the extra dev")
    return run(program, "--cores-root", ".", "run", "--target", target, core, folder=folder)


def test_fusesoc_runs_the_bench(tmp_path: Path) -> None:
    result = fusesoc(write(tmp_path, files()), "sim")
    assert result.returncode == 0, result.stdout + result.stderr
    assert "PASS: " in result.stdout


def test_fusesoc_tells_a_bench_that_fails(tmp_path: Path) -> None:
    contents = dict(files())
    path = f"bench/{NAME}_tb.v"
    contents[path] = contents[path].replace(b"32'h50554C53", b"32'h50554C52")
    assert contents[path] != files()[path]
    result = fusesoc(write(tmp_path, contents), "sim")
    assert result.returncode != 0
    assert "IDENTITY is 50554c53, expected 50554c52" in result.stdout


@pytest.mark.parametrize(
    ("bus", "target"),
    [
        ("obi", "lint"),
        ("obi", "lint_engine"),
        *(
            pytest.param(bus, "lint", marks=pytest.mark.regression)
            for bus in (*BUSES, *INSTRUCTIONS)
            if bus != "obi"
        ),
    ],
)
def test_fusesoc_lints_without_a_word(bus: str, target: str, tmp_path: Path) -> None:
    with simulator_environment(Simulator.VERILATOR):
        result = fusesoc(write(tmp_path, files(bus)), target)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "%Warning" not in result.stdout + result.stderr


@pytest.mark.regression
@pytest.mark.parametrize("termination", ["synchronous", "asynchronous"])
def test_a_port_that_counts_words_lints_without_a_word(
    termination: Termination, tmp_path: Path
) -> None:
    options = AttachmentOptions(addressing="word", termination=termination)
    with simulator_environment(Simulator.VERILATOR):
        result = fusesoc(write(tmp_path, files("wishbone", options=options)), "lint")
    assert result.returncode == 0, result.stdout + result.stderr
    assert "%Warning" not in result.stdout + result.stderr


SOC_CORE = """CAPI=2:
name: soc:soc:soc:1.0.0
filesets:
  soc:
    files: [soc.v]
    file_type: verilogSource-2005
    depend: [pulsewright:mlp:pulse]
targets:
  default: &default
    filesets: [soc]
    toplevel: soc
  lint:
    <<: *default
    flow: lint
    flow_options: {tool: verilator, verilator_options: [-Wall]}
  sim:
    <<: *default
    flow: sim
    flow_options: {tool: icarus, iverilog_options: [-g2005]}
"""


@pytest.mark.quick_cases(1)
@pytest.mark.parametrize(
    ("target", "fault", "told"),
    [("lint", "", False), ("lint", "wire unread;", True), ("sim", "", False)],
)
def test_a_soc_that_depends_on_the_core_lints_with_its_waivers(
    target: str, fault: str, told: bool, tmp_path: Path
) -> None:
    """They come with the default target, and waive nothing of the SoC; Icarus leaves them alone."""
    folder = write(tmp_path, files())
    ports = ", ".join(f"{p.direction} wire {p.vector}{p.name}" for p in design().ports)
    joined = ", ".join(f".{p.name}({p.name})" for p in design().ports)
    (folder / "soc.v").write_text(
        f"module soc ({ports});\n{fault}\n{design().coprocessor} i_coprocessor ({joined});\n"
        "endmodule\n"
    )
    (folder / "soc.core").write_text(SOC_CORE)
    with simulator_environment(Simulator.VERILATOR):
        result = fusesoc(folder, target, "soc:soc:soc")
    assert (result.returncode != 0) == told, result.stdout + result.stderr
    assert ("%Warning-UNUSEDSIGNAL" in result.stdout + result.stderr) == told


def test_the_lint_of_the_read_me_is_the_same(tmp_path: Path) -> None:
    folder = write(tmp_path, files())
    lines = files()["README.md"].decode().splitlines()
    commands = [line.split() for line in lines if line.startswith("verilator ")]
    assert len(commands) == 2
    with simulator_environment(Simulator.VERILATOR):
        for command in commands:
            result = run(*command, folder=folder)
            assert (result.returncode, result.stderr) == (0, "")
            assert "%" not in result.stdout, "no warning beside the statistics"


SDC_COMMANDS = """
proc get_ports {names} { return $names }
proc get_clocks {name} { return $name }
proc create_clock {args} { puts "create_clock $args" }
proc set_clock_uncertainty {args} { puts "set_clock_uncertainty $args" }
proc set_false_path {args} { puts "set_false_path $args" }
proc set_input_delay {args} { puts "set_input_delay $args" }
proc set_output_delay {args} { puts "set_output_delay $args" }
"""


def commands_of(text: str, folder: Path, setting: str = "") -> list[list[str]]:
    """The commands that a timing analyser is given."""
    program = shutil.which("tclsh")
    if program is None:
        pytest.skip("tclsh is not installed (apt-get install tcl)")
    (folder / "clock.sdc").write_text(text)
    (folder / "look.tcl").write_text(
        f"{setting}\n{SDC_COMMANDS}\nsource clock.sdc\n", encoding="utf-8"
    )
    result = run(program, "look.tcl", folder=folder)
    assert (result.returncode, result.stderr) == (0, "")
    return [line.split() for line in result.stdout.splitlines()]


@pytest.mark.parametrize("bus", [*BUSES, *INSTRUCTIONS])
def test_every_port_is_constrained_once(bus: str, tmp_path: Path) -> None:
    commands = commands_of(constraints(design(bus)), tmp_path)
    delayed = {}
    for command in commands:
        if command[0] in ("set_input_delay", "set_output_delay"):
            name = command[-1].strip("{}").removesuffix("[*]")
            assert name not in delayed
            delayed[name] = (command[0] == "set_input_delay", "[*]" in command[-1])
    assert delayed == {
        port.name: (port.is_input, port.width > 1)
        for port in design(bus).ports
        if port.name not in ("clk_i", "rst_ni")
    }
    assert ["create_clock", "-name", "clk_i", "-period", "10.0", "clk_i"] in commands
    assert ["set_false_path", "-from", "rst_ni"] in commands


def test_the_clock_and_the_delays_are_variables(tmp_path: Path) -> None:
    text = constraints(design())
    commands = commands_of(text, tmp_path, "set clock_period 5.0; set input_delay 1.25")
    assert ["create_clock", "-name", "clk_i", "-period", "5.0", "clk_i"] in commands
    delays = {command[0]: command[1] for command in commands if "delay" in command[0]}
    assert delays == {"set_input_delay": "1.25", "set_output_delay": "2.0"}
