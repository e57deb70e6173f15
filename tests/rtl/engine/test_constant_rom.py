# SPDX-License-Identifier: Apache-2.0
import random
from typing import Any

import pytest
from amaranth import Const, Instance, Module, Shape, Signal, Value
from amaranth.hdl import Fragment

from pulsewright.rtl.engine.constant_rom import constant_rom, packed
from pulsewright.rtl.verilog_platform import VerilogPlatform
from tests.rtl.simulation import run


@pytest.mark.parametrize("count", range(1, 18))
@pytest.mark.parametrize("shape", [Shape(9), Shape(9, signed=True), Shape(1), Shape(70)])
def test_gives_the_numbered_word(count: int, shape: Shape) -> None:
    draw = random.Random(count)
    low = -(1 << shape.width - 1) if shape.signed else 0
    words = [low + draw.getrandbits(shape.width) for _ in range(count)]
    m = Module()
    index: Value = Signal(range(count)) if count > 1 else Const(0, 1)
    output = Signal(Shape(80, signed=True))
    m.d.comb += output.eq(constant_rom(m, "words", index, words, shape))

    async def testbench(ctx: Any) -> None:
        for number, word in enumerate(words):
            if count > 1:
                ctx.set(index, number)
            assert ctx.get(output) == word

    run(m, testbench, clocked=False)


def test_one_word_needs_no_logic() -> None:
    m = Module()
    word = constant_rom(m, "words", Const(0, 1), [-3], Shape(4, signed=True))
    assert isinstance(word, Const)
    assert (word.value, word.shape()) == (-3, Shape(4, signed=True))
    assert not Fragment.get(m, None).subfragments


@pytest.mark.parametrize(("platform", "kind"), [(None, Fragment), (VerilogPlatform(), Instance)])
def test_the_text_gets_a_table_and_the_simulator_logic(platform: object, kind: type) -> None:
    m = Module()
    constant_rom(m, "numbers", Signal(), [1, 2], 2)
    (entry,) = Fragment.get(m, platform).subfragments
    assert type(entry[0]) is kind
    assert entry[1] == "numbers"


def test_packs_the_first_lane_into_the_lowest_bits() -> None:
    assert packed([1, -1, 2], 4) == 0x2F1
    assert packed([], 4) == 0
