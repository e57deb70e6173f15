# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.synth.mutants.mutant import Part
from pulsewright.synth.mutants.planting import DESIGN, PLANTED, plant, shares
from tests.synth.mutants.small_design import TOP, VERILOG


def test_parts_share_alike_and_modules_by_their_lines() -> None:
    modules = {
        "m_obi_attachment": 10,
        "m_obi_coprocessor_job_queue": 30,
        "m_obi_coprocessor_result_fifo": 10,
        "m_obi_coprocessor_job_x": 1,
        "m_obi_coprocessor_engine_layer1": 100,
    }
    assert shares(modules, 80) == {
        "m_obi_attachment": 20,
        "m_obi_coprocessor_job_queue": 15,
        "m_obi_coprocessor_result_fifo": 5,
        "m_obi_coprocessor_job_x": 1,
        "m_obi_coprocessor_engine_layer1": 40,
    }


def test_faults_are_numbered_planted_and_the_same_again(tmp_path: Path) -> None:
    mutants = plant(VERILOG, TOP, 12, 1, tmp_path / "one")
    assert [mutant.number for mutant in mutants] == list(range(1, len(mutants) + 1))
    assert 9 <= len(mutants) <= 12
    assert {Part.REGISTERS, Part.ATTACHMENT} <= {mutant.part for mutant in mutants}
    lines = VERILOG.count("\n")
    assert all(1 <= line <= lines for mutant in mutants for line in mutant.lines)
    planted = (tmp_path / "one" / PLANTED).read_text(encoding="utf-8")
    assert planted.count("$value$plusargs") == 2
    assert f"module {TOP}(clk_i, rst_ni, enable_i, count_o, same_o)" in planted.replace("\n", "")
    assert (tmp_path / "one" / DESIGN).read_text(encoding="utf-8") == VERILOG
    assert plant(VERILOG, TOP, 12, 1, tmp_path / "two") == mutants
    assert (tmp_path / "two" / PLANTED).read_text(encoding="utf-8") == planted
    assert plant(VERILOG, TOP, 12, 2, tmp_path / "three") != mutants


@pytest.mark.parametrize("part", [Part.REGISTERS, Part.ATTACHMENT])
def test_faults_of_one_part_alone(part: Part, tmp_path: Path) -> None:
    mutants = plant(VERILOG, TOP, 6, 1, tmp_path, (part,))
    assert {mutant.part for mutant in mutants} == {part}
    assert [mutant.number for mutant in mutants] == list(range(1, len(mutants) + 1))


def test_a_part_that_the_design_has_not_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(PulsewrightError, match="nothing to change in mine_obi of weight tables"):
        plant(VERILOG, TOP, 6, 1, tmp_path, (Part.WEIGHTS,))


def test_a_design_without_anything_to_change_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PulsewrightError, match="finds nothing to change in mine_obi"):
        plant("module mine_obi (input wire clk_i); endmodule\n", TOP, 3, 1, tmp_path)
