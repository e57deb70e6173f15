# SPDX-License-Identifier: Apache-2.0
import json
from pathlib import Path

import pytest

from tests.flow.conftest import invoke
from tests.sim.formal.test_port_proof import needs_programs


def test_verilog_that_reads_files_is_refused(recipe: Path) -> None:
    with recipe.open("a", encoding="utf-8") as file:
        file.write("\n[engine]\nweight_files = true\n")
    result = invoke("prove", recipe, "--build", recipe.parent / "build")
    assert result.exit_code == 2
    assert "leave it out for pulsewright prove" in " ".join(result.output.split())
    assert not (recipe.parent / "build" / "tiny" / "model.json").exists()


def test_a_netlist_of_unknown_cells_is_refused(recipe: Path) -> None:
    result = invoke("prove", recipe, "--build", recipe.parent / "build", "--netlist", "asap7")
    assert result.exit_code == 2
    said = " ".join(result.output.split())
    assert "--netlist 'asap7' is unknown; choose of generic, ecp5, sg13g2, osu018" in said
    assert not (recipe.parent / "build").exists()


@needs_programs
@pytest.mark.regression
def test_netlists_are_proven_beside_the_verilog(finished_copy: Path) -> None:
    recipe, build = finished_copy / "tiny.toml", finished_copy / "build"
    asked = ("--netlist", "generic", "--netlist", "ecp5", "--json")
    result = invoke("prove", recipe, "--build", build, *asked)
    assert result.exit_code == 0, result.output
    _, netlists = json.loads(result.stdout)["tables"]
    assert [(row["target"], row["verdict"]) for row in netlists["rows"]] == [
        ("generic", "equal"),
        ("ecp5", "equal"),
    ]
    assert invoke("report", recipe, "--build", build).exit_code == 0
    page = (build / "tiny" / "report.html").read_text(encoding="utf-8")
    assert "netlists against the coprocessor" in page


@needs_programs
@pytest.mark.regression
def test_everything_is_proven_and_the_page_tells_it(finished_copy: Path) -> None:
    recipe, build = finished_copy / "tiny.toml", finished_copy / "build"
    result = invoke("prove", recipe, "--build", build, "--json")
    assert result.exit_code == 0, result.output
    (table,) = json.loads(result.stdout)["tables"]
    assert {row["verdict"] for row in table["rows"]} == {"holds"}
    parts = {row["part"] for row in table["rows"]}
    assert parts > {"port, obi", "interrupts", "job_queue", "result_fifo", "engine_layer1, lane 1"}
    assert invoke("report", recipe, "--build", build).exit_code == 0
    page = (build / "tiny" / "report.html").read_text(encoding="utf-8")
    assert "no job is lost, none runs over another, numbers follow" in page
    # What somebody edited is made again, and the proofs are of that.
    verilog = build / "tiny" / "rtl" / "tiny_obi.v"
    verilog.write_text(verilog.read_text().replace("irq <= raised", "irq <= 1'h0"))
    broken = invoke("prove", recipe, "--build", build, "--json")
    assert broken.exit_code == 0
