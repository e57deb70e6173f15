# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from pulsewright.sim.instructions.rows import InstructionRows
from tests.hls_model.exact_reference import model_output
from tests.models import random_codes, random_model
from tests.pulse_models import pulse_model


def test_rows_are_packed_into_the_operands() -> None:
    model = pulse_model((6, 2, 1))
    rows = InstructionRows(model, np.array([[1, -1, 2, 3, 4, -128]]))
    (infer,) = rows.infers()
    # pw.infer a0, a1, a2
    assert (infer.word, infer.rs1, infer.rs2) == (0x00C5850B, 0x0302FF01, 0x8004)
    assert InstructionRows.result(0xFFFF_FFFE) == -2
    with pytest.raises(AssertionError, match="rejected"):
        InstructionRows.result(None)


@pytest.mark.parametrize("lane", [0, 5])
def test_curves_change_the_pulse_number_alone(lane: int) -> None:
    model = pulse_model((6, 2, 2), lane)
    codes = random_codes(model, 10)
    curves = list(InstructionRows(model, codes).curves())
    assert len(curves) == 4
    for number, (_, steps, outputs) in enumerate(curves):
        assert len(steps) == 8
        for pulse, step, expected in zip(codes[:8, lane], steps, outputs, strict=True):
            row = codes[number].copy()
            row[lane] = pulse
            assert step.rs1 == int(pulse) & 0xFFFF_FFFF
            assert step.word == 0x0005950B
            assert expected == model_output(model, row[None])[0]


def test_without_a_pulse_number_there_are_no_curves() -> None:
    model = random_model((6, 2, 1))
    assert list(InstructionRows(model, random_codes(model, 5)).curves()) == []


@pytest.mark.parametrize(
    ("inputs", "lane", "infer", "step"), [(6, 0, 14, 14), (6, 4, 14, 13), (4, 3, 13, 13)]
)
def test_cycles_by_hand(inputs: int, lane: int, infer: int, step: int) -> None:
    """An engine of latency 10: a cycle for each written word, and two."""
    model = pulse_model((inputs, 2, 1), lane)
    rows = InstructionRows(model, random_codes(model, 2))
    assert (rows.infer_cycles(10), rows.step_cycles(10)) == (infer, step)


def test_the_scoreboard_expects_the_first_output() -> None:
    model = random_model((3, 2, 2))
    codes = random_codes(model, 3)
    scoreboard = InstructionRows(model, codes).scoreboard()
    for outputs in model_output(model, codes):
        scoreboard.check(outputs[:1])
    scoreboard.finish()
    assert (scoreboard.rows, scoreboard.mismatches) == (3, 0)


def test_a_job_that_nobody_waits_for_is_a_store_of_the_last_word() -> None:
    model = pulse_model((6, 2, 1))
    store, load = InstructionRows(model, random_codes(model, 2)).unattended_job()
    # pw.store a0, a1, a2 and pw.load a0, a1
    assert (store.word, store.rs1, load.word, load.rs1) == (0x00C5B50B, 0x84, 0x0005A50B, 0x100)
