# SPDX-License-Identifier: Apache-2.0
"""Reloadable weights through the register bus of a whole coprocessor."""

import random
from typing import Any

import pytest

from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.reference.reloadable import reloadable_formats, with_parameters
from pulsewright.rtl.jobs.job_request import JobKind
from tests.hls_model.exact_reference import model_output
from tests.models import random_codes, random_model, slowly_changing_codes
from tests.rtl.register_access import Bus, with_coprocessor
from tests.rtl.streams import pack

CASES = [
    (((6, 8, 1), [(2, 6), (1, 2)]), {}),
    (((5, 7, 3), [(3, 2), (2, 4)]), {"weight_width": 5, "activation_width": 4}),
    (((6, 5, 4, 2), [(2, 4), (4, 5), (1, 3)]), {"requantised": False, "weight_width": 3}),
    (((6, 8, 1), [(8, 6), (1, 8)]), {"per_channel": True}),
    (((6, 8, 2), [(3, 1), (2, 3)]), {"incremental": True}),
]


async def load(bus: Bus, model: IntegerMlp) -> list[tuple[int, int]]:
    window = bus.coprocessor.register_map.window
    assert window is not None
    image = window.image(model)
    for address, word in image:
        await bus.access_address(address, word)
    return image


async def check(bus: Bus, model: IntegerMlp, rows: int = 6, seed: int = 0) -> None:
    codes = slowly_changing_codes(model, rows, seed)
    await bus.write("AUTOTRIGGER", 1)
    for row, outputs in zip(codes.tolist(), model_output(model, codes), strict=True):
        await bus.store_inputs(row)
        assert await bus.results() == outputs


@pytest.mark.quick_cases(2)
@pytest.mark.parametrize(("case", "options"), CASES)
def test_weights_are_replaced_and_read_back(case: Any, options: Any) -> None:
    """Other weights of the same formats, extremes included, give the results of their model."""
    sizes, _ = case
    parts = {name: value for name, value in options.items() if name != "incremental"}

    async def body(bus: Bus, model: IntegerMlp) -> None:
        others = [random_model(sizes, seed=7, **parts), random_model(sizes, extreme=True, **parts)]
        shifts = [layer.channel_shifts for layer in model.layers]
        for number, loaded in enumerate([model, *others]):
            if [layer.channel_shifts for layer in loaded.layers] != shifts:
                continue
            image = await load(bus, loaded)
            for address, word in random.Random(number).sample(image, min(len(image), 40)):
                assert (await bus.access_address(address, None))[0] == word
            await check(bus, loaded, seed=number)

    with_coprocessor(case, body, reloadable=True, **options)


def test_an_access_while_a_job_runs_is_refused_counted_and_changes_nothing() -> None:
    async def body(bus: Bus, model: IntegerMlp) -> None:
        image = await load(bus, model)
        codes = random_codes(model, 1)
        await bus.store_inputs(codes[0].tolist())
        await bus.sweep(JobKind.CURVE, 0, 20)
        for refusals, (address, word) in enumerate(image[::5], start=1):
            value = word ^ 1 if refusals % 2 else None
            await bus.access_address(address, value, refused=True)
            assert await bus.read("REFUSED_ACCESSES") == refusals
        await bus.drain(21)
        for address, word in image:
            assert (await bus.access_address(address, None))[0] == word
        await bus.write("JOB", JobKind.INFER)
        await check(bus, model)

    with_coprocessor(CASES[0][0], body, reloadable=True, pulses=30)


def test_what_is_not_a_weight_is_refused_and_changes_nothing() -> None:
    """Bytes outside the narrow range, biases outside their format, words that are not there."""

    async def body(bus: Bus, model: IntegerMlp) -> None:
        image = await load(bus, model)
        window = bus.coprocessor.register_map.window
        assert window is not None
        layer = window.layers[0]
        formats = reloadable_formats(model).layers[0]
        bias_limit = int(formats.bias.max()) + 1
        for word in (0x80, 0x10, 0xF0_00, -16 << 24 & 0xFFFF_FFFF, 0x7F, 0xEF):
            await bus.access_address(layer.weights_base, word, refused=True)
        for bias in (bias_limit, -bias_limit - 1, 1 << 31):
            await bus.access_address(layer.bias_base, bias & 0xFFFF_FFFF, refused=True)
        for byte_enable in (1, 3, 12, 0):
            await bus.access_address(layer.weights_base, 0, refused=True, byte_enable=byte_enable)
        there = {address for address, _ in image}
        for address in range(0x1000, window.end + 16, 4):
            if address not in there:
                await bus.access_address(address, 0, refused=True)
                await bus.access_address(address, None, refused=True)
        for address, word in image:
            assert (await bus.access_address(address, None))[0] == word
        # The ends of the formats themselves are allowed.
        await bus.access_address(layer.weights_base, pack([15, -15, 0, -1], 8))
        for bias in (bias_limit - 1, -bias_limit):
            await bus.access_address(layer.bias_base, bias & 0xFFFF_FFFF)
            assert (await bus.access_address(layer.bias_base, None))[0] == bias & 0xFFFF_FFFF
        assert await bus.read("REFUSED_ACCESSES") == 0
        await load(bus, model)
        await check(bus, model)

    with_coprocessor(CASES[1][0], body, reloadable=True, weight_width=5)


def test_an_incremental_engine_starts_fresh_after_new_weights() -> None:
    """The same inputs again: nothing changed but one weight."""

    async def body(bus: Bus, model: IntegerMlp) -> None:
        image = await load(bus, model)
        codes = random_codes(model, 1)
        await bus.write("AUTOTRIGGER", 1)
        for _ in range(2):
            await bus.store_inputs(codes[0].tolist())
            assert await bus.results() == model_output(model, codes)[0]
        weights = model.layers[0].weights.copy()
        weights[0, 0] = -weights[0, 0] or 1
        parameters = [(layer.weights, layer.bias) for layer in model.layers]
        other = with_parameters(model, [(weights, parameters[0][1]), *parameters[1:]])
        window = bus.coprocessor.register_map.window
        assert window is not None
        for (address, word), (_, old) in zip(window.image(other), image, strict=True):
            if word != old:
                await bus.access_address(address, word)
        await bus.store_inputs(codes[0].tolist())
        assert await bus.results() == model_output(other, codes)[0]

    with_coprocessor(CASES[4][0], body, incremental=True, reloadable=True)


def test_constant_weights_have_no_window() -> None:
    """The address has no bit for it, and nothing that is refused counts as an access to it."""

    async def body(bus: Bus, model: IntegerMlp) -> None:
        assert len(bus.coprocessor.bus.address) == 12
        await bus.access_address(0xFFC, 0, refused=True)
        await bus.access_address(0xFFC, None, refused=True)
        assert await bus.read("REFUSED_ACCESSES") == 0

    with_coprocessor(CASES[0][0], body)
