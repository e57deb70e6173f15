# SPDX-License-Identifier: Apache-2.0
import re
from pathlib import Path

from pulsewright.rtl.buses.registry import BUSES
from pulsewright.rtl.top import BusTop
from pulsewright.rtl.verilog.writer import to_verilog
from pulsewright.sim.bench_files import BenchInputs
from pulsewright.sim.buses.registry import simulated_bus
from pulsewright.sim.runner import VerilogModule, run_bench
from pulsewright.sim.simulators import Simulator
from tests.models import fold_model, random_codes, random_model


def test_every_attachment_can_be_driven_and_watched() -> None:
    for name in BUSES:
        bus = simulated_bus(name)
        assert bus.driver.__module__ == f"pulsewright.sim.buses.drivers.{name}"
        assert bus.rules.__module__ == f"pulsewright.sim.buses.rules.{name}"


def test_a_rule_that_only_the_checker_looks_at_fails_the_bench(tmp_path: Path) -> None:
    """The answers are right, but `r_id` is the complement of `id`."""
    model = random_model((3, 4, 2))
    folded = fold_model(model, [(2, 3), (1, 2)])
    text = to_verilog(BusTop(model, folded, "hwpe_periph"), "pulse")
    text, changes = re.subn(r"\) port__r_id <= (\w+;)", r") port__r_id <= ~\1", text)
    assert changes == 1
    verilog = tmp_path / "pulse.v"
    verilog.write_text(text)
    run = run_bench(
        Simulator.ICARUS,
        VerilogModule(verilog, "pulse"),
        "bus_bench",
        tmp_path / "run",
        BenchInputs(model, folded, random_codes(model, 20), "hwpe_periph"),
    )
    assert "r_id does not mirror id" in run.log.read_text()
    # Every test but the one that watches no rules, so as to run fast, and those for others.
    assert run.failures == run.tests - run.skipped - 1
    assert run.outcomes["every_row"].mismatches == 0
