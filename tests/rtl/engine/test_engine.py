# SPDX-License-Identifier: Apache-2.0
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pulsewright.hls_model.reference.fixed_point import Rounding
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.reference.network_output import OutputKind
from pulsewright.rtl.engine.engine import Engine
from tests.hls_model.exact_reference import model_output
from tests.models import fold_model, random_codes, random_model, slowly_changing_codes
from tests.rtl.streams import Decision, Traffic, always, pack, run_stream, sometimes, unpack

A1 = (6, 64, 1)
Foldings = list[tuple[int, int]]

paces = st.sampled_from([0.1, 0.5, 1])


def run_engine(
    model: IntegerMlp,
    foldings: Foldings,
    rows: int,
    offer: Decision = always,
    take: Decision = always,
    seed: int = 0,
    incremental: bool = False,
    shallow: bool = False,
) -> Traffic:
    """Every result must be that of the integer model and of the independent reference."""
    make_codes = slowly_changing_codes if incremental else random_codes
    codes = make_codes(model, rows, seed)
    expected = model_output(model, codes)
    assert model.infer(codes).tolist() == expected
    engine = Engine(model, fold_model(model, foldings, incremental, shallow=shallow))
    result = model.output_format
    traffic = run_stream(
        engine,
        engine.vector,
        engine.result,
        [pack(row, model.input_format.width) for row in codes.tolist()],
        rows,
        offer,
        take,
    )
    observed = [unpack(word, result.width, result.signed, model.outputs) for word in traffic.words]
    assert observed == expected
    return traffic


def check_pace(
    model: IntegerMlp, foldings: Foldings, rows: int | None = None, shallow: bool = False
) -> None:
    """Back to back: the first result after the latency, the last ones an interval apart."""
    folded = fold_model(model, foldings, shallow=shallow)
    interval = folded.initiation_interval
    # What a chain of elastic stages holds before its slowest layer sets the pace.
    fill = sum(layer.pipeline_depth // layer.cycles + 3 for layer in folded.layers)
    fill += folded.argmax_stages
    traffic = run_engine(model, foldings, rows or fill + 6, shallow=shallow)
    assert traffic.arrived[0] == folded.latency
    assert {b - a for a, b in pairwise(traffic.taken[fill:])} == {interval}


@st.composite
def engines(draw: st.DrawFn) -> tuple[IntegerMlp, Foldings]:
    sizes = draw(st.lists(st.integers(1, 9), min_size=2, max_size=4))
    model = random_model(
        sizes,
        seed=draw(st.integers(0, 2**32 - 1)),
        weight_width=draw(st.integers(2, 8)),
        activation_width=draw(st.integers(2, 8)),
        input_width=draw(st.integers(2, 16)),
        rounding=draw(st.sampled_from(Rounding)),
        requantised=draw(st.booleans()),
        extreme=draw(st.booleans()),
        per_channel=draw(st.booleans()),
        multipliers=draw(st.sampled_from([0, 0, 1, 7, 21])),
        output=draw(st.sampled_from(OutputKind if sizes[-1] > 1 else ["accumulator", "code"])),
    )
    foldings = [
        (draw(st.integers(1, neurons)), draw(st.integers(1, inputs)))
        for inputs, neurons in pairwise(sizes)
    ]
    return model, foldings


@settings(max_examples=10)
@given(engines(), st.booleans())
def test_any_engine_is_exact_at_the_interval_and_latency_of_the_formula(
    case: tuple[IntegerMlp, Foldings], shallow: bool
) -> None:
    check_pace(*case, shallow=shallow)


@settings(max_examples=10)
@given(
    engines(),
    st.sampled_from([0.1, 0.5, 1]),
    st.sampled_from([0.1, 0.5, 1]),
    st.integers(0, 99),
    st.booleans(),
)
def test_any_engine_is_exact_under_random_traffic(
    case: tuple[IntegerMlp, Foldings], offers: float, takes: float, seed: int, shallow: bool
) -> None:
    offer, take = sometimes(offers, seed), sometimes(takes, seed + 1)
    run_engine(*case, 12, offer, take, seed, shallow=shallow)


@pytest.mark.regression
@settings(max_examples=600)
@given(
    engines(),
    st.sampled_from([0.1, 0.5, 1]),
    st.sampled_from([0.1, 0.5, 1]),
    st.integers(0, 99),
    st.booleans(),
)
def test_many_engines_are_exact_and_keep_their_pace(
    case: tuple[IntegerMlp, Foldings], offers: float, takes: float, seed: int, shallow: bool
) -> None:
    check_pace(*case, shallow=shallow)
    offer, take = sometimes(offers, seed), sometimes(takes, seed + 1)
    run_engine(*case, 12, offer, take, seed, shallow=shallow)


@settings(max_examples=15)
@given(engines(), st.integers(0, 5))
def test_a_vector_that_meets_an_idle_engine_has_the_latency(
    case: tuple[IntegerMlp, Foldings], extra: int
) -> None:
    model, foldings = case
    folded = fold_model(model, foldings)
    gap = folded.latency + folded.initiation_interval + 1 + extra
    traffic = run_engine(model, foldings, 4, offer=lambda cycle: cycle % gap == 0)
    latencies = [b - a for a, b in zip(traffic.offered, traffic.arrived, strict=True)]
    assert latencies == [folded.latency] * 4


@pytest.mark.quick_cases(4)
@pytest.mark.parametrize(
    ("sizes", "foldings", "feeds"),
    [
        # One of each feed, even and ragged.
        ((6, 8, 1), [(8, 6), (1, 8)], ["held", "held"]),
        ((6, 8, 1), [(2, 6), (1, 2)], ["held", "direct"]),
        ((6, 8, 1), [(3, 4), (1, 3)], ["held", "direct"]),
        ((6, 8, 3), [(2, 3), (1, 4)], ["held", "double_buffered"]),
        ((6, 7, 5, 2), [(2, 4), (3, 2), (2, 3)], ["held", "double_buffered", "direct"]),
        ((6, 7, 5, 2), [(3, 6), (2, 4), (1, 3)], ["held"] + 2 * ["double_buffered"]),
    ],
)
@pytest.mark.parametrize("requantised", [True, False])
@pytest.mark.parametrize("per_channel", [False, True])
def test_each_feed_keeps_the_formulas(
    sizes: tuple[int, ...],
    foldings: Foldings,
    feeds: list[str],
    per_channel: bool,
    requantised: bool,
) -> None:
    model = random_model(sizes, requantised=requantised, per_channel=per_channel)
    folded = fold_model(model, foldings)
    assert [layer.feed.value for layer in folded.layers] == feeds
    check_pace(model, foldings)
    run_engine(model, foldings, 15, sometimes(0.3, 1), sometimes(0.2, 2))


@pytest.mark.parametrize(
    ("foldings", "shallow", "interval", "latency"),
    [
        # 64 / p, and 64 / p + 6 + 1 + ceil(log2(p) / 3), by hand.
        ([(8, 6), (1, 8)], False, 8, 8 + 6 + 1 + 1),
        ([(2, 6), (1, 2)], False, 32, 32 + 6 + 1 + 1),
        # Operand, accumulate and activate; operand and accumulate.
        ([(8, 6), (1, 8)], True, 8, 7 + 3 + 2),
        ([(64, 6), (1, 64)], True, 1, 3 + 2),
        # One multiplier a layer: 63 groups of 6 steps, the last step 5; depth 4 and 3 after it.
        pytest.param([(1, 1), (1, 1)], False, 384, 383 + 4 + 3, marks=pytest.mark.regression),
        pytest.param([(64, 6), (1, 64)], False, 1, 1 + 6 + 1 + 2, marks=pytest.mark.regression),
    ],
)
def test_a1_takes_the_cycles_worked_out_by_hand(
    foldings: Foldings, shallow: bool, interval: int, latency: int
) -> None:
    traffic = run_engine(random_model(A1), foldings, 16, shallow=shallow)
    assert traffic.arrived[0] == latency
    assert {b - a for a, b in pairwise(traffic.taken[8:])} == {interval}


@pytest.mark.regression
@pytest.mark.parametrize(
    ("sizes", "foldings"),
    [
        ((6, 64, 64, 1), [(8, 6), (8, 8), (1, 8)]),
        ((6, 64, 64, 1), [(7, 6), (9, 5), (1, 9)]),
        ((6, 64, 64, 64, 1), [(16, 6), (8, 8), (4, 16), (1, 4)]),
    ],
)
def test_a2_and_a3_are_exact(sizes: tuple[int, ...], foldings: Foldings) -> None:
    model = random_model(sizes)
    run_engine(model, foldings, 10)
    run_engine(model, foldings, 5, sometimes(0.1, 1), sometimes(0.05, 2))


@pytest.mark.quick_cases(2)
@pytest.mark.parametrize(
    ("sizes", "foldings"),
    [
        # Several outputs of different scales: one beat, gathered evenly, gathered raggedly.
        ((6, 8, 4), [(8, 6), (4, 8)]),
        ((6, 8, 4), [(2, 6), (2, 4)]),
        ((6, 8, 5), [(3, 4), (2, 3)]),
        # pe divides no layer.
        ((6, 7, 5, 3), [(2, 4), (3, 2), (2, 3)]),
    ],
)
@pytest.mark.parametrize("requantised", [True, False])
def test_channel_shifts_are_exact_under_backpressure(
    sizes: tuple[int, ...], foldings: Foldings, requantised: bool
) -> None:
    model = random_model(sizes, seed=7, requantised=requantised, per_channel=True)
    assert all(any(layer.channel_shifts) for layer in model.layers)
    run_engine(model, foldings, 20)
    run_engine(model, foldings, 20, sometimes(0.3, 1), sometimes(0.1, 2))
    run_engine(model, foldings, 20, always, sometimes(0.5, 3))


def test_the_pace_comes_back_after_backpressure() -> None:
    model = random_model((6, 8, 5, 2))
    foldings = [(2, 6), (3, 4), (1, 3)]
    folded = fold_model(model, foldings)
    stalled = 300
    slow = sometimes(0.05, 3)
    rows = stalled // folded.initiation_interval + 20
    traffic = run_engine(model, foldings, rows, take=lambda cycle: cycle >= stalled or slow(cycle))
    assert {b - a for a, b in pairwise(traffic.taken[-6:])} == {folded.initiation_interval}


def test_extreme_weights_and_inputs_do_not_wrap() -> None:
    for requantised in (True, False):
        model = random_model((6, 16, 2), extreme=True, requantised=requantised, input_width=16)
        run_engine(model, [(4, 3), (1, 8)], 20)


@settings(max_examples=6, deadline=None)
@given(engines(), paces, paces, st.integers(0, 2**32 - 1))
def test_incremental_inference_has_the_bits_of_a_full_one(
    case: tuple[IntegerMlp, Foldings], offer: float, take: float, seed: int
) -> None:
    check_incremental(case, offer, take, seed)


@pytest.mark.regression
@settings(max_examples=200, deadline=None)
@given(engines(), paces, paces, st.integers(0, 2**32 - 1))
def test_many_incremental_inferences_have_the_bits_of_full_ones(
    case: tuple[IntegerMlp, Foldings], offer: float, take: float, seed: int
) -> None:
    check_incremental(case, offer, take, seed)


def check_incremental(
    case: tuple[IntegerMlp, Foldings], offer: float, take: float, seed: int
) -> None:
    model, foldings = case
    (pe, simd), *others = foldings
    inputs = model.sizes[0]
    if inputs == 1:
        return
    foldings = [(pe, min(simd, inputs - 1)), *others]
    run_engine(
        model,
        foldings,
        12,
        sometimes(offer, seed),
        sometimes(take, seed + 1),
        seed,
        incremental=True,
    )


def test_a_curve_of_a1_on_16_multipliers_takes_48_cycles_and_8_for_each_further_pulse() -> None:
    model = random_model(A1)
    codes = random_codes(model, 1)[[0] * 100]
    codes[:, 0] = range(-50, 50)
    engine = Engine(model, fold_model(model, [(8, 1), (1, 8)], incremental=True))
    result = model.output_format
    traffic = run_stream(
        engine, engine.vector, engine.result, [pack(row, 8) for row in codes.tolist()], 100
    )
    observed = [unpack(word, result.width, signed=True, count=1) for word in traffic.words]
    assert observed == model_output(model, codes)
    # Depth 4 (operand, multiply, accumulate, activate) and 4 (with adders, without activate).
    assert traffic.arrived[0] == 47 + 4 + 4
    assert traffic.arrived[-1] - traffic.arrived[0] == 99 * 8
