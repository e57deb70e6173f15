# SPDX-License-Identifier: Apache-2.0
"""What is proven of the registers; the proof fails where a fault is planted."""

from functools import cache
from itertools import product
from pathlib import Path

import pytest

from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.rtl.buses.options import AttachmentOptions
from pulsewright.rtl.top import BusTop
from pulsewright.rtl.verilog.writer import to_verilog
from pulsewright.sim.formal.part_proof import PartProof, prove_part
from pulsewright.sim.formal.register_proof import register_proofs
from pulsewright.sim.formal.symbiyosys import Mode
from tests.models import fold_model, random_model
from tests.sim.formal.test_port_proof import needs_programs

ALL = ["held_by_jobs prove", "registers prove", "registers cover"]
KINDS = ("all jobs", "inferences alone", "reloadable", "bounded waits", "windows", "input map")


@cache
def design(kind: str = "all jobs") -> tuple[str, list[PartProof]]:
    model: IntegerMlp = random_model((3, 4, 1), pulses=20)
    if kind == "windows":
        model = random_model((150, 4, 2))
    reloadable = kind == "reloadable"
    options = {
        "inferences alone": AttachmentOptions(jobs="infer"),
        "bounded waits": AttachmentOptions(max_wait=16, fifo_depth=2),
        "input map": AttachmentOptions(input_map="hardware"),
    }.get(kind)
    folded = fold_model(model, [(2, 2), (1, 2)], reloadable=reloadable)
    top = BusTop(model, folded, "obi", options)
    verilog = to_verilog(top, "dut")
    return verilog, list(register_proofs(verilog, top.coprocessor.register_map))


def named(proof: PartProof) -> str:
    return f"{proof.properties} {proof.mode}"


@pytest.mark.parametrize("kind", KINDS)
def test_there_are_proofs_of_both_modules(kind: str) -> None:
    assert [named(one) for one in design(kind)[1]] == ALL


QUICK = ("inferences alone", "registers prove")


@needs_programs
@pytest.mark.parametrize(
    ("kind", "which"),
    [
        QUICK,
        *(
            pytest.param(*one, marks=pytest.mark.regression)
            for one in product(KINDS, ALL)
            if one != QUICK
        ),
    ],
)
def test_registers_are_those_of_the_map(kind: str, which: str, tmp_path: Path) -> None:
    verilog, proofs = design(kind)
    (proof,) = (one for one in proofs if named(one) == which)
    verdict = prove_part(verilog, proof, tmp_path / "proof")
    assert verdict.holds, verdict.log[-2000:]


# What is planted, and what it does.
FAULTS = [
    ("registers", "is_word_9 = bus__address[5:2] == 4'h9", "is_word_9 = 1'h1", "another word"),
    ("registers", "(bus__address[11:6] == 6'h01)", "(bus__address[10:6] == 5'h01)", "a mirror"),
    ("registers", "else if (clear_registers) event_enable", "else if (1'h0) event_enable", "kept"),
    ("registers", "if (stores & selects_auto", "if (bus__write & selects_auto", "narrow writes"),
    ("registers", "32'd1347767379", "32'd1347767378", "another identity"),
    ("registers", "{16'h0000, n1__value}", "{16'h0000, n0__value}", "another register"),
    (
        "registers",
        "(rst) event_enable__value <= 1'h0",
        "(rst) event_enable__value <= 1'h1",
        "after reset",
    ),
    ("registers", "bus__valid & (bus__error | ~wait_)", "bus__valid & ~wait_", "waits refused"),
    ("held_by_jobs", "assign wait_ =", "assign wait_ = bus__write |", "anything waits"),
    ("held_by_jobs", "assign refuse =", "assign refuse = running |", "anything is refused"),
]


@needs_programs
@pytest.mark.regression
@pytest.mark.parametrize("fault", FAULTS, ids=[f"{one[0]}, {one[3]}" for one in FAULTS])
def test_a_planted_fault_breaks_its_proof(fault: tuple[str, str, str, str], tmp_path: Path) -> None:
    properties, right, wrong, _ = fault
    verilog, proofs = design()
    assert verilog.count(right) == 1, right
    (proof,) = (one for one in proofs if (one.properties, one.mode) == (properties, Mode.PROVE))
    assert not prove_part(verilog.replace(right, wrong), proof, tmp_path / "proof").holds
