# SPDX-License-Identifier: Apache-2.0
import re
from functools import cache

import pytest
from amaranth.hdl import Fragment

from pulsewright.hls_model.energy.figures import tier1, tier2
from pulsewright.hls_model.energy.table import EnergyTable
from pulsewright.hls_model.reference.reloadable import bias_format, reloadable_formats
from pulsewright.hls_model.schedule.windowed_job import windowed_interval, windowed_wait
from pulsewright.rtl.buses.instruction_words import Operation, encode
from pulsewright.rtl.buses.options import AttachmentOptions
from pulsewright.rtl.buses.registry import BUSES, INSTRUCTIONS
from pulsewright.rtl.package.data_sheet import data_sheet
from pulsewright.rtl.package.design import packaged_design
from pulsewright.rtl.package.file_lists import PackagePaths
from pulsewright.rtl.tops import coprocessor_top
from tests.models import piecewise_linear_case
from tests.rtl.package.packages import NAME, data_sheet_energy, design, files, paperwork


@cache
def sheet(bus: str = "obi", which: str = "plain", options: AttachmentOptions | None = None) -> str:
    made = design(bus, which, options=options)
    energy = data_sheet_energy(made.model, made.folded)
    return data_sheet(made, PackagePaths(NAME, bus), energy)


def rows(text: str, heading: str) -> list[list[str]]:
    """Cells of the first table under a heading, without its head."""
    body = text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    table = [line for line in body.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table[2:]]


@pytest.mark.quick_cases(3)
@pytest.mark.parametrize("bus", [*BUSES, *INSTRUCTIONS])
def test_all_ports_are_there(bus: str) -> None:
    found = [(cells[0].strip("`"), cells[1], int(cells[2])) for cells in rows(sheet(bus), "Ports")]
    assert found == [(port.name, port.direction, port.width) for port in design(bus).ports]
    assert all(cells[3] for cells in rows(sheet(bus), "Ports"))


@pytest.mark.parametrize("which", ["plain", "pulses"])
@pytest.mark.parametrize("name", INSTRUCTIONS)
def test_instructions_are_those_that_the_network_has(name: str, which: str) -> None:
    text = sheet(name, which)
    table = {int(cells[0]): cells[2] for cells in rows(text, "Instructions")}
    operations = set(Operation) - (set() if which == "pulses" else {Operation.STEP})
    assert table == {
        one.value: f"0x{encode(one, rd=1, rs1=2, rs2=3):08X}" for one in sorted(operations)
    }
    assert "pw_infer(low, high)" in text
    assert "`pw.status` counts them" in text
    assert "pulsewright_probe" not in text


@pytest.mark.parametrize("which", ["plain", "other"])
def test_all_registers_are_there(which: str) -> None:
    table = {
        cells[1]: (int(cells[0], 16), cells[2]) for cells in rows(sheet("obi", which), "Registers")
    }
    register_map = design("obi", which).register_map
    assert table["IDENTITY"] == (0x20, "R")
    assert table["AUTOTRIGGER"] == (0x08, "RW")
    assert table["COMMIT_TRIGGER"] == (0x00, "W")
    words = len(register_map.array("INPUT"))
    assert table[f"INPUT[{words}]"] == (0x80, "RW")
    plain = {re.sub(r"\[\d+\]", "", name) for name in table}
    assert {re.sub(r"\[\d+\]", "", r.name) for r in register_map.registers} <= plain


def test_windows_are_there_with_how_they_are_used() -> None:
    text = sheet("obi", "windowed_results")
    table = {cells[1]: (int(cells[0], 16), cells[2]) for cells in rows(text, "Registers")}
    windows = design("obi", "windowed_results").register_map.data_windows
    assert windows is not None
    assert table["INPUT, 2 words"] == (windows.input_base, "W")
    assert table["RESULT, 66 words"] == (windows.result_base, "R")
    assert "pulsewright_windowed_infer(&device, codes, results);" in text
    cycles = design("obi", "windowed_results").inference_cycles
    assert f"| job (J) | see CYCLES of an inference below | {cycles} |" in text
    found = design("obi", "windowed_results")
    assert (
        f"with what storing results takes for its cycles | {windowed_wait(found.stepped)} |" in text
    )
    interval = windowed_interval(found.stepped, 2)
    assert f"max(results of the last beat, ceil(K/simd)) | {interval} |" in text
    assert (
        f"RESULT, at 0x{windows.result_base:X}, is a FIFO of {windows.result_vectors} vec" in text
    )
    for word in ("N0", "RESULT_FIFO", "REACHED_N", "curve"):
        assert word not in text


@pytest.mark.parametrize("which", ["plain", "other", "windowed"])
def test_inputs_are_where_firmware_packs_them(which: str) -> None:
    found = design("obi", which)
    lane_bits = found.register_map.input_lane_bits
    for i, cells in enumerate(rows(sheet("obi", which), "Inputs")):
        high, low = map(int, cells[2].split(":"))
        assert (int(cells[0]), int(cells[1]) * 32 + low) == (i, i * lane_bits)
        assert high - low + 1 == lane_bits
        assert cells[3] == found.model.input_map.features[i].name


@pytest.mark.parametrize("which", ["plain", "other"])
def test_layers_and_timing_are_those_of_the_folding(which: str) -> None:
    found = design("obi", which)
    text = sheet("obi", which)
    layers = rows(text, "Layers and folding")[: len(found.folded.layers)]
    table = [[int(cell) for cell in cells[:7]] for cells in layers]
    assert table == [
        [i, f.inputs, f.neurons, f.pe, f.simd, f.multipliers, f.cycles]
        for i, f in enumerate(found.folded.layers, start=1)
    ]
    assert f"| initiation interval (II) | {found.folded.initiation_interval} clock cycles |" in text
    assert f"| latency of the engine | {found.folded.latency} clock cycles |" in text
    width = found.model.output_format.width
    assert f"of {width} significant bits" in text
    assert f"A result r stands for r * 2^{-found.model.output_format.frac}:" in text


@pytest.mark.parametrize(
    ("which", "results", "meaning"),
    [
        ("codes", 3, "Results are codes, of which r stands for r."),
        ("index", 1, "Results are index of the largest output, 0 to 2, the lowest of equal ones."),
    ],
)
def test_results_other_than_accumulators_are_told(which: str, results: int, meaning: str) -> None:
    found = design("obi", which)
    text = sheet("obi", which)
    assert meaning in text
    assert "A result r stands for" not in text
    assert f"{results} result{'s' if results > 1 else ''} of" in text
    assert f"int32_t results[{results}];" in text
    activation = rows(text, "Layers and folding")[0][9]
    assert activation == f"{found.model.layers[0].output_format}, half even, multipliers of 11 bits"


def test_the_weight_window_is_described() -> None:
    found = design("obi", "reloadable")
    window = found.register_map.window
    assert window is not None
    text = sheet("obi", "reloadable")
    formats = [bias_format(layer) for layer in reloadable_formats(found.model).layers]
    described = rows(text, "Weights")
    assert [[int(cells[i], 0) for i in (0, 1, 2, 4, 5)] for cells in described] == [
        [i, w.weights_base, w.row_words, w.bias_base, w.bias_row_words]
        for i, w in enumerate(window.layers, start=1)
    ]
    assert [(cells[3], cells[6]) for cells in described] == [
        ("-127 to 127", f"{bias.minimum} to {bias.maximum}") for bias in formats
    ]
    assert "## Weights" not in sheet()
    assert "WEIGHTS," in text
    assert "WEIGHTS," not in sheet()
    assert "in logic" not in text


def test_accumulators_of_reloadable_weights_hold_whatever_their_formats_allow() -> None:
    found = design("obi", "reloadable")
    built = reloadable_formats(found.model)
    layers = rows(sheet("obi", "reloadable"), "Layers and folding")[: len(built.layers)]
    shown = [cells[8] for cells in layers]
    assert shown == [str(layer.accumulator_format) for layer in built.layers]


def test_energy_is_that_of_the_model() -> None:
    found = design()
    figures = [
        tier1(found.model.sizes),
        *tier2(found.model, found.folded, EnergyTable.load()),
    ]
    assert rows(sheet(), "Energy of one inference") == [
        [str(f.tier), f.node, f.what, f"{f.picojoule:.4g}"] for f in figures
    ]


@pytest.mark.parametrize(("which", "space"), [("plain", 0x1000), ("reloadable", 0x2000)])
def test_the_address_space_and_its_alignment_are_told(which: str, space: int) -> None:
    assert design("obi", which).address_space == space
    assert f"| address space | {space} bytes, at a multiple of 0x{space:X}:" in sheet("obi", which)
    assert f", {space // 1024} KiB of address space,\n" in sheet("obi", which)


@pytest.mark.parametrize("bus", BUSES)
def test_it_says_what_to_wire_to_a_core_and_what_to_an_event_unit(bus: str) -> None:
    outputs = {cells[0]: cells[1:] for cells in rows(sheet(bus), "Interrupt and event")}
    level, pulse = outputs["`irq_o`"], outputs["`event_o`"]
    assert level[0].startswith("a level, from a register")
    assert "a core's external or fast interrupt" in level[1]
    assert pulse[0].startswith("one clock cycle high")
    assert "not a core's interrupt input" in pulse[1]


def test_what_the_registers_refuse_of_jobs_is_told() -> None:
    """A network without a pulse number has no sweeps; a narrow result has increments."""
    assert "no input of this network is a pulse number" in sheet("obi", "other")
    assert "if N0 to N1 is not in order or leaves 0 to 19" in sheet("obi", "pulses")
    for which in ("pulses", "other"):
        assert design("obi", which).result_format.width < 32
        assert "33 bits" not in sheet("obi", which)


def test_refusals_are_those_of_the_bus() -> None:
    assert "The answer is an error on `obi_err_o`." in sheet("obi")
    assert "error on `s_axi_rresp_o` for a read, on `s_axi_bresp_o` for a write." in sheet(
        "axi_lite"
    )
    assert "answered with the word 0xBADACCE5" in sheet("hwpe_periph")


def test_every_file_that_it_names_is_in_the_package() -> None:
    for bus in ("obi", "hwpe_periph"):
        for page in ("doc/pulse.md", "README.md"):
            text = paperwork(bus)[page].decode()
            for path in re.findall(
                r"`((?:hdl|doc|firmware|registers|bench|lint)/[\w./]+\.\w+)`", text
            ):
                assert path in paperwork(bus), path


@pytest.mark.parametrize(
    ("options", "lines"),
    [
        (
            None,
            [
                "| addressing | byte: `wb_adr_i` is a byte address |",
                "| termination | synchronous: ACK and ERR come from registers, the cycle after STB",
            ],
        ),
        (
            AttachmentOptions(addressing="word", termination="asynchronous"),
            [
                "| addressing | word: `wb_adr_i` is ADR[31:2]",
                "| termination | asynchronous: ACK and ERR follow STB in the same cycle",
                "| `wb_adr_i` | input | 30 |",
            ],
        ),
    ],
)
def test_choices_of_the_bus_are_told(options: AttachmentOptions | None, lines: list[str]) -> None:
    text = paperwork("wishbone", options=options)[f"doc/{NAME}.md"].decode()
    for line in lines:
        assert f"\n{line}" in text
    assert "termination" not in sheet("apb")


def test_the_longest_wait_is_told() -> None:
    """Of two jobs, 2 * J - 1: of inferences, or with a pulse number of reach jobs."""
    folded = design().folded
    waits = {cells[0]: int(cells[2]) for cells in rows(sheet(), "Waits")}
    assert waits == {
        "longest job that does not stream (J)": folded.latency + 1,
        "longest wait of an access": 2 * (folded.latency + 1) - 1,
    }
    with_sweep = design("obi", "pulses")
    job = with_sweep.folded.latency + 2 + 19 * with_sweep.folded.initiation_interval
    waits = {cells[0]: int(cells[2]) for cells in rows(sheet("obi", "pulses"), "Waits")}
    assert list(waits.values()) == [job, 2 * job - 1]
    assert "BOUNDED_WAIT" not in sheet().partition("## Waits")[2].partition("## Inputs")[0]


def test_without_jobs_nothing_is_told_of_them() -> None:
    text = sheet("obi", "pulses", options=AttachmentOptions(jobs="infer"))
    cycles = design("obi", "pulses").folded.latency + 1
    assert [row[2] for row in rows(text, "Waits")] == [str(cycles), str(cycles)]
    for word in ("COMMIT_TRIGGER", "AUTOTRIGGER", "ACQUIRE", "RESULT_FIFO", "CYCLES", "curve"):
        assert word not in text, word
    names = [row[1] for row in rows(text, "Registers")]
    assert names[0] == "STATUS"
    assert not {"JOB", "N0", "COMPLETED_JOBS", "LAYER[2].SHAPE"} & set(names)
    reloadable = sheet("obi", "reloadable", options=AttachmentOptions(jobs="infer"))
    assert {"REFUSED_ACCESSES", "LAYER[2].SHAPE"} <= {
        row[1] for row in rows(reloadable, "Registers")
    }


@pytest.mark.parametrize(
    ("options", "flags"),
    [
        (AttachmentOptions(), ""),
        (AttachmentOptions(max_wait=12), "-DPULSEWRIGHT_BOUNDED_WAIT=1 "),
        (AttachmentOptions(jobs="infer"), "-DPULSEWRIGHT_INFER_ONLY=1 "),
    ],
)
def test_the_read_me_compiles_the_driver_for_what_is_there(
    options: AttachmentOptions, flags: str
) -> None:
    text = files("obi", options=options)["README.md"].decode()
    assert f"cc -std=c99 -ffreestanding {flags}-c firmware/pulsewright.c\n" in text


def test_a_bound_is_told_with_what_software_needs() -> None:
    text = sheet(options=AttachmentOptions(max_wait=12))
    assert rows(text, "Waits")[2][0::2] == ["bound, `max_wait`", "12"]
    assert "`-DPULSEWRIGHT_BOUNDED_WAIT=1`" in text


def test_cycles_of_piecewise_linear_curves() -> None:
    model, folded = piecewise_linear_case((6, 5, 1), 20)
    top = coprocessor_top("obi", model, folded, None)
    made = packaged_design(top, model, NAME, "obi")
    Fragment.get(top, None)  # Amaranth warns of a design that is not used.
    energy = data_sheet_energy(model, folded)
    text = data_sheet(made, PackagePaths(NAME, "obi"), energy)
    formulas = {cells[0]: cells[1:] for cells in (*rows(text, "Waits"),)}
    assert "M + A + D + 5 + n + 4 * floor(n / 2)" in str(formulas)
    # M = 5, A = 2 + 1, D = ceil(5 / 2), n = 20.
    assert "| latency | M + A + 1: one neuron a cycle | 9 |" in text
    assert "M + A + D + 5 + n, n 2 or more, if the FIFO is drained as fast; n = 20: | 36 |" in text
