# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

from pulsewright.sim.soc.cycle_table import best_curve_software, best_methods, best_software
from pulsewright.sim.soc.run import ProgramRun


def run(**measures: tuple[int, int, int]) -> ProgramRun:
    fields = {
        name: {"cycles": cycles, "accesses": accesses, "rows": rows, "mismatches": 0}
        for name, (cycles, accesses, rows) in measures.items()
    }
    return ProgramRun(0, 1, fields | {"interrupts": {"taken": 1}}, [], [], Path("log"))


def test_each_method_has_its_best_setting() -> None:
    methods = best_methods(
        {
            "-O2": run(hardware_packed=(100, 40, 4), software_plain=(4000, 800, 4)),
            "-O3": run(hardware_packed=(120, 30, 4), software_plain=(3000, 900, 4)),
        }
    )
    assert methods.keys() == {"hardware_packed", "software_plain"}
    assert methods["hardware_packed"][1:4] == (25.0, 10.0, "-O2")
    assert methods["software_plain"][1:4] == (750.0, 225.0, "-O3")


def test_the_best_software_is_no_hardware_and_no_curve() -> None:
    methods = best_methods(
        {
            "-O2": run(
                hardware_packed=(1, 1, 1),
                software_plain=(30, 1, 1),
                software_fused=(20, 1, 1),
                curve_software_incremental=(5, 1, 1),
                curve_software_full_fused=(20, 1, 1),
                curve_job=(1, 1, 1),
            )
        }
    )
    assert best_software(methods).method == "software_fused"
    best = best_curve_software(methods)
    assert best is not None
    assert best.method == "curve_software_incremental"
    del methods["curve_software_incremental"], methods["curve_software_full_fused"]
    assert best_curve_software(methods) is None
