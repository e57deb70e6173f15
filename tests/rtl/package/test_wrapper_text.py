# SPDX-License-Identifier: Apache-2.0
import os
import re
import subprocess
from pathlib import Path

import pytest

from pulsewright.rtl.buses.options import AttachmentOptions
from pulsewright.rtl.package.file_lists import PackagePaths
from pulsewright.sim.simulators import Simulator, simulator_environment
from pulsewright.sim.soc.core_sources import cv32e40x_sources
from tests.rtl.package.packages import NAME, design, files, write
from tests.rtl.package.wrapped import WRAPPERS, shim

ID_BITS = {"obi": 3, "cv_x_if": 3, "cv_x_if_v1": 3}
QUICK = ("obi_structs", "fc_hwpe", "axi_ip", "x_structs")
# PULP's APB_BUS has no PSTRB: every write is of a whole word.
WITHOUT_STROBES = ("fc_hwpe_apb_bus",)
# What the SoC's own definitions leave open is its business.
WAIVERS = ("DECLFILENAME", "UNUSEDSIGNAL", "UNUSEDPARAM", "UNDRIVEN", "MULTITOP")
TIMING = (
    " CFG_CXXFLAGS_COROUTINES=-fcoroutines CFG_CXXFLAGS_STD=-std=gnu++20 "
    "CFG_LDLIBS_THREADS=-pthread"
)


def options_of(bus: str) -> AttachmentOptions:
    return AttachmentOptions(id_bits=ID_BITS.get(bus))


def placed(folder: Path, name: str, which: str = "plain") -> list[str]:
    """A package and, in `soc.sv`, the SoC of wrapper `name`; the sources to be compiled."""
    bus, wrapper = WRAPPERS[name]
    contents = files(bus, which, options=options_of(bus))
    write(folder, contents)
    found = design(bus, which, options=options_of(bus))
    soc = f"soc.{wrapper.ending}"
    (folder / soc).write_text(shim(found, wrapper))
    bench = folder / f"bench/{NAME}_tb.v"
    text, count = re.subn(rf"\b{found.coprocessor} dut \(", "shim dut (", bench.read_text())
    assert count == 1
    bench.write_text(text)
    paths = PackagePaths(NAME, bus)
    return [soc, paths.wrapper(wrapper), paths.coprocessor]


def command(folder: Path, *words: str, make_flags: str = "") -> subprocess.CompletedProcess[str]:
    with simulator_environment(Simulator.VERILATOR):
        return subprocess.run(
            words,
            cwd=folder,
            env=os.environ | {"MAKEFLAGS": os.environ["MAKEFLAGS"] + make_flags},
            capture_output=True,
            text=True,
            check=False,
        )


def lint(folder: Path, sources: list[str], bus: str, *defines: str) -> str:
    """What Verilator says with all warnings on."""
    waived = [f"-Wno-{one}" for one in WAIVERS]
    run = command(
        folder,
        *("verilator", "--lint-only", "-Wall", *waived, "--top-module", "shim", *defines),
        *(f"lint/{NAME}_{bus}.vlt", *sources),
    )
    return run.stderr


@pytest.mark.quick_cases(1)
@pytest.mark.parametrize(
    "name",
    [
        name if name in QUICK else pytest.param(name, marks=pytest.mark.regression)
        for name in WRAPPERS
    ],
)
def test_a_wrapper_is_clean_with_the_definitions_of_its_soc(name: str, tmp_path: Path) -> None:
    assert lint(tmp_path, placed(tmp_path, name), WRAPPERS[name][0]) == ""


@pytest.mark.parametrize(
    "defines",
    [
        ("-DNO_ID",),
        ("-DNO_ERR",),
        ("-DNO_RREADY",),
        ("-DNO_ID", "-DNO_ERR", "-DNO_RREADY"),
    ],
    ids=" ".join,
)
def test_structures_may_lack_members(defines: tuple[str, ...], tmp_path: Path) -> None:
    assert lint(tmp_path, placed(tmp_path, "obi_structs"), "obi", *defines) == ""


def test_identifiers_of_another_width_end_the_elaboration(tmp_path: Path) -> None:
    """Lint of cut identifiers is often switched off, and answers would go astray."""
    sources = placed(tmp_path, "obi_structs")
    soc = tmp_path / "soc.sv"
    soc.write_text(soc.read_text().replace("[2:0]  aid", "[3:0]  aid"))
    said = lint(tmp_path, sources, "obi")
    assert "aid and rid have 4 and 3 bits, and the coprocessor 3; set id_bits" in said


def test_if_xif_is_that_of_cv32e40x(tmp_path: Path) -> None:
    """The core's own definition in place of ours."""
    pytest.importorskip("pythondata_cpu_cv32e40x")
    sources = placed(tmp_path, "if_xif")
    soc = tmp_path / "soc.sv"
    text, count = re.subn(
        r"(?s)^interface if_xif.*?^endinterface\n", "", soc.read_text(), flags=re.M
    )
    assert count == 1
    soc.write_text(text)
    package, interface = (
        path for path in cv32e40x_sources().files if path.stem in ("cv32e40x_pkg", "if_xif")
    )
    run = command(
        tmp_path,
        *("verilator", "--lint-only", "-Wall", "-Wno-fatal", "--top-module", "shim"),
        *(str(package), str(interface), *sources),
    )
    assert run.returncode == 0, run.stderr
    # What lint says of the core's files is not ours.
    said = [line for line in run.stderr.splitlines() if f"{NAME}_if_xif.sv" in line]
    assert said == []


def simulated(folder: Path, sources: list[str], *defines: str) -> str:
    """The package's own test bench, through the SoC and the wrapper, on Verilator."""
    top = f"{NAME}_tb"
    build = command(
        folder,
        *("verilator", "--binary", "--timing", "-Wno-fatal", "-CFLAGS", "-O0", "--top-module", top),
        *(*defines, *sources, f"bench/{NAME}_tb.v"),
        make_flags=TIMING,
    )
    assert build.returncode == 0, build.stderr
    run = subprocess.run(
        [f"obj_dir/V{top}"], cwd=folder, capture_output=True, text=True, check=False, timeout=300
    )
    return run.stdout


@pytest.mark.regression
@pytest.mark.parametrize("name", [name for name in WRAPPERS if name != "axi_ip"])
def test_the_bench_passes_through_the_soc(name: str, tmp_path: Path) -> None:
    """Rows, refusals and jobs behind structures and interfaces; OBI with identifiers of 3 bits."""
    sources = placed(tmp_path, name, "pulses")
    if name in WITHOUT_STROBES:
        bench = tmp_path / f"bench/{NAME}_tb.v"
        text, count = re.subn(r"(?m)^ +refuse_narrow;\n", "", bench.read_text())
        assert count == 1
        bench.write_text(text)
    said = simulated(tmp_path, sources)
    assert re.search(r"^PASS: \d+ checks, 64 vectors$", said, re.MULTILINE), said


@pytest.mark.regression
def test_without_err_only_refusals_are_not_seen(tmp_path: Path) -> None:
    sources = placed(tmp_path, "obi_structs", "pulses")
    said = simulated(tmp_path, sources, "-DNO_ERR")
    failures = [line for line in said.splitlines() if line.endswith("was not refused")]
    assert failures
    assert re.search(rf"^FAIL: {len(failures)} of \d+ checks failed$", said, re.MULTILINE), said


def test_vivados_names_are_those_of_its_own_peripherals(tmp_path: Path) -> None:
    """The bench on Icarus, which is all that the package asks for."""
    sources = placed(tmp_path, "axi_ip")
    bench = f"bench/{NAME}_tb.v"
    build = ["iverilog", "-g2005", "-o", "bench.vvp", "-s", f"{NAME}_tb", *sources, bench]
    subprocess.run(build, cwd=tmp_path, check=True)
    run = subprocess.run(
        ["vvp", "-n", "bench.vvp"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert re.search(r"^PASS: \d+ checks, 64 vectors$", run.stdout, re.MULTILINE), run.stdout


# PG155 and UG1118: an interface is recognised by the names of its signals.
SIGNALS = {
    *("AWADDR", "AWPROT", "AWVALID", "AWREADY", "WDATA", "WSTRB", "WVALID", "WREADY"),
    *("BRESP", "BVALID", "BREADY", "ARADDR", "ARPROT", "ARVALID", "ARREADY"),
    *("RDATA", "RRESP", "RVALID", "RREADY"),
}


def test_every_signal_of_the_interface_is_named_and_attributed() -> None:
    text = files("axi_lite")[f"hdl/{NAME}_axi_ip.v"].decode()
    attributed = re.findall(
        r'X_INTERFACE_INFO = "xilinx\.com:interface:aximm:1\.0 s_axi (\w+)" \*\)\n'
        r"(?: *\(\*[^\n]*\n)? *(?:in|out)put wire (?:\[\d+:0\] )?s_axi_(\w+),",
        text,
    )
    assert {info for info, _ in attributed} == SIGNALS
    assert all(info == name.upper() for info, name in attributed)
    assert "ASSOCIATED_BUSIF s_axi, ASSOCIATED_RESET s_axi_aresetn" in text
    assert "POLARITY ACTIVE_LOW" in text
    assert re.search(
        r'signal:interrupt:1\.0 irq_o .*\n.*SENSITIVITY LEVEL_HIGH" \*\)\n.* irq_o,', text
    )
    bits = design("axi_lite").address_bits
    assert text.count(f"input wire [{bits - 1}:0] s_axi_a") == 2


def test_a_slot_that_is_too_small_has_no_wrapper() -> None:
    assert {one.name for one in design("apb").wrappers} == {"fc_hwpe", "fc_hwpe_apb_bus"}
    assert design("apb", "reloadable").wrappers == ()
    assert not any("fc_hwpe" in path for path in files("apb", "reloadable"))
