# SPDX-License-Identifier: Apache-2.0
"""The far side of an attachment: a register bus that waits at random, and what it answers."""

import random
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pytest
from amaranth import EnableInserter, Module

from pulsewright.rtl.attachments.attachment import Attachment
from pulsewright.rtl.registers.register_map import ADDRESS_BITS
from tests.rtl.simulation import set_members, set_noise

FIELDS = ("address", "write", "byte_enable", "write_data")
SEEDS = [0, *(pytest.param(seed, marks=pytest.mark.regression) for seed in range(1, 10))]
SPACE = 1 << ADDRESS_BITS
REFUSED_FROM = SPACE // 2


class Access(NamedTuple):
    """As the register bus sees it."""

    address: int
    write: int
    byte_enable: int
    write_data: int


def answer_of(address: int, write_data: int) -> int:
    """What is read: names the address and what was written last."""
    return (address * 0x0101_0101 ^ write_data) & 0xFFFF_FFFF


def random_accesses(draw: random.Random, count: int) -> list[Access]:
    """Aligned or not, accepted or not, with address bits above the register bus."""
    return [
        Access(
            draw.choice([draw.randrange(0, SPACE, 4), draw.randrange(SPACE)])
            | draw.getrandbits(32 - ADDRESS_BITS) << ADDRESS_BITS,
            draw.getrandbits(1),
            draw.randrange(1, 16),
            draw.getrandbits(32),
        )
        for _ in range(count)
    ]


def reaching(accesses: list[Access]) -> list[Access]:
    """Those that get to the registers, as they arrive there."""
    return [a._replace(address=a.address % SPACE) for a in accesses if a.address % 4 == 0]


def is_refused(access: Access) -> bool:
    return access.address % 4 != 0 or access.address % SPACE >= REFUSED_FROM


def answers(accesses: list[Access]) -> list[tuple[int | None, bool]]:
    """(word read or None, refused) of each, if they are done in this order."""
    given: list[tuple[int | None, bool]] = []
    storage = 0
    for access in accesses:
        refused = is_refused(access)
        readable = not access.write and not refused
        given.append((answer_of(access.address % SPACE, storage) if readable else None, refused))
        if access.write and not refused:
            storage = access.write_data
    return given


@dataclass
class RegisterBusModel:
    """Random waits; an error for addresses from `REFUSED_FROM`.

    Asserts that an access once presented stays as it is until it is answered.
    """

    draw: random.Random
    wait: float
    accesses: list[Access] = field(default_factory=list)
    storage: int = 0
    ready: bool = False
    held: Access | None = None

    def drive(self, ctx: Any, bus: Any) -> None:
        """Decide once a cycle whether an access would be answered."""
        self.ready = self.draw.random() >= self.wait
        self.respond(ctx, bus)

    def respond(self, ctx: Any, bus: Any) -> None:
        """Combinational answer, like that of the register file."""
        valid = ctx.get(bus.valid)
        address = ctx.get(bus.address)
        error, read_data = address >= REFUSED_FROM, answer_of(address, self.storage)
        values = {"ready": valid and self.ready, "error": error, "read_data": read_data}
        set_members(ctx, bus, values)

    def scramble(self, ctx: Any, bus: Any) -> None:
        """Any answer at all, to see what follows it."""
        set_noise(ctx, self.draw, (bus.ready, bus.error, bus.read_data))

    def clock(self, ctx: Any, bus: Any) -> None:
        """At the end of a cycle: what was answered is done."""
        access = Access(*(ctx.get(getattr(bus, name)) for name in FIELDS))
        if not ctx.get(bus.valid):
            assert self.held is None, "an access was retracted from the register bus"
            return
        # What is on the write data lines means nothing in a read.
        meant = access if access.write else access._replace(write_data=0)
        assert self.held in (None, meant), "an access changed on the register bus"
        self.held = meant
        if ctx.get(bus.ready):
            self.held = None
            self.accesses.append(access)
            if access.write and access.address < REFUSED_FROM:
                self.storage = access.write_data


def clock_gated(attachment: Attachment) -> Module:
    """The attachment on a clock that runs while it is active."""
    m = Module()
    m.submodules.attachment = EnableInserter(attachment.active)(attachment)
    return m
