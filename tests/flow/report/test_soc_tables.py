# SPDX-License-Identifier: Apache-2.0
"""The tables of a simulated system: words and JSON have the same figures."""

from pulsewright.flow.report.soc_tables import (
    cycle_tables,
    energy_figures,
    energy_line,
    proof_figures,
    proof_line,
)
from pulsewright.flow.steps.soc_result import SocResult
from pulsewright.sim.soc.cycle_table import MethodCycles
from pulsewright.sim.soc.system_energy import SystemEnergy

CYCLES = {
    "hardware_packed": 24.72,
    "scaling": 266.4,
    "software_plain": 4193.25,
    "curve_job": 8.5,
    "curve_software_incremental": 81.0,
}
RESULT = SocResult(
    model_digest="0" * 16,
    core="Ibex",
    attachment="obi",
    simulator="verilator",
    test_rows=6650,
    rows=26616,
    mismatches=0,
    methods={name: MethodCycles(name, one, 9.0, "-O2", 256, 0) for name, one in CYCLES.items()},
    faults={"bus": 3, "busy": 2},
    driver_bytes={"all": 2966, "probe and infer": 620},
    hardware_energy=SystemEnergy(310.0, 0.0, 120.5),
    software_energy=SystemEnergy(20000.0, 1388.8, 0.0),
)


def test_cycles_by_method_and_what_the_best_software_takes() -> None:
    inference, curve = cycle_tables(RESULT)
    assert inference.texts == [
        ["coprocessor, packed codes", "24.7", "169.6", "-O2"],
        ["scaling to codes alone", "266.4", "", "-O2"],
        ["software, plain C", "4193.2", "1.0", "-O2"],
    ]
    assert [row[1:3] for row in curve.texts] == [["850.0", "9.5"], ["8100.0", "1.0"]]
    (row, *_) = inference.rows
    assert row == ("hardware_packed", 24.72, 4193.25 / 24.72, "-O2")


def test_sentences_and_values_agree() -> None:
    (proof,) = proof_figures(RESULT).rows
    line = proof_line(RESULT)
    for value in proof[:6]:
        assert str(value) in line
    assert "2 faults noticed" in line
    hardware, software = energy_figures(RESULT).texts
    for text in (*hardware[1:], *software[1:]):
        assert text in energy_line(RESULT)


def test_a_network_with_windows_has_no_software_beside_it() -> None:
    methods = {
        name: MethodCycles(name, cycles, 9.0, "-O3", 16, 0)
        for name, cycles in {"windowed_packed": 990.5, "windowed_words": 7000.0}.items()
    }
    parts = {**RESULT.model_dump(), "methods": methods, "software_energy": None, "faults": {}}
    result = SocResult(**parts)
    (cycles,) = cycle_tables(result)
    assert cycles.texts == [
        ["the same of packed codes", "990.5", "", "-O3"],
        ["packing alone", "7000.0", "", "-O3"],
    ]
    assert "software" not in energy_line(result)
    assert [row[0] for row in energy_figures(result).rows] == ["coprocessor"]
