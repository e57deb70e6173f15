# SPDX-License-Identifier: Apache-2.0
import pytest
from amaranth.hdl import Fragment

from pulsewright.rtl.coprocessor import Coprocessor
from pulsewright.rtl.coprocessor_choice import make_coprocessor
from pulsewright.rtl.windowed_coprocessor import WindowedCoprocessor
from tests.models import fold_model, random_model


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
