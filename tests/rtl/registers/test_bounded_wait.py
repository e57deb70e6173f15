# SPDX-License-Identifier: Apache-2.0
import random
from typing import Any

import pytest

from pulsewright.hls_model.schedule.pulse_sweep import pulse_sweep
from pulsewright.hls_model.schedule.sequence import longest_job, longest_wait
from pulsewright.rtl.buses.options import AttachmentOptions
from pulsewright.rtl.buses.registry import BUSES
from pulsewright.rtl.coprocessor import Coprocessor
from pulsewright.rtl.jobs.job_request import JobKind
from pulsewright.rtl.registers.bounded_wait import BoundedWait
from pulsewright.rtl.top import BusTop
from pulsewright.rtl.verilog.writer import to_verilog
from tests.models import fold_model, random_codes, random_model
from tests.rtl.register_access import ONE_OUTPUT, Bus
from tests.rtl.simulation import run


@pytest.mark.parametrize("max_wait", [1, 2, 7, 8])
def test_an_access_waits_so_long_and_no_longer(max_wait: int) -> None:
    """Registers that wait 0 to 2 * max_wait cycles, one access after the other or with gaps."""
    bounded = BoundedWait(max_wait, 12)
    draw = random.Random(max_wait)

    async def testbench(ctx: Any) -> None:
        access, registers = bounded.access, bounded.registers
        refusals = 0
        for _ in range(300):
            wanted = draw.randrange(2 * max_wait + 1)
            address, word, error = draw.randrange(4096), draw.getrandbits(32), draw.randrange(2)
            write = draw.randrange(2)
            ctx.set(access.valid, 1)
            ctx.set(access.address, address)
            ctx.set(access.write, write)
            ctx.set(access.write_data, word)
            ctx.set(access.byte_enable, 0xF)
            waited = 0
            while True:
                ready = waited == wanted
                ctx.set(registers.ready, ready)
                ctx.set(registers.error, ready and error)
                ctx.set(registers.read_data, word if ready else 0xFFFF_FFFF)
                asked = (registers.valid, registers.address, registers.write, registers.write_data)
                assert [ctx.get(one) for one in asked] == [1, address, write, word]
                if ctx.get(access.ready):
                    break
                assert ctx.get(bounded.refused) == 0
                await ctx.tick()
                waited += 1
            assert waited == min(wanted, max_wait)
            refused = wanted > max_wait
            assert ctx.get(bounded.refused) == refused
            assert ctx.get(access.error) == (refused or error)
            assert ctx.get(access.read_data) == (0 if refused else word)
            refusals += refused
            await ctx.tick()
            ctx.set(access.valid, 0)
            ctx.set(registers.ready, 0)
            assert ctx.get(bounded.refused) == ctx.get(access.ready) == 0
            for _ in range(draw.choice((0, 0, 1, 3))):
                await ctx.tick()
        assert 50 < refusals < 250

    run(bounded, testbench)


@pytest.mark.parametrize(
    "bus",
    ["obi", *(pytest.param(bus, marks=pytest.mark.regression) for bus in BUSES if bus != "obi")],
)
def test_nothing_is_there_where_it_is_not_asked_for(bus: str) -> None:
    model = random_model((3, 2, 1))
    folded = fold_model(model, [(1, 1), (1, 1)])
    plain = to_verilog(BusTop(model, folded, bus), "pulse")
    assert "bounded_wait" not in plain
    bounded = to_verilog(BusTop(model, folded, bus, AttachmentOptions(max_wait=5)), "pulse")
    assert "Refuses an access that has waited 5 cycles" in bounded


@pytest.mark.parametrize("pulses", [None, 20])
def test_the_longest_wait_is_that_of_two_jobs_one_after_the_other(pulses: int | None) -> None:
    """Three accesses in a row, of which the last store of an input word starts a job each."""
    sizes, foldings = ONE_OUTPUT
    model = random_model(sizes, pulses=pulses)
    coprocessor = Coprocessor(model, fold_model(model, foldings))
    sweep = pulse_sweep(model)
    numbers = len(sweep.codes) if sweep else 0
    waits: list[int] = []

    async def testbench(ctx: Any) -> None:
        bus = Bus(ctx, coprocessor)
        if sweep is not None:
            await bus.write("JOB", JobKind.REACH)
            await bus.write("N0", sweep.minimum)
            await bus.write("N1", sweep.maximum)
            await bus.write("TARGET", 0x7FFF_FFFF)
        await bus.store_inputs(random_codes(model, 1)[0].tolist())
        await bus.write("AUTOTRIGGER", 1)
        assert await bus.write("INPUT[1]", 0) == 0
        assert await bus.write("INPUT[1]", 0) == 0
        waits.append((await bus.access("RESULT[0]", None))[1])
        waits.append(await bus.read("CYCLES"))
        # A store behind a job that waits; and with a pulse number, a load of a curve's first word.
        await bus.write("INPUT[1]", 0)
        await bus.write("INPUT[1]", 0)
        waits.append(await bus.write("INPUT[0]", 0))

    run(coprocessor, testbench)
    assert waits[0] == longest_wait(coprocessor.folded, numbers)
    assert waits[1] == longest_job(coprocessor.folded, numbers)
    assert waits[2] < waits[0]
