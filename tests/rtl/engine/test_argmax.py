# SPDX-License-Identifier: Apache-2.0
import random

import pytest

from pulsewright.hls_model.reference.fixed_point import FixedPoint
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.hls_model.schedule.folded_layer import FoldedLayer
from pulsewright.rtl.engine.argmax import Argmax
from tests.rtl.streams import Traffic, always, pack, run_stream, sometimes, unpack


def argmax(
    neurons: int,
    pe: int,
    vectors: int = 12,
    offers: float = 1,
    takes: float = 1,
    signed: bool = True,
    shallow: bool = False,
) -> tuple[Traffic, int]:
    """Indices of random vectors of few values, so that equal ones are frequent."""
    folded_layer = FoldedLayer(
        inputs=3, neurons=neurons, pe=pe, simd=1, beat=3, hidden=False, shallow=shallow
    )
    stages = FoldedEngine(layers=(folded_layer,), argmax=True).argmax_stages
    results = FixedPoint(width=4, frac=0, signed=signed)
    index = FixedPoint(width=(neurons - 1).bit_length(), frac=0, signed=False)
    component = Argmax(folded_layer, results, index, stages)
    draw = random.Random(neurons * 100 + pe)
    groups = -(-neurons // pe)
    # The lanes past the last neuron carry the largest value, which must not be looked at.
    lanes = [
        [draw.randint(results.minimum, results.minimum + 2) for _ in range(neurons)]
        + [results.maximum] * (groups * pe - neurons)
        for _ in range(vectors)
    ]
    lanes[0][:neurons] = [results.minimum] * neurons
    lanes[1][neurons - 1] = results.maximum
    beats = [pack(vector[i : i + pe], 4) for vector in lanes for i in range(0, len(vector), pe)]
    traffic = run_stream(
        component,
        component.groups,
        component.index,
        beats,
        vectors,
        always if offers == 1 else sometimes(offers, 1),
        always if takes == 1 else sometimes(takes, 2),
    )
    expected = [vector.index(max(vector[:neurons])) for vector in lanes]
    assert [
        unpack(word, index.width, signed=False, count=1)[0] for word in traffic.words
    ] == expected
    return traffic, stages


@pytest.mark.parametrize(("offers", "takes"), [(1, 1), (0.4, 1), (1, 0.2), (0.6, 0.6)])
@pytest.mark.parametrize(("neurons", "pe"), [(2, 1), (2, 2), (5, 2), (5, 5), (9, 4), (11, 11)])
def test_the_lowest_index_of_the_largest(
    neurons: int, pe: int, offers: float, takes: float
) -> None:
    argmax(neurons, pe, offers=offers, takes=takes)


def test_results_without_a_sign_are_compared_without_one() -> None:
    argmax(6, 4, signed=False)


@pytest.mark.parametrize(
    ("neurons", "pe", "stages"),
    [(4, 1, 1), (4, 2, 1), (9, 3, 2), (9, 8, 2), (9, 9, 3), (17, 17, 3)],
)
def test_an_index_is_valid_its_stages_after_the_last_group_and_no_group_waits(
    neurons: int, pe: int, stages: int
) -> None:
    """Two levels of comparisons a register; the last one is with the groups before."""
    traffic, built = argmax(neurons, pe)
    assert built == stages
    groups = -(-neurons // pe)
    assert traffic.accepted == traffic.offered == list(range(12 * groups))
    assert traffic.taken == [(i + 1) * groups - 1 + stages for i in range(12)]


def test_a_shallow_argmax_has_one_register() -> None:
    traffic, stages = argmax(9, 9, shallow=True)
    assert stages == 1
    assert traffic.taken == list(range(1, 13))
