# SPDX-License-Identifier: Apache-2.0
import pytest
from amaranth.hdl import Fragment

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.input_map import AffineMap, InputMap
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.rtl.attachments.admission import check_attachment
from pulsewright.rtl.buses.options import AttachmentOptions
from pulsewright.rtl.coprocessor import Coprocessor
from pulsewright.rtl.coprocessor_choice import make_coprocessor
from pulsewright.rtl.inference_coprocessor import InferenceCoprocessor
from pulsewright.rtl.registers.register_map import compile_register_map
from pulsewright.rtl.windowed_coprocessor import WindowedCoprocessor
from tests.models import changed, fold_model, piecewise_linear_case, random_model


def test_inferences_alone_are_chosen_where_they_can_be() -> None:
    model = random_model((6, 5, 1))
    made = make_coprocessor(
        model, fold_model(model, [(1, 1)] * 2), bounded_wait=True, infer_only=True
    )
    assert type(made) is InferenceCoprocessor
    assert (made.register_map.infer_only, made.register_map.bounded_wait) == (True, True)
    Fragment.get(made, None)  # Amaranth warns of a design that is not used.


def test_inferences_alone_are_refused_with_windows_and_with_curves() -> None:
    wide = random_model((129, 2, 1))
    folded = fold_model(wide, [(1, 1)] * 2)
    sentence = (
        'jobs = "infer" needs the 129 inputs and 1 results of the network among the registers'
    )
    for refuses in (compile_register_map, with_admission):
        with pytest.raises(PulsewrightError, match=sentence):
            refuses(wide, folded, infer_only=True)
        with pytest.raises(PulsewrightError, match='jobs = "infer" has no curves'):
            refuses(*piecewise_linear_case((6, 5, 1), 20), infer_only=True)


def test_the_depth_of_the_fifo_is_chosen_where_there_is_one() -> None:
    model = random_model((6, 5, 1))
    made = make_coprocessor(model, fold_model(model, [(1, 1)] * 2), fifo_depth=3)
    assert made.register_map.fifo_depth == 3
    Fragment.get(made, None)  # Amaranth warns of a design that is not used.
    wide = random_model((129, 2, 1))
    folded = fold_model(wide, [(1, 1)] * 2)
    options = AttachmentOptions(fifo_depth=3)
    for refuses in (
        lambda: make_coprocessor(wide, folded, fifo_depth=3),
        lambda: check_attachment(wide, folded, "obi", options),
    ):
        with pytest.raises(PulsewrightError, match="fifo_depth = 3, and the network has a window"):
            refuses()


def test_the_input_map_is_refused_with_windows_and_with_too_long_a_table() -> None:
    wide = random_model((129, 2, 1))
    folded = fold_model(wide, [(1, 1)] * 2)
    options = AttachmentOptions(input_map="hardware")
    for refuses in (
        lambda: make_coprocessor(wide, folded, maps_inputs=True),
        lambda: make_coprocessor(wide, folded, infer_only=True, maps_inputs=True),
        lambda: check_attachment(wide, folded, "obi", options),
    ):
        with pytest.raises(PulsewrightError, match="needs the 129 inputs and 1 results"):
            refuses()
    model = random_model((1, 2, 1), input_width=16)
    steep = AffineMap(
        name="x",
        unit="mV",
        per_si=1000,
        minimum=-9000,
        maximum=9000,
        multiplier=5,
        offset=1,
        shift=0,
    )
    input_map = InputMap(features=(steep,), code_format=model.input_format)
    model = changed(model, input_map=input_map)
    with pytest.raises(PulsewrightError, match="leave input_map out of"):
        check_attachment(model, fold_model(model, [(1, 1)] * 2), "obi", options)


def with_admission(model: IntegerMlp, folded: FoldedEngine, infer_only: bool) -> None:
    options = AttachmentOptions(jobs="infer" if infer_only else "all")
    check_attachment(model, folded, "obi", options)


@pytest.mark.parametrize(
    ("sizes", "kind"),
    [
        ((128, 2, 1), Coprocessor),
        ((129, 2, 1), WindowedCoprocessor),
        ((2, 64), Coprocessor),
        ((2, 65), WindowedCoprocessor),
    ],
)
def test_what_does_not_fit_among_the_registers_gets_windows(
    sizes: tuple[int, ...], kind: type
) -> None:
    model = random_model(sizes)
    folded = fold_model(model, [(1, 1)] * (len(sizes) - 1))
    made = make_coprocessor(model, folded, bounded_wait=True)
    assert type(made) is kind
    assert made.register_map.bounded_wait
    Fragment.get(made, None)  # Amaranth warns of a design that is not used.
