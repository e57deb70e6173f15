# SPDX-License-Identifier: Apache-2.0
"""What is proven of requantisers with multipliers; the proof fails where a fault is planted."""

from functools import cache
from pathlib import Path

import pytest

from pulsewright.hls_model.reference.fixed_point import Rounding
from pulsewright.rtl.top import BusTop
from pulsewright.rtl.verilog.writer import to_verilog
from pulsewright.sim.formal.multiplier_proof import multiplier_proofs
from pulsewright.sim.formal.part_proof import PartProof, prove_part
from tests.models import fold_model, random_model
from tests.sim.formal.test_port_proof import needs_programs

# Sizes, folding, and how the last layer ends.
SHAPES = {
    "groups of one step": ((3, 4, 1), [(2, 3), (1, 2)], "accumulator"),
    "groups of several steps": ((3, 4, 1), [(2, 1), (1, 2)], "accumulator"),
    "a lane without a last neuron": ((3, 5, 2), [(2, 2), (1, 2)], "accumulator"),
    "constant factors, and codes at the end": (
        (3, 4, 3, 2),
        [(4, 3), (3, 2), (1, 3)],
        "code",
    ),
}
LANES = {
    "groups of one step": ["layer1 0", "layer1 1"],
    "groups of several steps": ["layer1 0", "layer1 1"],
    "a lane without a last neuron": ["layer1 0", "layer1 1"],
    "constant factors, and codes at the end": [
        *(f"layer1 {lane}" for lane in range(4)),
        *(f"layer2 {lane}" for lane in range(3)),
        "layer3 0",
    ],
}
QUICK = ("groups of several steps", Rounding.HALF_EVEN)


@cache
def design(shape: str, rounding: Rounding) -> tuple[str, list[PartProof]]:
    sizes, foldings, output = SHAPES[shape]
    model = random_model(sizes, multipliers=7, rounding=rounding, output=output)
    folded = fold_model(model, foldings)
    verilog = to_verilog(BusTop(model, folded, "obi"), "dut")
    return verilog, list(multiplier_proofs(verilog, model, folded))


def test_every_lane_has_a_proof() -> None:
    for shape, lanes in LANES.items():
        _, proofs = design(shape, Rounding.HALF_EVEN)
        found = [f"{one.module.rpartition('_')[2]} {one.parameters['LANE']}" for one in proofs]
        assert found == lanes


def test_reloadable_weights_have_no_constants_to_prove() -> None:
    model = random_model((3, 4, 1))
    folded = fold_model(model, [(2, 2), (1, 2)], reloadable=True)
    assert list(multiplier_proofs("", model, folded)) == []


@needs_programs
@pytest.mark.parametrize(
    ("shape", "rounding"),
    [
        QUICK,
        *(
            pytest.param(shape, rounding, marks=pytest.mark.regression)
            for shape in SHAPES
            for rounding in Rounding
            if (shape, rounding) != QUICK
        ),
    ],
)
def test_codes_are_those_of_the_definition(shape: str, rounding: Rounding, tmp_path: Path) -> None:
    verilog, proofs = design(shape, rounding)
    chosen = proofs[-1:] if (shape, rounding) == QUICK else proofs
    for number, proof in enumerate(chosen):
        verdict = prove_part(verilog, proof, tmp_path / f"proof{number}")
        assert verdict.holds, verdict.log[-2000:]


# What is planted in the higher lane, and what it does.
FAULTS = [
    ("multipliers <= multiplier_rom_word", "multipliers <= multipliers", "factors stay"),
    (".index(scaled_group)", ".index(group)", "another neuron's addend"),
    ("scaled_sum_1[14] & (|scaled_sum_1[13:0])", "scaled_sum_1[14]", "ties go up"),
    ("if (scaled_sum_1[23]) activation_1 <= 8'h00", "if (1'h0) activation_1 <= 8'h00", "no end"),
]


@needs_programs
@pytest.mark.regression
@pytest.mark.parametrize("fault", FAULTS, ids=[one[2] for one in FAULTS])
def test_a_planted_fault_breaks_its_proof(fault: tuple[str, str, str], tmp_path: Path) -> None:
    right, wrong, _ = fault
    verilog, proofs = design("groups of one step", Rounding.HALF_EVEN)
    module = f"module {proofs[-1].module} ("
    before, text = verilog.split(module)
    assert right in text
    faulty = before + module + text.replace(right, wrong, 1)
    assert not prove_part(faulty, proofs[-1], tmp_path / "proof").holds
