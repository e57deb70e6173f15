# SPDX-License-Identifier: Apache-2.0
"""The engine with one multiplier in Amaranth's own simulator."""

from typing import Any

import numpy as np
import pytest
from amaranth import ResetInserter, Signal, Value
from amaranth.hdl import Fragment

from pulsewright.hls_model.reference.fixed_point import IntegerArray, Rounding
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.rtl.shared_multiplier.engine import SharedMultiplierEngine
from tests.models import changed, random_codes, random_model
from tests.rtl.simulation import run, set_together
from tests.rtl.streams import Traffic, always, pack, run_stream, sometimes, unpack

MODELS: dict[str, dict[str, Any]] = {
    "a1_shape": {"sizes": (6, 10, 1)},
    "one_of_each": {"sizes": (1, 1, 1)},
    "one_input": {"sizes": (1, 4, 3)},
    "two_inputs": {"sizes": (2, 5, 1)},
    "many_outputs": {"sizes": (3, 4, 7)},
    "extreme": {"sizes": (5, 6, 2), "extreme": True},
    "unsigned_inputs": {"sizes": (4, 6, 1), "signed_inputs": False},
    "half_up": {"sizes": (4, 6, 1), "rounding": Rounding.HALF_UP},
    "floor": {"sizes": (4, 6, 1), "rounding": Rounding.FLOOR},
    "narrow": {"sizes": (4, 6, 1), "weight_width": 2, "activation_width": 3, "input_width": 4},
    "wide_inputs": {"sizes": (4, 6, 1), "input_width": 12},
    "not_requantised": {"sizes": (4, 6, 2), "requantised": False},
}


def rows_of(model: IntegerMlp, count: int) -> IntegerArray:
    """Random rows, and the ends of the codes."""
    ends = [model.input_format.minimum, model.input_format.maximum]
    corners = np.array([[end] * model.sizes[0] for end in ends], dtype=np.int64)
    return np.concatenate((corners, random_codes(model, count)))


def traffic(engine: SharedMultiplierEngine, rows: IntegerArray, **decisions: Any) -> Traffic:
    width = engine.model.input_format.width
    beats = [pack(row.tolist(), width) for row in rows]
    return run_stream(engine, engine.vector, engine.result, beats, len(rows), **decisions)


def results(model: IntegerMlp, words: list[int]) -> list[list[int]]:
    width = model.output_format.width
    return [unpack(word, width, signed=True, count=model.outputs) for word in words]


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("busy", [False, True])
def test_it_is_the_network_at_its_cycles(name: str, busy: bool) -> None:
    model = random_model(**MODELS[name])
    engine = SharedMultiplierEngine(model)
    rows = rows_of(model, 6)
    decisions = {"offer": sometimes(0.6, seed=1), "take": sometimes(0.4, seed=2)} if busy else {}
    seen = traffic(engine, rows, **decisions)
    assert results(model, seen.words) == model.infer(rows).tolist()
    if not busy:
        timing = engine.timing
        assert seen.arrived[0] - seen.offered[0] == timing.latency
        gaps = {later - one for one, later in zip(seen.arrived, seen.arrived[1:], strict=False)}
        assert gaps == {timing.initiation_interval}


def test_every_tie_of_rounding_and_saturation_is_met() -> None:
    """Neurons that hand on an input by itself, times an odd number of half steps."""
    model = random_model((2, 2, 1))
    hidden = model.layers[0]
    half = 1 << (hidden.shift - 1)
    weights = np.array([[1, 0], [0, 127]])
    hidden = changed(hidden, weights=weights, bias=np.array([half, 0]))
    model = changed(model, layers=(hidden, model.layers[1]))
    rows = np.array([[x, y] for x in (-128, -1, 0, 1, 127) for y in (-128, 0, 127)])
    engine = SharedMultiplierEngine(model)
    assert results(model, traffic(engine, rows).words) == model.infer(rows).tolist()


@pytest.mark.parametrize("cycles", [1, 2, 5, 17, 43, 44, 45, 46, 47])
def test_a_vector_may_be_dropped_in_any_of_its_cycles(cycles: int) -> None:
    """As by a soft clear; the next one starts from nothing."""
    model = random_model((3, 5, 4))
    engine = SharedMultiplierEngine(model)
    restart = Signal()
    codes = random_codes(model, 2)
    width = model.input_format.width

    async def testbench(ctx: Any) -> None:
        ctx.set(engine.result.ready, 0)
        offer(ctx, codes[0])
        await ctx.tick().repeat(cycles)
        set_together(ctx, [(engine.vector.valid, 0), (restart, 1)])
        await ctx.tick()
        ctx.set(restart, 0)
        assert not ctx.get(engine.result.valid)
        offer(ctx, codes[1])
        for _ in range(engine.timing.latency):
            assert not ctx.get(engine.result.valid)
            await ctx.tick()
        assert ctx.get(engine.result.valid)
        word = ctx.get(Value.cast(engine.result.payload))
        assert results(model, [word]) == model.infer(codes[1:]).tolist()

    def offer(ctx: Any, row: IntegerArray) -> None:
        payload = Value.cast(engine.vector.payload)
        set_together(ctx, [(engine.vector.valid, 1), (payload, pack(row.tolist(), width))])

    run(ResetInserter(restart)(engine), testbench)


def test_what_it_says_of_itself() -> None:
    engine = SharedMultiplierEngine(random_model((6, 64, 1)))
    assert "64 + 1 passes of 6 + 1 steps" in engine.comment
    assert "latency 458 cycles" in engine.comment
    assert "interval 459" in engine.comment
    Fragment.get(engine, None)  # Amaranth warns of a design that is not used.


def test_results_are_held_until_they_are_taken() -> None:
    model = random_model((3, 4, 2))
    engine = SharedMultiplierEngine(model)
    rows = random_codes(model, 3)
    # The stream's own check sees that nothing is retracted or changed meanwhile.
    seen = traffic(engine, rows, offer=always, take=lambda cycle: cycle % 50 == 49)
    assert results(model, seen.words) == model.infer(rows).tolist()
