# SPDX-License-Identifier: Apache-2.0
import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.synth.mutants.mutant import Mutant, Part, part_of

LINE = (
    r"mutate -mode cnot1 -module mine_obi_coprocessor_engine_layer2 -cell $add$design.v:938$238 "
    "-port Y -portbit 12 -ctrlbit 8 -wire rounded_2 -wirebit 12 "
    "-src design.v:2.15-2.24 -src design.v:3.22-3.97"
)
TEXT = ["", "wire [14:0] rounded_2;", "assign rounded_2 = a + b;"]


def test_a_listed_line_is_read_and_written() -> None:
    mutant = Mutant.read(LINE, 7, TEXT)
    assert mutant == Mutant(
        number=7,
        part=Part.REQUANTISER,
        mode="cnot1",
        module="mine_obi_coprocessor_engine_layer2",
        cell="$add$design.v:938$238",
        port="Y",
        bit=12,
        control_bit=8,
        wire="rounded_2",
        lines=(2, 3),
    )
    where = "-module mine_obi_coprocessor_engine_layer2 -cell $add$design.v:938$238 -port Y"
    assert mutant.command() == f"mutate -mode cnot1 {where} -portbit 12 -ctrlbit 8"
    assert mutant.command("on", 3) == (
        f"mutate -mode cnot1 -ctrl on 3 7 {where} -portbit 12 -ctrlbit 8"
    )


@pytest.mark.parametrize("line", ["", "mutate", "mutate -mode inv", f"{LINE} -portbit"])
def test_other_lines_are_refused(line: str) -> None:
    if line.endswith("-portbit"):
        # The first of two counts, and the last has no value.
        assert Mutant.read(line, 1, TEXT).bit == 12
        return
    with pytest.raises(PulsewrightError, match="lists a mutation"):
        Mutant.read(line, 1, TEXT)


@pytest.mark.parametrize(
    ("module", "wire", "statement", "part"),
    [
        ("mine_apb", None, "", Part.JOINTS),
        ("mine_apb_coprocessor", None, "", Part.JOINTS),
        ("mine_apb_attachment", None, "", Part.ATTACHMENT),
        ("mine_apb_coprocessor_registers", None, "", Part.REGISTERS),
        ("mine_apb_coprocessor_interrupts", None, "", Part.REGISTERS),
        ("mine_apb_coprocessor_job_queue", None, "", Part.JOBS),
        ("mine_apb_coprocessor_job_runner_pulse_code_rom", None, "", Part.JOBS),
        ("mine_apb_coprocessor_result_fifo", None, "", Part.JOBS),
        ("mine_apb_coprocessor_inference_runner", None, "", Part.JOBS),
        ("mine_apb_coprocessor_input_mapper", None, "", Part.INPUT_MAP),
        ("mine_apb_coprocessor_input_mapper_low_end", None, "", Part.INPUT_MAP),
        ("mine_apb_coprocessor_engine", None, "", Part.ENGINE),
        ("mine_apb_coprocessor_engine_layer1", "total_0", "", Part.ENGINE),
        ("mine_apb_coprocessor_engine_layer1", "a.rounded_0", "", Part.REQUANTISER),
        (
            "mine_apb_coprocessor_engine_layer1",
            None,
            "    else if (|rounded_0[14:13]) activation_0 <= 8'hff;",
            Part.REQUANTISER,
        ),
        ("mine_apb_coprocessor_engine_layer1", None, "  assign total_0 = x;", Part.ENGINE),
        ("mine_apb_coprocessor_engine_layer1_weight_rom", None, "", Part.WEIGHTS),
        ("mine_apb_coprocessor_engine_layer1_memory", None, "", Part.WEIGHTS),
        ("mine_apb_coprocessor_weights", None, "", Part.WEIGHTS),
    ],
)
def test_parts(module: str, wire: str | None, statement: str, part: Part) -> None:
    assert part_of(module, wire, [statement]) is part
