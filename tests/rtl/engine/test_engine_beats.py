# SPDX-License-Identifier: Apache-2.0
"""The engine with vectors in beats, and with large double buffers in memories."""

from itertools import pairwise
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.reference.network_output import OutputKind
from pulsewright.hls_model.schedule import feed_memory
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.hls_model.schedule.requantiser_stages import with_transfer
from pulsewright.hls_model.schedule.vector_transfer import VectorTransfer
from pulsewright.rtl.engine.engine import Engine
from tests.models import fold_model, random_codes, random_model
from tests.rtl.streams import Decision, Traffic, always, pack, run_stream, sometimes, unpack

Foldings = list[tuple[int, int]]
TRANSFERS = [VectorTransfer.BEATS, VectorTransfer.STEPS]


@pytest.fixture
def every_buffer_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Memories at sizes that a simulation runs through."""
    monkeypatch.setattr(feed_memory, "FLIP_FLOP_BITS", 0)


def vector_beats(folded: FoldedEngine, codes: list[int], width: int, random: Random) -> list[int]:
    """Beats of one vector; anything in the lanes past the last input."""
    lanes = folded.vector_lanes
    beats = []
    for first in range(0, len(codes), lanes):
        inputs = codes[first : first + lanes]
        garbage = [random.getrandbits(width) for _ in range(lanes - len(inputs))]
        beats.append(pack(inputs + garbage, width))
    return beats * (folded.vector_beats // len(beats))


def run_engine(
    model: IntegerMlp,
    folded: FoldedEngine,
    rows: int,
    offer: Decision = always,
    take: Decision = always,
    seed: int = 0,
) -> Traffic:
    codes = random_codes(model, rows, seed)
    random = Random(seed)
    engine = Engine(model, folded)
    beats = [
        beat
        for row in codes.tolist()
        for beat in vector_beats(folded, row, model.input_format.width, random)
    ]
    traffic = run_stream(
        engine,
        engine.vector,
        engine.result,
        beats,
        rows * folded.result_beats,
        offer,
        take,
    )
    result, lanes = model.output_format, folded.result_lanes
    words = [unpack(word, result.width, result.signed, lanes) for word in traffic.words]
    flat = [value for word in words for value in word]
    a_result = lanes * folded.result_beats
    observed = [flat[i * a_result :][: model.outputs] for i in range(rows)]
    assert observed == model.infer(codes).tolist()
    return traffic


def check_pace(model: IntegerMlp, folded: FoldedEngine) -> None:
    """Back to back: the first result after the latency, the last ones an interval apart."""
    fill = sum(layer.pipeline_depth // layer.cycles + 4 for layer in folded.layers)
    fill += folded.argmax_stages
    traffic = run_engine(model, folded, fill + 6)
    a_result = folded.result_beats
    assert traffic.arrived[0] == folded.first_result_latency
    assert traffic.arrived[a_result - 1] == folded.latency
    ends = traffic.taken[a_result - 1 :: a_result]
    assert {b - a for a, b in pairwise(ends[fill:])} == {folded.initiation_interval}


@st.composite
def engines(draw: st.DrawFn) -> tuple[IntegerMlp, Foldings]:
    sizes = draw(st.lists(st.integers(1, 9), min_size=2, max_size=4))
    model = random_model(
        sizes,
        seed=draw(st.integers(0, 2**32 - 1)),
        activation_width=draw(st.integers(2, 8)),
        input_width=draw(st.integers(2, 16)),
        per_channel=draw(st.booleans()),
        multipliers=draw(st.sampled_from([0, 7])),
        output=draw(st.sampled_from(OutputKind if sizes[-1] > 1 else ["accumulator", "code"])),
    )
    foldings = [
        (draw(st.integers(1, neurons)), draw(st.integers(1, inputs)))
        for inputs, neurons in pairwise(sizes)
    ]
    return model, foldings


transfers = st.sampled_from(VectorTransfer)
paces = st.sampled_from([0.1, 0.5, 1])
KEPT_FIXTURE = (HealthCheck.function_scoped_fixture,)


def check_engine(
    case: tuple[IntegerMlp, Foldings],
    transfer: VectorTransfer,
    shallow: bool,
    offers: float,
    takes: float,
) -> None:
    model, foldings = case
    folded = with_transfer(fold_model(model, foldings, shallow=shallow), model, transfer)
    check_pace(model, folded)
    run_engine(model, folded, 6, sometimes(offers, 1), sometimes(takes, 2), 3)


@settings(max_examples=4)
@given(engines(), st.sampled_from(TRANSFERS), st.booleans(), paces, paces)
def test_any_engine_in_beats_is_exact_at_the_interval_and_latency_of_the_formula(
    case: tuple[IntegerMlp, Foldings],
    transfer: VectorTransfer,
    shallow: bool,
    offers: float,
    takes: float,
) -> None:
    check_engine(case, transfer, shallow, offers, takes)


@settings(max_examples=4, suppress_health_check=KEPT_FIXTURE)
@given(engines(), transfers, st.booleans(), paces, paces)
def test_any_engine_with_memories_is_exact_at_the_interval_and_latency_of_the_formula(
    every_buffer_in_memory: None,
    case: tuple[IntegerMlp, Foldings],
    transfer: VectorTransfer,
    shallow: bool,
    offers: float,
    takes: float,
) -> None:
    check_engine(case, transfer, shallow, offers, takes)


@pytest.mark.regression
@settings(max_examples=300, suppress_health_check=KEPT_FIXTURE)
@given(engines(), transfers, st.booleans(), paces, paces)
def test_many_engines_with_memories_are_exact_and_keep_their_pace(
    every_buffer_in_memory: None,
    case: tuple[IntegerMlp, Foldings],
    transfer: VectorTransfer,
    shallow: bool,
    offers: float,
    takes: float,
) -> None:
    check_engine(case, transfer, shallow, offers, takes)


@pytest.mark.quick_cases(2)
@pytest.mark.parametrize(
    ("transfer", "foldings", "feeds", "beats"),
    [
        (VectorTransfer.WHOLE, [(2, 6), (1, 4), (1, 2)], ["held", "memory", "memory"], (1, 1)),
        (VectorTransfer.BEATS, [(2, 6), (1, 4), (1, 2)], ["memory", "memory", "memory"], (4, 3)),
        (VectorTransfer.BEATS, [(8, 6), (3, 8), (3, 3)], ["direct", "held", "direct"], (4, 1)),
        (VectorTransfer.BEATS, [(2, 20), (4, 8), (2, 4)], ["held", "memory", "memory"], (1, 2)),
        (
            VectorTransfer.STEPS,
            [(2, 6), (8, 3), (3, 8)],
            ["direct", "double_buffered", "held"],
            (16, 1),
        ),
    ],
)
def test_each_feed_keeps_the_formulas(
    every_buffer_in_memory: None,
    transfer: VectorTransfer,
    foldings: Foldings,
    feeds: list[str],
    beats: tuple[int, int],
) -> None:
    model = random_model((20, 8, 8, 3))
    folded = with_transfer(fold_model(model, foldings), model, transfer)
    assert [layer.feed.value for layer in folded.layers] == feeds
    assert (folded.vector_beats, folded.result_beats) == beats
    check_pace(model, folded)
    run_engine(model, folded, 10, sometimes(0.3, 1), sometimes(0.2, 2))


def test_a_wide_vector_is_loaded_while_another_is_computed() -> None:
    """200 inputs at 8 bits: a memory without being asked for."""
    model = random_model((200, 6, 4))
    folded = with_transfer(fold_model(model, [(2, 10), (1, 2)]), model, VectorTransfer.BEATS)
    assert folded.layers[0].feed.value == "memory"
    assert (folded.vector_beats, folded.initiation_interval) == (20, 60)
    # The 20 steps of the first group end two cycles after their beats, in cycle 19 + 2. There are
    # 6 registers, two of them of the adder tree over 10, and 2 groups more: 67 is the last result.
    # Layer 2 takes it as its last step a cycle later, has 4 registers, and 3 groups of 3 more.
    assert (folded.first_result_latency, folded.latency) == (67 + 1 + 4, 67 + 1 + 4 + 3 * 3)
    traffic = run_engine(model, folded, 12)
    # Two vectors are taken without a pause, and then one an interval.
    assert traffic.accepted[:40] == list(range(40))
    assert traffic.arrived[folded.result_beats - 1] == folded.latency
    ends = traffic.taken[folded.result_beats - 1 :: folded.result_beats]
    assert {b - a for a, b in pairwise(ends[3:])} == {60}
