# SPDX-License-Identifier: Apache-2.0
import random

import pytest

from pulsewright.hls_model.reference.fixed_point import FixedPoint
from pulsewright.hls_model.schedule.folded_layer import FoldedLayer
from pulsewright.rtl.engine.result_gather import ResultGather
from tests.rtl.streams import Traffic, always, pack, run_stream, sometimes, unpack

RESULTS = FixedPoint(width=7, frac=0, signed=True)


def gather(neurons: int, pe: int, vectors: int = 8, offers: float = 1, takes: float = 1) -> Traffic:
    folded_layer = FoldedLayer(inputs=3, neurons=neurons, pe=pe, simd=1, beat=3, hidden=False)
    component = ResultGather(folded_layer, RESULTS)
    draw = random.Random(neurons * 100 + pe)
    groups = -(-neurons // pe)
    # The lanes past the last neuron carry what must not be looked at.
    lanes = [[draw.randrange(-64, 64) for _ in range(groups * pe)] for _ in range(vectors)]
    beats = [pack(vector[i : i + pe], 7) for vector in lanes for i in range(0, len(vector), pe)]
    traffic = run_stream(
        component,
        component.groups,
        component.vector,
        beats,
        vectors,
        always if offers == 1 else sometimes(offers, 1),
        always if takes == 1 else sometimes(takes, 2),
    )
    observed = [unpack(word, 7, signed=True, count=neurons) for word in traffic.words]
    assert observed == [vector[:neurons] for vector in lanes]
    return traffic


@pytest.mark.parametrize(("offers", "takes"), [(1, 1), (0.4, 1), (1, 0.2), (0.6, 0.6)])
@pytest.mark.parametrize(("neurons", "pe"), [(2, 1), (4, 2), (5, 2), (7, 3), (9, 8)])
def test_groups_are_gathered_into_whole_vectors(
    neurons: int, pe: int, offers: float, takes: float
) -> None:
    gather(neurons, pe, offers=offers, takes=takes)


@pytest.mark.parametrize(("neurons", "pe"), [(2, 1), (5, 2), (9, 3)])
def test_a_vector_is_valid_the_cycle_after_its_last_group_and_no_group_waits(
    neurons: int, pe: int
) -> None:
    traffic = gather(neurons, pe)
    groups = -(-neurons // pe)
    assert traffic.accepted == traffic.offered == list(range(8 * groups))
    assert traffic.taken == [(i + 1) * groups for i in range(8)]
