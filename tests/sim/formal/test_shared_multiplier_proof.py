# SPDX-License-Identifier: Apache-2.0
"""The result of the engine with one multiplier stays until it is taken; faults break the proof."""

from functools import cache
from pathlib import Path

import pytest

from pulsewright.rtl.top import BusTop
from pulsewright.rtl.verilog.writer import to_verilog
from pulsewright.sim.formal.part_proof import PartProof, part_proofs, prove_part
from pulsewright.sim.formal.symbiyosys import Mode
from tests.models import shared_multiplier_case
from tests.sim.formal.test_port_proof import needs_programs


@cache
def design() -> str:
    return to_verilog(BusTop(*shared_multiplier_case((3, 4, 2))), "dut")


def proof() -> PartProof:
    (found,) = (one for one in part_proofs(design()) if one.properties == "shared_multiplier")
    return found


def test_its_engine_has_this_proof_and_not_that_of_a_chain() -> None:
    assert proof().module == "dut_coprocessor_engine"
    assert proof().mode is Mode.PROVE
    assert "stream" not in [one.properties for one in part_proofs(design())]


@needs_programs
def test_it_holds_by_induction(tmp_path: Path) -> None:
    verdict = prove_part(design(), proof(), tmp_path / "proof")
    assert verdict.holds, verdict.log[-2000:]


@needs_programs
@pytest.mark.regression
@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("begins = vector__valid & ~busy", "begins = vector__valid"),
        ("if (result__ready) result__valid <= 1'h0", "result__valid <= 1'h0"),
        ("else if (vector__ready) running <= 1'h0", "else if (begins) running <= 1'h0"),
    ],
)
def test_a_planted_fault_breaks_it(right: str, wrong: str, tmp_path: Path) -> None:
    assert design().count(right) == 1
    verdict = prove_part(design().replace(right, wrong), proof(), tmp_path / "proof")
    assert not verdict.holds
