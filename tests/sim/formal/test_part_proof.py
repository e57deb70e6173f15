# SPDX-License-Identifier: Apache-2.0
"""What is proven of the modules behind the port; each proof fails where its fault is planted."""

from functools import cache
from pathlib import Path

import pytest

from pulsewright.hls_model.reference.fixed_point import Rounding
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.rtl.buses.options import AttachmentOptions
from pulsewright.rtl.top import BusTop
from pulsewright.rtl.verilog.writer import to_verilog
from pulsewright.sim.formal.part_proof import (
    PartProof,
    part_proofs,
    prove_part,
    requantiser_proofs,
)
from pulsewright.sim.formal.symbiyosys import Mode
from tests.models import fold_model, random_model
from tests.sim.formal.test_port_proof import needs_programs

INDUCTION = Mode.PROVE


@cache
def design(rounding: Rounding = Rounding.HALF_EVEN) -> tuple[IntegerMlp, str]:
    """A hidden layer of two lanes, of which each computes two neurons."""
    model = random_model((3, 4, 1), rounding=rounding)
    return model, to_verilog(BusTop(model, fold_model(model, [(2, 3), (1, 2)]), "obi"), "dut")


def proofs(verilog: str, model: IntegerMlp) -> list[PartProof]:
    return [*part_proofs(verilog), *requantiser_proofs(verilog, model)]


def of(properties: str, mode: Mode = INDUCTION) -> PartProof:
    """Of the hidden layer, and of its higher lane."""
    model, verilog = design()
    found = [
        one for one in proofs(verilog, model) if (one.properties, one.mode) == (properties, mode)
    ]
    return next(
        (one for one in found if one.module.endswith("layer1") and len(found) > 2), found[-1]
    )


def test_every_part_has_its_proofs() -> None:
    model, verilog = design()
    found = [
        (one.module.removeprefix("dut_coprocessor_"), one.mode) for one in proofs(verilog, model)
    ]
    for part in ("interrupts", "job_queue", "result_fifo"):
        assert [mode for name, mode in found if name == part] == [Mode.PROVE, Mode.COVER]
    streams = [one.module for one in proofs(verilog, model) if one.properties == "stream"]
    assert [name.removeprefix("dut_coprocessor_") for name in streams] == [
        *("engine", "engine_layer1", "engine_layer2")
    ]
    lanes = [one.parameters["LANE"] for one in requantiser_proofs(verilog, model)]
    assert lanes == [0, 1]


@needs_programs
@pytest.mark.parametrize("mode", [INDUCTION, Mode.COVER])
def test_inferences_alone_have_interrupts_without_a_fifo(mode: Mode, tmp_path: Path) -> None:
    """Their ports that are held at one level are not in the Verilog."""
    model = random_model((3, 4, 1))
    top = BusTop(model, fold_model(model, [(2, 2), (1, 2)]), "obi", AttachmentOptions(jobs="infer"))
    verilog = to_verilog(top, "dut")
    found = {(one.module, one.mode): one for one in part_proofs(verilog)}
    one = found["dut_coprocessor_interrupts", mode]
    assert one.connections == {"fifo_not_empty": "1'b0"}
    verdict = prove_part(verilog, one, tmp_path / "proof")
    assert verdict.holds, verdict.log[-2000:]
    streams = {one.connections["ready"] for one in found.values() if one.properties == "stream"}
    assert streams == {"results__ready"}, "results of the engine are always taken"


def test_a_requantiser_with_multipliers_is_left_out() -> None:
    model = random_model((3, 4, 1), multipliers=7)
    verilog = to_verilog(BusTop(model, fold_model(model, [(2, 3), (1, 2)]), "obi"), "dut")
    assert list(requantiser_proofs(verilog, model)) == []


@needs_programs
@pytest.mark.parametrize(
    ("properties", "mode"),
    [
        ("result_fifo", INDUCTION),
        *(
            pytest.param(properties, mode, marks=pytest.mark.regression)
            for properties, mode in [
                ("result_fifo", Mode.COVER),
                ("stream", INDUCTION),
                *(
                    (properties, mode)
                    for properties in ("interrupts", "job_queue")
                    for mode in (INDUCTION, Mode.COVER)
                ),
            ]
        ),
    ],
)
def test_a_part_does_what_it_says(properties: str, mode: Mode, tmp_path: Path) -> None:
    _, verilog = design()
    verdict = prove_part(verilog, of(properties, mode), tmp_path / "proof")
    assert verdict.holds, verdict.log[-2000:]


@needs_programs
@pytest.mark.parametrize(
    "rounding",
    [
        Rounding.HALF_EVEN,
        *(
            pytest.param(one, marks=pytest.mark.regression)
            for one in (Rounding.HALF_UP, Rounding.FLOOR)
        ),
    ],
)
def test_a_requantiser_is_its_definition_for_every_accumulator(
    rounding: Rounding, tmp_path: Path
) -> None:
    model, verilog = design(rounding)
    for lane, proof in enumerate(requantiser_proofs(verilog, model)):
        verdict = prove_part(verilog, proof, tmp_path / f"lane{lane}")
        assert verdict.holds, verdict.log[-2000:]


@needs_programs
@pytest.mark.regression
@pytest.mark.parametrize("wrong", [Rounding.HALF_UP, Rounding.FLOOR])
def test_another_rounding_is_another_definition(wrong: Rounding, tmp_path: Path) -> None:
    """Half up differs in ties alone."""
    model, _ = design()
    (proof, _), verilog = requantiser_proofs(design()[1], model), design(wrong)[1]
    assert not prove_part(verilog, proof, tmp_path / "proof").holds


# What is planted, and what it does.
FAULTS = [
    ("interrupts", "job_ended | (job_ended_pending", "(job_ended_pending", "an event is lost"),
    ("interrupts", "& ~clear[2] & ~clear_all", "& ~clear[1] & ~clear_all", "another's clear"),
    ("interrupts", "irq <= raised", "irq <= raised & ~job_ended", "no word of one"),
    (
        "job_queue",
        "waiting <= committed & ~begins",
        "waiting <= commit & ~begins",
        "it is forgotten",
    ),
    ("job_queue", "net_6 = ~running | done", "net_6 = 1'h1", "one runs over another"),
    ("job_queue", "next_job + 8'h01", "next_job + 8'h02", "a number is left out"),
    ("result_fifo", "if (tail_is_last) tail <= ", "if (head_is_last) tail <= ", "the end of it"),
    ("result_fifo", "level != 4'h8", "level != 4'h9", "more than there is room for"),
    (
        "stream",
        "else if (results__ready) results__valid <= 1'h0",
        "else results__valid <= 1'h0",
        "gone",
    ),
    (
        "stream",
        "activate_ready = ~results__valid | results__ready",
        "activate_ready = 1'h1",
        "changed",
    ),
    ("requantiser", "if (accumulator_1[", "if (accumulator_0[", "another's sign"),
]


@needs_programs
@pytest.mark.parametrize(
    ("properties", "right", "wrong"),
    [
        pytest.param(
            *fault[:3],
            id=f"{fault[0]}, {fault[3]}",
            marks=() if fault[0] == "interrupts" and i == 0 else pytest.mark.regression,
        )
        for i, fault in enumerate(FAULTS)
    ],
)
def test_a_planted_fault_breaks_its_proof(
    properties: str, right: str, wrong: str, tmp_path: Path
) -> None:
    proof = of(properties)
    _, verilog = design()
    before, name, after = verilog.partition(f"module {proof.module} (")
    assert right in after
    verdict = prove_part(before + name + after.replace(right, wrong, 1), proof, tmp_path / "proof")
    assert not verdict.holds
