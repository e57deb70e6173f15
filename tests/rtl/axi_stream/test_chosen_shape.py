# SPDX-License-Identifier: Apache-2.0
import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.schedule.axi_stream_timing import AxiStreamShape, AxiStreamTiming
from pulsewright.hls_model.schedule.requantiser_stages import with_transfer
from pulsewright.hls_model.schedule.vector_transfer import VectorTransfer
from pulsewright.rtl.axi_stream.chosen_shape import chosen_shape
from pulsewright.rtl.buses.options import AttachmentOptions
from tests.models import fold_model, random_model

MODEL = random_model((100, 8, 3), input_width=3)
FOLDED = fold_model(MODEL, [(2, 10), (1, 2)])


def shape(**options: object) -> AxiStreamShape:
    asked = AttachmentOptions.model_validate({"stream": "axi_stream", **options})
    return chosen_shape(MODEL, FOLDED, asked)


def test_lanes_hold_the_numbers_and_the_width_keeps_the_interval() -> None:
    # 100 lanes of 4 bits in 40 cycles are 10 bits a cycle; 3 results of 32 bits 2.4.
    assert FOLDED.initiation_interval == 40
    assert shape() == AxiStreamShape(16, 4, 32)
    assert shape(stream_width=64, stream_input_bits=8) == AxiStreamShape(64, 8, 32)
    packed = shape(stream_packing="packed")
    assert packed == AxiStreamShape(8, 3, MODEL.output_format.width)


def test_the_slowest_of_engine_and_streams_is_the_interval() -> None:
    in_beats = with_transfer(FOLDED, MODEL, VectorTransfer.BEATS)
    slow = AxiStreamTiming(in_beats, shape(stream_width=8))
    assert (slow.vector_transfers, slow.result_transfers) == (50, 12)
    assert slow.initiation_interval == 50
    assert AxiStreamTiming(in_beats, shape()).initiation_interval == 40


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"stream_input_bits": 2},
            "stream_input_bits = 2 holds no numbers of 3 bits; choose 4 or 8 or 16",
        ),
        ({"stream_result_bits": 8}, "stream_result_bits = 8 holds no numbers of"),
        (
            {"stream_width": 8, "stream_input_bits": 16},
            "stream_width = 8 is narrower than an input lane of 16 bits; choose 16 or more",
        ),
    ],
)
def test_what_does_not_fit_is_refused(options: dict[str, int], message: str) -> None:
    with pytest.raises(PulsewrightError, match=message):
        shape(**options)


def test_an_attachment_without_a_stream_has_no_shape() -> None:
    with pytest.raises(PulsewrightError, match="set stream = 'axi_stream'"):
        chosen_shape(MODEL, FOLDED, AttachmentOptions())
