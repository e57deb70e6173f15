# SPDX-License-Identifier: Apache-2.0
"""That what passes can be made, and nothing else, is tested over all formats in tests/formats."""

import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.rtl.attachments.admission import check_attachment, check_network
from tests.models import fold_model, random_model


@pytest.mark.parametrize("attachment", ["pcpi", "cv_x_if"])
def test_inputs_past_the_operands_are_refused_before_there_are_weights(attachment: str) -> None:
    check_network((4, 64, 1), 16, attachment)
    check_network((5, 64, 1), 16, "obi")
    with pytest.raises(PulsewrightError) as raised:
        check_network((5, 64, 1), 9, attachment)
    assert str(raised.value) == (
        "5 inputs of 16 bits need 3 input words, an instruction has 2, rs1 and rs2; use at most 4 "
        "inputs, input codes of at most 8 bits or a memory-mapped attachment such as obi"
    )
    with pytest.raises(PulsewrightError, match="use at most 8 inputs or a memory-mapped"):
        check_network((9, 64, 1), 8, attachment)


def test_results_past_a_word_are_refused_by_the_model() -> None:
    model = random_model((6, 64, 64, 1), requantised=False)
    foldings = [(1, 1)] * 3
    with pytest.raises(PulsewrightError, match="do not fit the 32-bit result word; train or exp"):
        check_attachment(model, fold_model(model, foldings), "obi")
    with pytest.raises(PulsewrightError, match="reloadable biases of layer 3 need"):
        check_attachment(model, fold_model(model, foldings, reloadable=True), "obi")


@pytest.mark.parametrize("attachment", ["pcpi", "cv_x_if"])
def test_results_that_have_a_window_are_behind_no_instruction(attachment: str) -> None:
    model = random_model((6, 4, 65))
    folded = fold_model(model, [(1, 1), (1, 1)])
    check_attachment(model, folded, "obi")
    with pytest.raises(PulsewrightError) as raised:
        check_attachment(model, folded, attachment)
    assert str(raised.value) == (
        "65 outputs exceed the 64 result registers that a coprocessor behind an instruction has; "
        "use a memory-mapped attachment such as obi"
    )
    # An index is one word, whatever the number of outputs.
    index = random_model((6, 4, 65), output="argmax")
    check_attachment(index, fold_model(index, [(1, 1), (1, 1)]), attachment)


def test_incremental_inference_has_no_windows() -> None:
    model = random_model((200, 4, 1))
    folded = fold_model(model, [(1, 1), (1, 1)], incremental=True)
    with pytest.raises(PulsewrightError, match="200 inputs and 1 results among the registers, wh"):
        check_attachment(model, folded, "obi")
