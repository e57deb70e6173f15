# SPDX-License-Identifier: Apache-2.0
"""The input map in hardware against the input map, with integers that saturate and that do not."""

import random
from typing import Any

import numpy as np
import pytest
from amaranth import Cat

from pulsewright.hls_model.reference.fixed_point import FixedPoint
from pulsewright.hls_model.reference.input_map import (
    AffineMap,
    Feature,
    FeatureMap,
    InputMap,
    TableMap,
    fit_affine,
    fit_log_table,
)
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.rtl.registers.input_mapper import InputMapper
from tests.models import random_model
from tests.rtl.simulation import run, set_members

SMALLEST, LARGEST = -(2**31), 2**31 - 1
EIGHT_BITS = FixedPoint(width=8, frac=7, signed=True)
PULSES = Feature(name="N", unit="pulse", per_si=1, minimum=0, maximum=99)
VOLTS = Feature(name="V", unit="mV", per_si=1000, minimum=-930, maximum=0)
SECONDS = Feature(name="t", unit="us", per_si=10**6, minimum=5000, maximum=1_300_000)
ANYTHING = Feature(name="x", unit="count", per_si=1, minimum=SMALLEST, maximum=LARGEST)
IDENTITY = AffineMap(
    name="c", unit="code", per_si=1, minimum=0, maximum=255, multiplier=1, offset=0, shift=0
)
STEEP = AffineMap(
    name="s", unit="mV", per_si=1000, minimum=-100, maximum=100, multiplier=5, offset=1, shift=0
)
ONE_CODE = AffineMap(
    name="o", unit="mV", per_si=1000, minimum=-9, maximum=9, multiplier=1, offset=9000, shift=2
)


def affine(*features: Feature, width: int = 8) -> InputMap:
    code_format = FixedPoint(width=width, frac=width - 1, signed=True)
    maps = tuple(fit_affine(feature, code_format) for feature in features)
    return InputMap(features=maps, code_format=code_format)


CASES = {
    "A1's kinds": affine(PULSES, VOLTS, SECONDS, ANYTHING),
    "one": affine(SECONDS),
    "wide codes": affine(PULSES, SECONDS, width=16),
    "narrow codes": affine(VOLTS, ANYTHING, width=2),
    "a table": InputMap(
        features=(fit_affine(VOLTS, EIGHT_BITS), fit_log_table(PULSES, EIGHT_BITS)),
        code_format=EIGHT_BITS,
    ),
    "tables alone": InputMap(
        features=(
            fit_log_table(PULSES, EIGHT_BITS),
            TableMap(
                name="x", unit="d", per_si=1, minimum=-3, maximum=1, table=[-900, 4, 4, 3, 900]
            ),
        ),
        code_format=EIGHT_BITS,
    ),
    "unsigned, saturating": InputMap(
        features=(IDENTITY, STEEP, ONE_CODE),
        code_format=FixedPoint(width=8, frac=8, signed=False),
    ),
    "steep and constant": InputMap(
        features=(STEEP, fit_affine(VOLTS, EIGHT_BITS), ONE_CODE), code_format=EIGHT_BITS
    ),
}


def model_of(input_map: InputMap) -> IntegerMlp:
    code_format = input_map.code_format
    model = random_model(
        (len(input_map.features), 2, 1),
        input_width=code_format.width,
        signed_inputs=code_format.signed,
    )
    return model.model_copy(update={"input_map": input_map})


def drawn(feature: FeatureMap, draw: random.Random) -> int:
    low, high = feature.minimum, feature.maximum
    ends = [SMALLEST, LARGEST, low - 1, low, low + 1, high - 1, high, high + 1]
    inside = draw.choice([draw.choice(ends), draw.randint(low, high), draw.randint(low, high)])
    return min(max(inside, SMALLEST), LARGEST)


@pytest.mark.parametrize("name", CASES)
def test_an_integer_a_cycle_with_pauses_gives_the_codes_of_the_map(name: str) -> None:
    input_map = CASES[name]
    model = model_of(input_map)
    mapper = InputMapper(model)
    draw = random.Random(name)
    limits = input_map.code_format

    async def testbench(ctx: Any) -> None:
        # A first one long ago, for the distance between two.
        expected: list[tuple[int, int, int, bool]] = [(-9, 0, 0, False)]
        loaded_then: list[int] = [-9]
        for cycle in range(400):
            loads = bool(ctx.get(mapper.ready)) and draw.random() < 0.7
            number = draw.randrange(len(input_map.features))
            starts = draw.random() < 0.3
            physical = drawn(input_map.features[number], draw)
            values = {"load": loads, "number": number, "physical": physical, "starts": starts}
            set_members(ctx, mapper, values)
            if loads:
                code = int(input_map.features[number].codes(np.array([physical]))[0])
                code = min(max(code, limits.minimum), limits.maximum)
                mask = (1 << limits.width) - 1
                due_then = max(cycle + mapper.mapping.latency, expected[-1][0] + mapper.digits)
                expected.append((due_then, 1 << number, code & mask, starts))
                loaded_then.append(cycle)
            due = [one for one in expected if one[0] == cycle]
            under_way = [
                one
                for one, since in zip(expected, loaded_then, strict=True)
                if since < cycle <= one[0]
            ]
            assert ctx.get(mapper.busy) == bool(under_way)
            assert ctx.get(mapper.starting) == any(one[3] for one in under_way)
            assert ctx.get(Cat(*mapper.stores)) == (due[0][1] if due else 0)
            assert ctx.get(mapper.begins) == (due[0][3] if due else 0)
            if due:
                assert ctx.get(mapper.code) == due[0][2]
            await ctx.tick()
        assert len(expected) > 280 / mapper.digits - 20

    run(mapper, testbench)


def test_a_clear_forgets_what_is_on_its_way() -> None:
    model = random_model((4, 2, 1))
    mapper = InputMapper(model)

    async def testbench(ctx: Any) -> None:
        for delay in range(1, mapper.mapping.latency + 1):
            set_members(ctx, mapper, {"load": 1, "number": 2, "physical": 7, "starts": 1})
            await ctx.tick()
            ctx.set(mapper.load, 0)
            for _ in range(delay - 1):
                assert ctx.get(mapper.busy) == ctx.get(mapper.starting) == 1
                await ctx.tick()
            ctx.set(mapper.clear, 1)
            seen = []
            for _ in range(5):
                seen.append(ctx.get(Cat(*mapper.stores)) | ctx.get(mapper.begins))
                await ctx.tick()
                ctx.set(mapper.clear, 0)
                assert ctx.get(mapper.busy) == ctx.get(mapper.starting) == 0
            assert not any(seen)

    run(mapper, testbench)
