# SPDX-License-Identifier: Apache-2.0
import dataclasses
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from pulsewright.hls_model.schedule.pulse_sweep import pulse_sweep
from pulsewright.rtl.buses.instruction_words import neighbours
from pulsewright.rtl.buses.options import AttachmentOptions
from pulsewright.rtl.buses.registry import BUSES, INSTRUCTIONS
from pulsewright.rtl.package.bench_registers import empty_addresses
from pulsewright.rtl.package.bench_sweep import bench_sweep
from pulsewright.rtl.package.bench_units import ROWS as UNIT_ROWS
from pulsewright.rtl.package.bench_vectors import vector_codes
from pulsewright.rtl.package.design import PackagedDesign
from pulsewright.rtl.package.file_lists import PackagePaths
from pulsewright.rtl.package.verilog_bench import verilog_bench
from pulsewright.sim.simulators import Simulator, check_installed, simulator_environment
from tests.models import changed
from tests.rtl.package.packages import NAME, design, files, paperwork, write


def simulate(folder: Path, contents: dict[str, bytes]) -> subprocess.CompletedProcess[str]:
    """Compile and run the bench as the package's README says, in a folder outside the project."""
    check_installed(Simulator.ICARUS)
    write(folder, contents)
    command = next(
        line.partition("#")[0].strip()
        for line in contents["README.md"].decode().splitlines()
        if line.startswith("iverilog")
    )
    return subprocess.run(
        command, shell=True, cwd=folder, capture_output=True, text=True, check=False, timeout=120
    )


@pytest.mark.quick_cases(2)
@pytest.mark.parametrize(
    ("bus", "which"),
    [
        *((bus, "plain") for bus in BUSES),
        ("apb", "reloadable_pulses"),
        ("obi", "incremental_pulses"),
        ("apb", "index"),
        ("obi", "windowed"),
        ("apb", "windowed_results"),
        *(
            pytest.param("obi", which, marks=pytest.mark.regression)
            for which in ("other", "reloadable", "incremental", "pulses")
        ),
        *(pytest.param(bus, "windowed", marks=pytest.mark.regression) for bus in list(BUSES)[1:]),
        pytest.param("obi", "codes", marks=pytest.mark.regression),
        *(pytest.param(bus, "pulses", marks=pytest.mark.regression) for bus in list(BUSES)[1:]),
        *(pytest.param(bus, "other", marks=pytest.mark.regression) for bus in list(BUSES)[1:]),
    ],
)
def test_the_bench_passes_on_every_bus(bus: str, which: str, tmp_path: Path) -> None:
    run = simulate(tmp_path, files(bus, which))
    check_pass(run, design(bus, which))


@pytest.mark.parametrize(
    ("bus", "which"),
    [
        ("obi", "pulses"),
        *(
            pytest.param(*case, marks=pytest.mark.regression)
            for case in [
                *((bus, "plain") for bus in (*BUSES, *INSTRUCTIONS)),
                ("axi_lite", "pulses"),
                ("apb", "windowed"),
            ]
        ),
    ],
)
def test_verilator_takes_the_bench_without_a_warning(bus: str, which: str, tmp_path: Path) -> None:
    """Those that are on without -Wall; it did not compile where tasks forked."""
    contents = files(bus, which)
    write(tmp_path, contents)
    hdl = PackagePaths(NAME, bus).coprocessor
    with simulator_environment(Simulator.VERILATOR):
        lint = subprocess.run(
            ["verilator", "--lint-only", "--timing", hdl, f"bench/{NAME}_tb.v"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
    assert (lint.returncode, lint.stderr) == (0, "")


@pytest.mark.parametrize(
    ("bus", "which"),
    [
        ("obi", "pulses"),
        pytest.param("obi", "windowed", marks=pytest.mark.regression),
        pytest.param("axi_lite", "plain", marks=pytest.mark.regression),
    ],
)
def test_the_bench_looks_where_waits_are_bounded(bus: str, which: str, tmp_path: Path) -> None:
    """Every job of these networks takes longer than 2 cycles."""
    options = AttachmentOptions(max_wait=2)
    run = simulate(tmp_path, files(bus, which, options=options))
    check_pass(run, design(bus, which, options=options))
    impatient = files(bus, which)[f"bench/{NAME}_tb.v"]
    contents = {**files(bus, which, options=options), f"bench/{NAME}_tb.v": impatient}
    assert simulate(tmp_path, contents).returncode != 0


@pytest.mark.parametrize(
    "options",
    [
        AttachmentOptions(addressing="word", termination="asynchronous"),
        pytest.param(AttachmentOptions(addressing="word"), marks=pytest.mark.regression),
        pytest.param(AttachmentOptions(termination="asynchronous"), marks=pytest.mark.regression),
    ],
)
def test_the_bench_passes_with_every_choice_of_a_bus(
    options: AttachmentOptions, tmp_path: Path
) -> None:
    run = simulate(tmp_path, files("wishbone", options=options))
    check_pass(run, design("wishbone", options=options))


@pytest.mark.parametrize(
    ("bus", "which", "bound"),
    [
        ("obi", "pulses", None),
        *(
            pytest.param(*case, marks=pytest.mark.regression)
            for case in [
                *((bus, "plain", None) for bus in BUSES),
                *(("apb", which, None) for which in ("reloadable", "incremental", "other")),
                ("obi", "plain", 2),
            ]
        ),
    ],
)
def test_the_bench_passes_where_there_are_no_jobs(
    bus: str, which: str, bound: int | None, tmp_path: Path
) -> None:
    options = AttachmentOptions(jobs="infer", max_wait=bound)
    check_pass(
        simulate(tmp_path, files(bus, which, options=options)), design(bus, which, options=options)
    )


@pytest.mark.regression
@pytest.mark.parametrize("depth", [2, 30])
def test_the_bench_knows_the_depth_of_the_fifo(depth: int, tmp_path: Path) -> None:
    """A curve of 12 fills it, or not."""
    options = AttachmentOptions(fifo_depth=depth)
    run = simulate(tmp_path, files("obi", "pulses", options=options))
    check_pass(run, design("obi", "pulses", options=options))


@pytest.mark.parametrize(
    ("bus", "which", "others"),
    [
        ("obi", "pulses", {}),
        *(
            pytest.param(*case, marks=pytest.mark.regression)
            for case in [
                ("apb", "plain", {"jobs": "infer"}),
                ("axi_lite", "reloadable", {"max_wait": 40}),
                ("wishbone", "incremental", {"clock_gate": True}),
            ]
        ),
    ],
)
def test_the_bench_stores_integers_of_units_where_the_map_is(
    bus: str, which: str, others: dict[str, Any], tmp_path: Path
) -> None:
    options = AttachmentOptions(input_map="hardware", **others)
    check_pass(
        simulate(tmp_path, files(bus, which, options=options)), design(bus, which, options=options)
    )


@pytest.mark.parametrize(
    ("text", "planted"),
    [
        (r"if \(to_high\[32\]\)", "if (1'h0)"),
        (r"else if \(above_low\[32\]\)", "else if (1'h0)"),
        (r"slope_left <= net_\d+", "slope_left <= slope_left"),
        (r"(input_0__stores__1)\(input_mapper_stores__1\)", r"\1(input_mapper_stores__0)"),
    ],
)
def test_the_bench_sees_a_fault_of_the_map(text: str, planted: str, tmp_path: Path) -> None:
    options = AttachmentOptions(input_map="hardware")
    found = files("obi", "pulses", options=options)
    name, verilog = next((n, t) for n, t in found.items() if n.endswith("_obi.v"))
    broken, changes = re.subn(text, planted, verilog.decode())
    assert changes, text
    run = simulate(tmp_path, {**found, name: broken.encode()})
    assert run.returncode == 1
    assert "of units" in run.stdout


@pytest.mark.parametrize(
    ("bus", "text", "planted", "told"),
    [
        (
            "hwpe_periph",
            r"else if \(done\) begin(\s+if \(misaligned)",
            r"else begin\1",
            "nothing new to say",
        ),
        (
            "apb",
            r"\(port__pready & ~port__pslverr & ~port__pwrite\)",
            "(port__pready & ~port__pslverr)",
            "nothing to say",
        ),
    ],
)
def test_the_bench_sees_read_data_where_no_read_is_answered(
    bus: str, text: str, planted: str, told: str, tmp_path: Path
) -> None:
    found = files(bus, "plain")
    name, verilog = next((n, t) for n, t in found.items() if n.endswith(f"_{bus}.v"))
    broken, changes = re.subn(text, planted, verilog.decode())
    assert changes == 1
    run = simulate(tmp_path, {**found, name: broken.encode()})
    assert run.returncode == 1
    assert told in run.stdout


def check_pass(run: "subprocess.CompletedProcess[str]", found: PackagedDesign) -> None:
    assert (run.returncode, run.stderr) == (0, "")
    cycles = re.search(r"(\d+) inferences in (\d+) clock cycles, (\d+) to (\d+) each", run.stdout)
    assert cycles is not None
    inferences, total, shortest, longest = map(int, cycles.groups())
    assert inferences == 64
    checks = inference_checks(found) + job_checks(found) + unit_checks(found)
    assert f"PASS: {checks} checks, 64 vectors\n" in run.stdout
    assert inferences * shortest <= total <= inferences * longest
    assert shortest > found.folded.latency or found.folded.incremental


@pytest.mark.quick_cases(1)
@pytest.mark.parametrize(
    ("name", "which"),
    [
        ("pcpi", "plain"),
        ("cv_x_if", "pulses"),
        ("cv_x_if_v1", "reloadable_pulses"),
        *(
            pytest.param(name, which, marks=pytest.mark.regression)
            for name in INSTRUCTIONS
            for which in ("pulses", "reloadable", "incremental_pulses")
        ),
    ],
)
def test_the_bench_passes_on_every_instruction_interface(
    name: str, which: str, tmp_path: Path
) -> None:
    """The registers by pw.load and pw.store, and then one instruction an inference and a step."""
    run = simulate(tmp_path, files(name, which))
    assert (run.returncode, run.stderr) == (0, "")
    found = design(name, which)
    assert "64 inferences in" in run.stdout
    checks = inference_checks(found) + job_checks(found)
    assert found.instructions is not None
    checks += 64 + 1 + (12 if "pulses" in which else 0)
    checks += len(neighbours(found.instructions.operations))
    if name != "pcpi":
        # Five times two instructions; dropped, decided at once; operands that are late.
        checks += 5 * 6 + 2 + 2 + 9 + (len(found.register_map.input_addresses) > 1)
    # Put away by one of the same identifier.
    checks += 3 * (name == "cv_x_if")
    assert f"PASS: {checks} checks, 64 vectors\n" in run.stdout
    cycles = re.search(r"64 instructions in (\d+) clock cycles", run.stdout)
    assert cycles is not None
    words = len(found.register_map.input_addresses)
    assert found.folded.incremental or int(cycles[1]) >= 64 * (words + found.folded.latency + 2)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        # rs1 in place of rs2.
        (
            (r"(input_word_1 : instruction__payload)\[66:35\]", r"\1[34:3]"),
            r"rd of pw\.infer is",
        ),
        # The pulse number stays.
        (
            (r"(\{input_word_0\[31:8\], )instruction__payload\[10:3\]", r"\1input_word_0[7:0]"),
            r"rd of pw\.step is",
        ),
        # Nothing counts what is refused.
        ((r"(refusals <= refusals) \+ 8'h01", r"\1"), "was not refused"),
        # A second instruction is taken over the first.
        (
            (r"\(\(~occupied \| abandoned\) & ", r"((1'h1) & "),
            "goes on without its decision",
        ),
        # Any identifier decides.
        (
            (r"assign decided = port__commit_valid &.*;", "assign decided = port__commit_valid;"),
            "goes on without its decision",
        ),
        # The destination is always x1.
        (
            (r"(port__result_rd <= )port__issue_req_instr\[11:7\]", r"\g<1>5'h01"),
            "for x1 of instruction",
        ),
        # All operands are waited for.
        (
            (r"(assign missing = \{)\|\{[^}]*\}, (\|\{[^}]*\})\}", r"\1\2, \2}"),
            "is not taken",
        ),
        # Of another major opcode.
        (
            (r"(\w+\[6:0\]) == 7'h0b", r"(\1 | 7'h20) == 7'h2b"),
            "instruction 003100ab is taken, and is none of the coprocessor's",
        ),
    ],
    ids=["operand", "step", "status", "second", "decision", "rd", "late operands", "opcode"],
)
def test_wrong_instructions_fail(wrong: tuple[str, str], message: str, tmp_path: Path) -> None:
    contents = dict(files("cv_x_if", "pulses"))
    path = f"hdl/{NAME}_cv_x_if.v"
    text, count = re.subn(*wrong, contents[path].decode())
    assert count == 1
    contents[path] = text.encode()
    run = simulate(tmp_path, contents)
    assert run.returncode == 1
    assert re.search(message, run.stdout)


@pytest.mark.regression
def test_it_passes_in_a_package_named_by_a_charge_strength(tmp_path: Path) -> None:
    """Every module has more to its name than the recipe's, which alone Verilog would not take."""
    run = simulate(tmp_path, files(name="small"))
    assert (run.returncode, run.stderr) == (0, "")
    assert "PASS: " in run.stdout


def register_checks(found: PackagedDesign) -> int:
    """Checks of words as after a reset, and of those that keep what is written."""
    registers = found.register_map.registers
    changing = [r for r in registers if r.from_hardware and r.readable and not r.read_strobe]
    # Of pending interrupts only what was refused is known there.
    autotrigger = not found.register_map.infer_only
    return len(changing) - 1 + autotrigger + 6 * sum(r.storage != 0 for r in registers)


CLEARS = 4  # of an inference that runs
COUNTS = 2  # COMPLETED_JOBS, RUNNING_JOB
START = 3  # JOB, ACQUIRE, COMMIT_TRIGGER


def inference_checks(found: PackagedDesign) -> int:
    """Checks of words, refusals and weights, and of inferences and what counts them."""
    accesses = len(found.register_map.input_addresses) + found.model.outputs
    constant = len(found.constant_words) + len(found.weight_image)
    again = re.search(r"localparam PASSES = (\d+);", verilog_bench(found))
    rows = int(again[1]) * 64 if again else 0
    checks = (64 + rows) * accesses + constant + register_checks(found) + 4
    if found.register_map.infer_only:
        return checks
    return checks + 1 + 1 + COUNTS + rows * COUNTS


def job_checks(found: PackagedDesign) -> int:
    """Checks of the jobs that are acquired and committed, and of the clock that may stop."""
    stores, outputs = len(found.register_map.input_addresses), found.model.outputs
    infer = stores + START + outputs
    interrupts = 4 + 3 + 1  # accesses, looks at irq_o, and at the clock
    if found.register_map.infer_only:
        infer = stores + outputs
        # Two inferences and an event, a soft clear of all, a stopped clock.
        end = 2 * infer + 2 + 2 + 2 + 2 + 1 + infer + 1
        end += CLEARS * (1 + stores + 2 + 1 + 2 + infer)
        reset = stores + 1 + register_checks(found) + len(found.weight_image) + infer
        return interrupts + end + access_checks(found) + reset + 13
    end = 2 * infer + 2 + 2  # an event
    end += 2 + 2 + 1 + 1 + infer + 1  # a soft clear of all
    end += 1  # a stopped clock
    end += waiting_checks(found) + access_checks(found)
    # A reset in a job.
    end += stores + START + 1 + register_checks(found) + len(found.weight_image)
    end += 1 + infer + COUNTS
    end += 13  # interrupts that are cleared in another order
    if found.register_map.data_windows is not None:
        return 2 + 2 * infer + 1 + interrupts + end
    checks = 2 + infer + outputs + 1 + interrupts + end
    return checks + (0 if pulse_sweep(found.model) is None else sweep_checks(found))


def unit_checks(found: PackagedDesign) -> int:
    """Checks of rows of physical integers: stores, results, and the codes that are read back."""
    if not found.register_map.maps_inputs:
        return 0
    read_back = len(found.register_map.input_addresses) + COUNTS
    checks = UNIT_ROWS * (found.model.sizes[0] + found.model.outputs) + 3  # events
    if not found.register_map.infer_only:
        checks += UNIT_ROWS * read_back
        if found.options.max_wait is None:
            # Of every fourth row the codes are those of the next one already.
            checks -= UNIT_ROWS // 4 * len(found.register_map.input_addresses)
    return checks


def waiting_checks(found: PackagedDesign) -> int:
    """Checks of jobs that wait: for a trigger, until they are dropped, and behind others."""
    stores, outputs = len(found.register_map.input_addresses), found.model.outputs
    infer = stores + START + outputs
    stored = sum(r.storage != 0 for r in found.register_map.registers)
    sweeps = pulse_sweep(found.model) is not None
    others = described(found)
    triggered = stores + outputs + others + 11 + COUNTS
    dropped = stored - 2 + 5 + stored + 1 + infer + COUNTS
    if found.options.max_wait is not None:
        return triggered + dropped
    behind = 2 * others * (stores + 14 if sweeps else 2 * stores + outputs + 9)
    if sweeps:
        # Inferences behind a reach job, one of them into the FIFO as well.
        behind += 2 * (stores + 2 + 1 + 2 * START + outputs) + outputs
    return triggered + dropped + behind


def described(found: PackagedDesign) -> int:
    """Stores that would describe another job."""
    if found.register_map.data_windows is not None:
        return 0
    return len(found.register_map.input_addresses) + (4 if pulse_sweep(found.model) else 1)


def access_checks(found: PackagedDesign) -> int:
    """Checks of accesses that are refused, and of those that overlap."""
    stores, outputs = len(found.register_map.input_addresses), found.model.outputs
    checks = 2 * len(empty_addresses(found))
    if found.options.addressing != "word":
        checks += 9 + 3
    if found.instructions is None:
        checks += 7
    if found.bus in ("obi", "axi_lite", "hwpe_periph"):
        checks += 2 + 2 + 3 + 1 + 4 * 2 + 1
        if not (found.register_map.infer_only or found.register_map.data_windows is not None):
            checks += 8
        if found.options.max_wait is None:
            start = 0 if found.register_map.infer_only else START
            checks += stores + start + 2 + outputs
            if found.register_map.infer_only and stores > 1:
                checks += 16 * (stores - 2 + 1 + outputs)
    return checks


def sweep_checks(found: PackagedDesign) -> int:
    """Checks of curve and reach jobs, of 12 pulse numbers or all."""
    stores, outputs = len(found.register_map.input_addresses), found.model.outputs
    sweep = pulse_sweep(found.model)
    jobs = bench_sweep(found.model, vector_codes(found.model))
    assert sweep is not None
    assert jobs is not None
    describe, curve = stores + 2, 12 * outputs
    full = START + curve + 2
    full += 1 + 3 + 4  # interrupts of the FIFO: the word, writes, and looks at irq_o
    differences = START + curve
    reaches = len(jobs.reaches) * (1 + START + 2) + describe + 1 + START + 2 + COUNTS
    depth = found.register_map.fifo_depth
    levels = 1 + START + min(depth, 12) * (1 + outputs) + 1
    stalled = 2 * (describe + START + curve + 4)
    behind = describe + 1 + 2 * START + curve
    if depth < 12:
        # Refused: a result behind and before a curve that waits for the FIFO, and stores.
        behind = 2 * (behind + 1) + described(found) + 2
    clear = START + 3 + stores + START + outputs
    backward = 3 + 1 + 1 + 2
    autotrigger = 4 + 1 + 2
    whole = 2 * (describe + START + min(sweep.maximum - sweep.minimum + 1, 128) * outputs)
    first = 3 * describe + full + differences + reaches + levels
    return first + stalled + behind + clear + backward + autotrigger + whole


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        # The fifth vector is stored where the sixth belongs.
        (
            (r"vectors\[tail\] <=", "vectors[tail == 3'h4 ? 3'h5 : tail] <="),
            r"a word of a curve is \w{8}, expected",
        ),
        # TARGET stays what it was at reset.
        (
            (r"(else if \(stores .*) target__value <= .*;", r"\1 target__value <= 32'h0;"),
            "REACHED_N is ",
        ),
        (
            (r"(assign wait_ = .*) \| net_\d+;", r"\1;"),
            "a word of the FIFO is ",
        ),
    ],
    ids=["fifo", "target", "wait"],
)
def test_wrong_jobs_fail(wrong: tuple[str, str], message: str, tmp_path: Path) -> None:
    """The Verilog with one fault, which infer jobs alone would not show."""
    pattern, replacement = wrong
    contents = dict(files("obi", "pulses"))
    path = f"hdl/{NAME}_obi.v"
    text, count = re.subn(pattern, replacement, contents[path].decode())
    assert count == 1
    contents[path] = text.encode()
    run = simulate(tmp_path, contents)
    assert run.returncode == 1
    assert re.search(message, run.stdout)
    assert "a result is" not in run.stdout.partition(" inferences in")[0]


@pytest.mark.quick_cases(1)
@pytest.mark.parametrize("bus", ["obi", "hwpe_periph"])
def test_wrong_results_fail(bus: str, tmp_path: Path) -> None:
    """The bench of a network that has another bias."""
    found = design(bus)
    last = found.model.layers[-1]
    other = changed(
        found.model, layers=(*found.model.layers[:-1], changed(last, bias=last.bias + 1))
    )
    bench = verilog_bench(dataclasses.replace(found, model=other))
    run = simulate(tmp_path, files(bus) | {f"bench/{NAME}_tb.v": bench.encode()})
    assert run.returncode == 1
    assert len(re.findall(r"a result is \w{8}, expected \w{8}", run.stdout)) > 5 * 64
    # The streamed inference is seen in the FIFO too.
    assert len(re.findall(r"a word of the FIFO is \w{8}", run.stdout)) == 1
    wrong = len(re.findall(r" is \w{8}, expected \w{8}\n", run.stdout))
    assert re.search(rf"FAIL: {wrong} of \d+ checks failed", run.stdout)


def test_another_design_fails(tmp_path: Path) -> None:
    """The bench of another network whose ports are the same."""
    bench = paperwork("obi", "other")[f"bench/{NAME}_tb.v"]
    run = simulate(tmp_path, files() | {f"bench/{NAME}_tb.v": bench})
    assert run.returncode == 1
    assert "INPUT_CAPABILITY is" in run.stdout
    assert "FAIL: " in run.stdout


def disconnected(bus: str, port: str) -> dict[str, bytes]:
    """The bench sees nothing of an output."""
    contents = dict(files(bus))
    path = f"bench/{NAME}_tb.v"
    connection = f".{port}({port})".encode()
    assert connection in contents[path]
    contents[path] = contents[path].replace(connection, f".{port}()".encode())
    return contents


@pytest.mark.quick_cases(2)
@pytest.mark.parametrize(
    ("bus", "answer"),
    [
        ("obi", "obi_rvalid_o"),
        ("obi", "obi_gnt_o"),
        ("axi_lite", "s_axi_bvalid_o"),
        ("axi_lite", "s_axi_wready_o"),
        ("hwpe_periph", "periph_gnt_o"),
    ],
)
def test_a_silent_bus_ends_the_simulation(bus: str, answer: str, tmp_path: Path) -> None:
    run = simulate(tmp_path, disconnected(bus, answer))
    assert run.returncode == 1
    assert re.search(r"no answer on the bus for \d+ clock cycles", run.stdout)
    assert "FAIL: " in run.stdout


@pytest.mark.quick_cases(1)
@pytest.mark.parametrize(
    ("bus", "error"),
    [("obi", "obi_err_o"), ("axi_lite", "s_axi_rresp_o"), ("axi_lite", "s_axi_bresp_o")],
)
def test_a_bus_without_errors_fails(bus: str, error: str, tmp_path: Path) -> None:
    run = simulate(tmp_path, disconnected(bus, error))
    assert run.returncode == 1
    assert "was not refused" in run.stdout


def test_a_result_of_undefined_bits_fails(tmp_path: Path) -> None:
    run = simulate(tmp_path, disconnected("obi", "obi_rdata_o"))
    assert run.returncode == 1
    assert "a result is zzzzzzzz" in run.stdout
