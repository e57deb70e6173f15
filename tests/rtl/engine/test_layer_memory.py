# SPDX-License-Identifier: Apache-2.0
from typing import Any

from amaranth.sim import Simulator

from pulsewright.hls_model.reference.reloadable import reloadable_formats
from pulsewright.hls_model.schedule.weight_window import LayerWindow
from pulsewright.rtl.engine.layer_memory import LayerMemory
from tests.models import fold_model, random_model

MODEL = random_model((4, 6))
FOLDED = fold_model(MODEL, [(2, 2)], reloadable=True).layers[0]
LAYER = MODEL.layers[0]


async def store(ctx: Any, memory: LayerMemory, kind: str, word: int, data: int) -> None:
    access = memory.access
    ctx.set(getattr(access, kind), 1)
    ctx.set(access.word, word)
    ctx.set(access.data, data & 0xFFFF_FFFF)
    ctx.set(access.write, 1)
    await ctx.tick()
    ctx.set(getattr(access, kind), 0)
    ctx.set(access.write, 0)


async def store_all(ctx: Any, memory: LayerMemory) -> None:
    window = LayerWindow(FOLDED, 0, 1 << 12)
    for address, word in window.words(LAYER):
        kind = "biases" if address >= 1 << 12 else "weights"
        await store(ctx, memory, kind, (address & 0xFFF) // 4, word)


def simulate(bench: Any) -> None:
    memory = LayerMemory(reloadable_formats(MODEL).layers[0], FOLDED)
    simulator = Simulator(memory)
    simulator.add_clock(1e-6)

    async def run(ctx: Any) -> None:
        await store_all(ctx, memory)
        await bench(ctx, memory)

    simulator.add_testbench(run)
    simulator.run()


def biases(ctx: Any, memory: LayerMemory) -> list[int]:
    return [ctx.get(bias) for bias in memory.parameters.biases]


def test_biases_follow_the_group_in_the_cycles_in_which_it_advances() -> None:
    async def bench(ctx: Any, memory: LayerMemory) -> None:
        # The row is read again after an access of software.
        await ctx.tick().repeat(2)
        assert biases(ctx, memory) == LAYER.bias[0:2].tolist()
        for group in (1, 2, 0):
            ctx.set(memory.next_group, group)
            ctx.set(memory.advances, 1)
            await ctx.tick()
            assert biases(ctx, memory) == LAYER.bias[2 * group : 2 * group + 2].tolist()
            ctx.set(memory.advances, 0)
            await ctx.tick().repeat(3)
            assert biases(ctx, memory) == LAYER.bias[2 * group : 2 * group + 2].tolist()

    simulate(bench)


def test_biases_are_read_in_no_other_cycle() -> None:
    async def bench(ctx: Any, memory: LayerMemory) -> None:
        await ctx.tick().repeat(2)
        ctx.set(memory.next_group, 2)
        await ctx.tick().repeat(3)
        assert biases(ctx, memory) == LAYER.bias[0:2].tolist()

    simulate(bench)


def test_weights_follow_the_row_that_is_loaded() -> None:
    async def bench(ctx: Any, memory: LayerMemory) -> None:
        for row in range(FOLDED.cycles):
            ctx.set(memory.row, row)
            ctx.set(memory.load, 1)
            await ctx.tick()
            ctx.set(memory.load, 0)
            await ctx.tick()
            group, step = divmod(row, FOLDED.input_steps)
            expected = LAYER.weights[2 * group : 2 * group + 2, 2 * step : 2 * step + 2].tolist()
            observed = [[ctx.get(w) for w in lane] for lane in memory.parameters.weights]
            assert observed == expected

    simulate(bench)
