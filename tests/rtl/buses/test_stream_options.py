# SPDX-License-Identifier: Apache-2.0
import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.rtl.buses.options import AttachmentOptions
from pulsewright.rtl.buses.registry import checked_options


def options(**given: object) -> AttachmentOptions:
    return AttachmentOptions.model_validate(given)


@pytest.mark.parametrize("bus", ["obi", "wishbone", "cv_x_if"])
def test_streams_stand_beside_every_attachment(bus: str) -> None:
    asked = options(stream="axi_stream", stream_width=64, stream_input_bits=4)
    checked = checked_options(bus, asked)
    assert checked.of_stream == asked.of_stream
    assert "stream_width" not in checked.of_port


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"stream_width": 32}, "stream_width = 32 without a stream; add stream = 'axi_stream'"),
        ({"stream_packing": "packed"}, "stream_packing = 'packed' without a stream"),
        ({"stream": "axi_stream", "stream_width": 24}, "stream_width = 24; choose one of 8, 16"),
        ({"stream": "axi_stream", "stream_width": 1024}, "stream_width = 1024; choose one of 8"),
        ({"stream": "axi_stream", "stream_input_bits": 3}, "choose one of 1, 2, 4, 8, 16"),
        ({"stream": "axi_stream", "stream_result_bits": 4}, "choose one of 8, 16, 32"),
        (
            {"stream": "axi_stream", "stream_packing": "packed", "stream_input_bits": 8},
            "stream_input_bits = 8 with stream_packing = 'packed'",
        ),
    ],
)
def test_options_that_cannot_be_are_refused(given: dict[str, object], message: str) -> None:
    with pytest.raises(PulsewrightError, match=message):
        checked_options("obi", options(**given))
