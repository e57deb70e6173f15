# SPDX-License-Identifier: Apache-2.0
import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.plain_law import check_plain_law, follows_plain_law
from tests.models import random_model


def test_networks_of_the_plain_law_pass() -> None:
    check_plain_law(random_model((3, 4, 2)), "this test")
    check_plain_law(random_model((3, 4, 2), per_channel=True), "this test")
    assert follows_plain_law(random_model((3, 4, 2), requantised=False))


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({"multipliers": 5}, "layer 1 of 'random' requantises with multipliers and offsets, who "),
        ({"output": "argmax"}, '\'random\' has output = "argmax", who "accumulator" alone; '),
    ],
)
def test_networks_of_the_wider_law_are_refused(parts: dict, message: str) -> None:
    assert not follows_plain_law(random_model((3, 4, 2), **parts))
    with pytest.raises(PulsewrightError) as caught:
        check_plain_law(random_model((3, 4, 2), **parts), "who")
    assert str(caught.value).startswith(message)
    assert str(caught.value).endswith("leave this step out")
