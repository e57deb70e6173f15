# SPDX-License-Identifier: Apache-2.0
"""Follows "Adding another" of docs/attachments.md: a bus that nothing of the house has heard of."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[3]
ROOMS = ("firmware", "flow", "hls_model", "quant", "rtl", "sim", "tests")
# The new bus is OBI under other names, so that only what is asked for by name can go wrong.
RENAMED = (
    (r"\bOBI\b", "NEWBUS"),
    (r"Obi(?=[A-Z])(?!Host|Bus\b|Master|Monitor|Transaction)", "Newbus"),
    (r"(?<![\w.])obi_(?=\w+_[io]\b)", "newbus_"),
    (
        r"pulsewright\.(rtl|sim)\.(buses|attachments|buses\.drivers|buses\.rules)\.obi\b",
        r"pulsewright.\1.\2.newbus",
    ),
    (r'name="obi"', 'name="newbus"'),
    (r'prefix="obi"', 'prefix="newbus"'),
    (r'library_entity\(dut, "obi"', 'library_entity(dut, "newbus"'),
    # What a SoC with structures wants is of OBI alone.
    (r"(?s)    wrappers=\(\n.*?\n    \),\n", ""),
)
# Steps 1, 2 and 4 of the page.
FILES = (
    "rtl/buses/{}.py",
    "rtl/attachments/{}.py",
    "sim/buses/drivers/{}.py",
    "sim/buses/rules/{}.py",
)
USE = """
import json, sys
from pathlib import Path
from pulsewright.flow.recipe_sections import AttachmentSection
from pulsewright.rtl.attachments.registry import attachment_class
from pulsewright.rtl.package.assemble import GeneratedVerilog, package_files
from pulsewright.rtl.top import BusTop, StreamTop
from pulsewright.rtl.verilog.writer import to_verilog
from pulsewright.sim.bench_files import BenchInputs
from pulsewright.sim.runner import VerilogModule, run_bench
from pulsewright.sim.simulators import Simulator
from tests.models import fold_model, random_codes, random_model
from tests.rtl.package.packages import data_sheet_energy

AttachmentSection(bus="newbus")
assert attachment_class("newbus").__module__ == "pulsewright.rtl.attachments.newbus"
model = random_model((3, 4, 2))
folded = fold_model(model, [(2, 3), (1, 2)])
text = to_verilog(BusTop(model, folded, "newbus"), "net_newbus")
verilog = Path("net_newbus.v")
verilog.write_text(text)
engine = to_verilog(StreamTop(model, folded), "net_engine")
energy = data_sheet_energy(model, folded)
files = package_files("net", "newbus", model, folded, GeneratedVerilog(text, engine), energy)
run = run_bench(
    Simulator.ICARUS, VerilogModule(verilog, "net_newbus"), "bus_bench", Path("run"),
    BenchInputs(model, folded, random_codes(model, 20), "newbus"),
)
outcome = run.outcomes["every_row"]
print(json.dumps({
    "ports": "newbus_req_i" in text,
    "packaged": sorted(path for path in files if path.endswith("net_newbus.v")),
    "tests": run.tests, "failures": run.failures,
    "rows": outcome.rows, "mismatches": outcome.mismatches,
}))
"""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the house with one bus more, added as the page says."""
    folder = tmp_path_factory.mktemp("house")
    for room in ROOMS:
        shutil.copytree(
            REPOSITORY / room, folder / room, ignore=shutil.ignore_patterns("__pycache__")
        )
    shutil.copytree(REPOSITORY / "src", folder / "src", symlinks=True)
    for place in FILES:
        text = (folder / place.format("obi")).read_text(encoding="utf-8")
        for pattern, replacement in RENAMED:
            text = re.sub(pattern, replacement, text)
        (folder / place.format("newbus")).write_text(text, encoding="utf-8")
    registry = folder / "rtl" / "buses" / "registry.py"
    text = registry.read_text(encoding="utf-8")
    text, listed = re.subn(r"in \(OBI, ", "in (NEWBUS, OBI, ", text)
    assert listed == 1
    text = text.replace(
        "from pulsewright.rtl.buses.obi import OBI\n",
        "from pulsewright.rtl.buses.newbus import NEWBUS\n"
        "from pulsewright.rtl.buses.obi import OBI\n",
    )
    registry.write_text(text, encoding="utf-8")
    return folder


def test_the_page_names_every_place_that_is_needed() -> None:
    page = (REPOSITORY / "docs" / "attachments.md").read_text(encoding="utf-8")
    steps = page[page.index("## Adding another") :]
    for place in (*FILES, "rtl/buses/registry.py"):
        assert f"`{place.format('<name>')}`" in steps, place


def test_a_bus_added_by_the_page_is_generated_packaged_and_right(
    house: Path, tmp_path: Path
) -> None:
    run = subprocess.run(
        [sys.executable, "-c", USE],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": f"{house / 'src'}{os.pathsep}{house}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    shown = json.loads(run.stdout.strip().splitlines()[-1])
    assert shown["ports"]
    assert shown["packaged"]
    assert shown["tests"] > 0
    assert (shown["failures"], shown["rows"], shown["mismatches"]) == (0, 20, 0)
