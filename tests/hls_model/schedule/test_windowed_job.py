# SPDX-License-Identifier: Apache-2.0
"""That the hardware takes these cycles is tested in tests/rtl/test_windowed_coprocessor.py."""

from pulsewright.hls_model.schedule.requantiser_stages import with_transfer
from pulsewright.hls_model.schedule.vector_transfer import VectorTransfer
from pulsewright.hls_model.schedule.windowed_job import windowed_cycles, windowed_wait
from tests.models import fold_model, random_model


def cycles(outputs: int, foldings: list[tuple[int, int]], output: str = "accumulator") -> int:
    model = random_model((150, outputs), output=output)
    engine = with_transfer(fold_model(model, foldings), model, VectorTransfer.STEPS)
    assert windowed_wait(engine) == windowed_cycles(engine) + 1
    return windowed_cycles(engine)


def test_one_layer_by_hand() -> None:
    # 15 steps of 10 inputs a group. The last step is offered in cycle 2 + 14, its result comes
    # 5 cycles later (operand, multiply, two of the adder tree, accumulate), and each result is
    # stored a cycle after the one before.
    assert cycles(1, [(1, 10)]) == 2 + 14 + 5 + 1
    assert cycles(4, [(4, 10)]) == 2 + 14 + 5 + 4
    # Groups come every 15 cycles, the last one with a single result.
    assert cycles(5, [(2, 10)]) == 2 + 14 + 5 + 15 + 15 + 1
    # 20 results of a group take longer than its steps.
    assert cycles(41, [(20, 10)]) == 2 + 14 + 5 + 20 + 20 + 1
    # An index has its comparisons in place of the others' results.
    assert cycles(4, [(4, 10)], output="argmax") == 2 + 14 + 5 + 2 + 1
