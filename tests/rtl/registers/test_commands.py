# SPDX-License-Identifier: Apache-2.0
"""Against the words of hwpe-ctrl's SystemRDL for the values of these registers."""

from typing import Any

import pytest
from amaranth import Module
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from pulsewright.rtl.registers.commands import CommitTrigger, SoftClear
from tests.rtl.simulation import run


class Decoded(wiring.Component):
    """Both decoders of one word."""

    word: In(32)
    commits: Out(1)
    triggers: Out(1)
    state: Out(1)
    registers: Out(1)

    def elaborate(self, platform: object) -> Module:
        m = Module()
        commit, clear = CommitTrigger(self.word), SoftClear(self.word)
        m.d.comb += [
            self.commits.eq(commit.commits),
            self.triggers.eq(commit.triggers),
            self.registers.eq(clear.registers),
            self.state.eq(clear.state),
        ]
        return m


@pytest.mark.parametrize(
    ("word", "commits", "triggers", "state", "registers"),
    [
        (0, True, True, True, True),
        (1, True, False, True, False),
        (2, False, True, False, True),
        (3, False, False, False, False),
    ],
)
@pytest.mark.parametrize("ignored", [0, 0xFFFF_FFFC])
def test_the_values_of_hwpe_ctrl(
    word: int, commits: bool, triggers: bool, state: bool, registers: bool, ignored: int
) -> None:
    decoded = Decoded()

    async def testbench(ctx: Any) -> None:
        ctx.set(decoded.word, word | ignored)
        found = [ctx.get(getattr(decoded, name)) for name in list(decoded.signature.members)[1:]]
        assert found == [commits, triggers, state, registers]

    run(decoded, testbench)
