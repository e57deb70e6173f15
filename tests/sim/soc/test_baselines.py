# SPDX-License-Identifier: Apache-2.0
import pytest

from pulsewright.sim.soc.baselines import baselines
from tests.models import random_model
from tests.pulse_models import pulse_model

ONE_HIDDEN = ["mlp_plain", "mlp_fused", "mlp_unrolled", "mlp_swar", "mlp_swar_unrolled"]


def test_a1_has_all_of_them() -> None:
    assert baselines(pulse_model((6, 64, 1))) == [*ONE_HIDDEN, "mlp_dot4", "mlp_incremental"]


def test_inputs_above_a_byte_have_no_dot_products() -> None:
    assert baselines(random_model((6, 8, 1), input_width=9)) == ONE_HIDDEN


@pytest.mark.parametrize(("sizes", "dot_products"), [((3, 4, 5, 2), True), ((3,) * 6, False)])
def test_deeper_networks(sizes: tuple[int, ...], dot_products: bool) -> None:
    expected = ["mlp_plain", "mlp_fused", *(["mlp_dot4"] if dot_products else [])]
    assert baselines(random_model(sizes)) == expected
