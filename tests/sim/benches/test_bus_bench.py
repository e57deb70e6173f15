# SPDX-License-Identifier: Apache-2.0
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pulsewright.rtl.buses.options import AttachmentOptions
from pulsewright.rtl.buses.registry import BUSES
from pulsewright.sim.bench_tests import bench_results
from pulsewright.sim.simulators import Simulator
from tests.models import changed, fold_model, random_model, slowly_changing_codes
from tests.sim.designs import Foldings, run_design

A1 = (6, 64, 1)
SMALL = (3, 4, 2), [(2, 3), (1, 2)]
OF_THE_MAP, OF_AXI_LITE = "physical_inputs", "channels_beside_each_other"
TESTS = {
    OF_THE_MAP,
    OF_AXI_LITE,
    *("every_row", "random_stalls", "register_map", "interrupts", "jobs", "longest_waits"),
    "completed_jobs_carry",
    *("reset_in_mid_job", "writes_that_wait", "clock_enable", "refusals_under_stalls"),
}


@pytest.mark.parametrize("simulator", Simulator)
@pytest.mark.regression
def test_a1_through_its_registers_is_exact_on_every_row(
    simulator: Simulator, tmp_path: Path
) -> None:
    """Latency 16 by hand: 8 groups and depth 5, 8 operands at a time and depth 4."""
    run = run_design(simulator, "bus_bench", tmp_path, random_model(A1), [(8, 6), (1, 8)], 200)
    assert (run.tests, run.failures) == (len(TESTS), 0), run.log.read_text()[-2000:]
    every_row = run.outcomes["every_row"]
    assert (every_row.rows, every_row.mismatches, every_row.latency) == (200, 0, 16)
    # Two stores and a load: at least the latency and the cycle that stores the result a row.
    assert every_row.clock_cycles > 200 * 17
    stalled = run.outcomes["random_stalls"]
    assert (stalled.rows, stalled.mismatches) == (200, 0)


@pytest.mark.quick_cases(1)
# Verilator takes longer to build a model than to run it.
@pytest.mark.parametrize(
    ("simulator", "attachment"),
    [
        (Simulator.VERILATOR, "obi"),
        *((Simulator.ICARUS, name) for name in BUSES if name != "obi"),
        *(
            pytest.param(Simulator.VERILATOR, name, marks=pytest.mark.regression)
            for name in BUSES
            if name != "obi"
        ),
    ],
)
def test_every_attachment_gives_the_same_coprocessor(
    simulator: Simulator, attachment: str, tmp_path: Path
) -> None:
    model, foldings = random_model(SMALL[0]), SMALL[1]
    run = run_design(simulator, "bus_bench", tmp_path, model, foldings, 50, attachment=attachment)
    assert (run.tests, run.failures) == (len(TESTS), 0), run.log.read_text()[-2000:]
    assert (run.outcomes["every_row"].rows, run.outcomes["every_row"].mismatches) == (50, 0)
    assert run.outcomes["random_stalls"].rows == 50


@pytest.mark.regression
@pytest.mark.parametrize(
    ("simulator", "attachment"),
    [
        (Simulator.ICARUS, "obi"),
        (Simulator.ICARUS, "hwpe_periph"),
        (Simulator.VERILATOR, "obi"),
    ],
)
def test_identifiers_of_three_bits_come_back(
    simulator: Simulator, attachment: str, tmp_path: Path
) -> None:
    """Drivers count accesses by them, and the rules compare every one with its request's."""
    run = run_design(
        simulator,
        "bus_bench",
        tmp_path,
        random_model(SMALL[0]),
        SMALL[1],
        20,
        attachment=attachment,
        attachment_options=AttachmentOptions(id_bits=3),
    )
    assert (run.tests, run.failures) == (len(TESTS), 0), run.log.read_text()[-2000:]
    verilog = (tmp_path / "pulse.v").read_text()
    assert len(re.findall(r"put (?:wire|reg) \[2:0\] \w+id_[io]\b", verilog)) == 2


@pytest.mark.parametrize(
    ("simulator", "attachment"),
    [
        (Simulator.ICARUS, "obi"),
        *(
            pytest.param(simulator, name, marks=pytest.mark.regression)
            for simulator in Simulator
            for name in BUSES
            if (simulator, name) != (Simulator.ICARUS, "obi")
        ),
    ],
)
def test_a_clock_that_stops_changes_nothing(
    simulator: Simulator, attachment: str, tmp_path: Path
) -> None:
    run = run_design(
        simulator,
        "bus_bench",
        tmp_path,
        random_model(SMALL[0]),
        SMALL[1],
        20,
        attachment=attachment,
        attachment_options=AttachmentOptions(clock_gate=True),
    )
    assert (run.tests, run.failures) == (len(TESTS), 0), run.log.read_text()[-2000:]
    assert (run.outcomes["every_row"].rows, run.outcomes["every_row"].mismatches) == (20, 0)


@pytest.mark.parametrize(
    ("simulator", "attachment"),
    [
        (Simulator.ICARUS, "apb"),
        *(
            pytest.param(simulator, name, marks=pytest.mark.regression)
            for simulator in Simulator
            for name in BUSES
            if (simulator, name) != (Simulator.ICARUS, "apb")
        ),
    ],
)
def test_a_coprocessor_without_jobs_infers_alike(
    simulator: Simulator, attachment: str, tmp_path: Path
) -> None:
    """Registers, interrupts, clears and resets in mid-job, waits, and its cycles counted."""
    model, foldings = random_model(SMALL[0], pulses=20), SMALL[1]
    run = run_design(
        simulator,
        ("bus_bench", "job_bench"),
        tmp_path,
        model,
        foldings,
        20,
        attachment=attachment,
        attachment_options=AttachmentOptions(jobs="infer"),
    )
    wanted = len(TESTS) - 4 + (attachment == "axi_lite")
    assert (run.tests - run.skipped, run.failures) == (wanted, 0), run.log.read_text()[-2000:]
    every_row = run.outcomes["every_row"]
    latency = fold_model(model, foldings).latency
    assert (every_row.rows, every_row.mismatches, every_row.latency) == (20, 0, latency)
    assert run.outcomes["random_stalls"].mismatches == 0


@pytest.mark.regression
@pytest.mark.parametrize("simulator", Simulator)
@pytest.mark.parametrize(
    ("parts", "options"),
    [
        ({"reloadable": True}, {}),
        ({"incremental": True}, {}),
        ({}, {"max_wait": 2}),
        ({}, {"clock_gate": True}),
    ],
)
def test_inferences_alone_go_with_everything_else(
    simulator: Simulator, parts: dict[str, bool], options: dict[str, int | bool], tmp_path: Path
) -> None:
    run = run_design(
        simulator,
        ("bus_bench", "job_bench"),
        tmp_path,
        random_model(SMALL[0]),
        [(1, 1), (1, 1)] if "max_wait" in options or "incremental" in parts else SMALL[1],
        20,
        attachment_options=AttachmentOptions.model_validate({"jobs": "infer", **options}),
        **parts,
    )
    wanted = len(TESTS) - 4 + ("reloadable" in parts)
    assert (run.tests - run.skipped, run.failures) == (wanted, 0), run.log.read_text()[-2000:]
    assert run.outcomes["every_row"].mismatches == 0


@pytest.mark.parametrize("simulator", Simulator)
@pytest.mark.parametrize(
    "options",
    [
        AttachmentOptions(addressing="word"),
        AttachmentOptions(termination="asynchronous"),
        AttachmentOptions(addressing="word", termination="asynchronous"),
    ],
    ids=lambda options: " ".join(options.given.values()),
)
@pytest.mark.regression
def test_every_choice_of_wishbone_gives_the_same_coprocessor(
    options: AttachmentOptions, simulator: Simulator, tmp_path: Path
) -> None:
    run = run_design(
        simulator,
        "bus_bench",
        tmp_path,
        random_model(SMALL[0]),
        SMALL[1],
        50,
        attachment="wishbone",
        attachment_options=options,
    )
    assert (run.tests, run.failures) == (len(TESTS), 0), run.log.read_text()[-2000:]
    assert (run.outcomes["every_row"].rows, run.outcomes["every_row"].mismatches) == (50, 0)


@pytest.mark.regression
@pytest.mark.parametrize("simulator", Simulator)
@pytest.mark.parametrize("attachment", BUSES)
def test_a_bounded_wait_ends_with_a_refusal(
    simulator: Simulator, attachment: str, tmp_path: Path
) -> None:
    """The bound is well below the latency, 30 groups of 2 steps and the depths of two layers."""
    run = run_design(
        simulator,
        "bus_bench",
        tmp_path,
        random_model((6, 30, 2)),
        [(1, 3), (1, 1)],
        20,
        attachment=attachment,
        attachment_options=AttachmentOptions(max_wait=9),
    )
    assert (run.tests, run.failures) == (len(TESTS), 0), run.log.read_text()[-2000:]
    assert run.outcomes["every_row"].latency > 60
    verilog = (tmp_path / "pulse.v").read_text()
    assert verilog.count("bounded_wait") > 0


@pytest.mark.parametrize(
    "bound", [300, *(pytest.param(one, marks=pytest.mark.regression) for one in (10, 20, 40))]
)
def test_a_bound_may_be_longer_than_waits_are(bound: int, tmp_path: Path) -> None:
    """Longer than any wait, or somewhere between a third of the latency and that."""
    run = run_design(
        Simulator.ICARUS,
        "bus_bench",
        tmp_path,
        random_model(SMALL[0]),
        SMALL[1],
        8,
        attachment_options=AttachmentOptions(max_wait=bound),
    )
    assert (run.tests, run.failures) == (len(TESTS), 0), run.log.read_text()[-2000:]


@pytest.mark.regression
@pytest.mark.parametrize("attachment", [name for name in BUSES if name != "obi"])
def test_a1_through_every_attachment_is_exact_on_every_row(attachment: str, tmp_path: Path) -> None:
    run = run_design(
        Simulator.ICARUS,
        "bus_bench",
        tmp_path,
        random_model(A1),
        [(8, 6), (1, 8)],
        200,
        attachment=attachment,
    )
    assert (run.tests, run.failures) == (len(TESTS), 0), run.log.read_text()[-2000:]
    assert run.outcomes["every_row"].latency == 16


@pytest.mark.regression
@pytest.mark.parametrize("simulator", Simulator)
@pytest.mark.parametrize(
    ("sizes", "foldings", "parts"),
    [
        (A1, [(1, 6), (1, 1)], {}),
        (A1, [(64, 6), (1, 64)], {}),
        ((6, 64, 64, 1), [(8, 6), (8, 8), (1, 8)], {}),
        ((5, 8, 3), [(3, 2), (2, 4)], {"input_width": 12, "requantised": False}),
        ((5, 8, 3), [(3, 2), (2, 4)], {"per_channel": True}),
    ],
)
def test_other_networks_through_their_registers_are_exact(
    simulator: Simulator,
    sizes: tuple[int, ...],
    foldings: Foldings,
    parts: dict[str, object],
    tmp_path: Path,
) -> None:
    run = run_design(simulator, "bus_bench", tmp_path, random_model(sizes, **parts), foldings, 200)
    assert (run.tests, run.failures) == (len(TESTS), 0), run.log.read_text()[-2000:]


@pytest.mark.regression
def test_a_job_of_more_than_a_thousand_cycles_is_waited_for(tmp_path: Path) -> None:
    """One multiplier a layer: 60 groups of 20 steps, the last step 1199; depths 4 and 3."""
    run = run_design(
        Simulator.ICARUS,
        "bus_bench",
        tmp_path,
        random_model((20, 60, 1)),
        [(1, 1), (1, 1)],
        5,
    )
    assert (run.tests, run.failures) == (len(TESTS), 0), run.log.read_text()[-2000:]
    assert run.outcomes["every_row"].latency == 1199 + 4 + 3


def test_a_network_whose_first_result_is_zero_passes(tmp_path: Path) -> None:
    """The bench may not take a zero result for one that was never stored."""
    model = random_model((3, 4, 1))
    codes = np.zeros((8, 3), dtype=np.int64)
    last = model.layers[-1]
    silent = changed(last, weights=last.weights * 0, bias=last.bias * 0)
    model = changed(model, layers=(model.layers[0], silent))
    assert not model.infer(codes).any()
    run = run_design(
        Simulator.ICARUS, "bus_bench", tmp_path, model, [(2, 3), (1, 2)], 0, codes=codes
    )
    assert (run.tests, run.failures) == (len(TESTS), 0), run.log.read_text()[-2000:]


@pytest.mark.regression
def test_an_incremental_engine_takes_fewer_cycles_where_less_changed(tmp_path: Path) -> None:
    model = random_model((6, 8, 1), pulses=20)
    codes = slowly_changing_codes(model, 60)
    run = run_design(
        Simulator.ICARUS,
        "bus_bench",
        tmp_path,
        model,
        [(2, 1), (1, 2)],
        0,
        codes=codes,
        incremental=True,
    )
    assert (run.tests, run.failures) == (len(TESTS), 0), run.log.read_text()[-2000:]


@pytest.mark.parametrize(
    ("simulator", "attachment", "options", "parts"),
    [
        (Simulator.ICARUS, "obi", {}, {"pulses": 20}),
        *(
            pytest.param(*case, marks=pytest.mark.regression)
            for case in (
                *(
                    (simulator, name, {}, {"pulses": 20})
                    for simulator in Simulator
                    for name in BUSES
                ),
                *(
                    (simulator, "obi", {"jobs": "infer"}, parts)
                    for simulator in Simulator
                    for parts in ({}, {"input_width": 16}, {"signed_inputs": False})
                ),
                (Simulator.VERILATOR, "apb", {"max_wait": 9}, {"pulses": 90, "log_pulses": True}),
                (Simulator.ICARUS, "axi_lite", {"clock_gate": True}, {"input_width": 5}),
            )
        ),
    ],
)
def test_integers_of_units_have_the_results_of_their_codes(
    simulator: Simulator,
    attachment: str,
    options: dict[str, Any],
    parts: dict[str, Any],
    tmp_path: Path,
) -> None:
    """And all else is as without the input map."""
    # Refusals are asked for if the bound is less than a third of the latency.
    sizes, foldings = ((3, 12, 2), [(1, 1), (1, 1)]) if "max_wait" in options else SMALL
    model = random_model(sizes, **parts)
    chosen = AttachmentOptions.model_validate({"input_map": "hardware", **options})
    run = run_design(
        simulator,
        ("bus_bench", "job_bench", "queue_bench"),
        tmp_path,
        model,
        foldings,
        30,
        attachment=attachment,
        attachment_options=chosen,
    )
    assert run.failures == 0, run.log.read_text()[-2000:]
    assert OF_THE_MAP in {name for _, name in bench_results(run.junit).passed}
    assert run.outcomes["every_row"].mismatches == 0
