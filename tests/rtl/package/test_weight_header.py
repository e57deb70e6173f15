# SPDX-License-Identifier: Apache-2.0
import re

from pulsewright.hls_model.schedule.weight_window import weight_window
from pulsewright.rtl.package.weight_header import weight_header
from tests.rtl.package.packages import design, paperwork


def test_the_image_is_that_of_the_weight_window() -> None:
    found = design("obi", "reloadable")
    text = weight_header(found.name, found.weight_image)
    words = [int(word, 16) for word in re.findall(r"0x([0-9A-F]{8})u,", text)]
    assert words == [word for _, word in weight_window(found.folded).image(found.model)]
    assert f"PULSE_WEIGHT_WORDS {len(words)}u" in text


def test_constant_weights_have_no_image() -> None:
    assert design().weight_image == []
    assert not any("weights" in path for path in paperwork())
