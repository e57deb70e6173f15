# SPDX-License-Identifier: Apache-2.0
import pytest

from pulsewright.synth.energy.duty_cycle import DutyCost, cheapest_by_rate, crossing

STOPPED = DutyCost(inference=2000, cycles=50, megahertz=50, leakage=600)
RUNNING = DutyCost(inference=2000, cycles=50, megahertz=50, leakage=600, idle_cycle=0.4)


def test_leakage_is_shared_by_the_inferences() -> None:
    # 600 nW for 0.1 s are 60 nJ.
    assert STOPPED.picojoule(10) == pytest.approx(2000 + 60_000)
    assert STOPPED.picojoule(1e6) == pytest.approx(2000 + 0.6)
    assert STOPPED.most_a_second == 1e6


def test_a_running_clock_costs_its_idle_cycles() -> None:
    # A thousandth of a second has 50 000 cycles, 50 of which compute.
    assert RUNNING.picojoule(1000) == pytest.approx(2000 + 600 + 0.4 * 49_950)


def test_at_the_break_even_the_gaps_cost_as_much_as_the_inferences() -> None:
    assert STOPPED.break_even == pytest.approx(300)
    for cost in (STOPPED, RUNNING):
        assert cost.picojoule(cost.break_even) == pytest.approx(2 * cost.inference)


def test_more_than_the_core_can_do_is_refused() -> None:
    for a_second in (0, 1.1e6):
        with pytest.raises(ValueError, match="inferences a second"):
            STOPPED.picojoule(a_second)


def test_two_cores_cross_where_they_cost_the_same() -> None:
    larger = DutyCost(inference=1000, cycles=8, megahertz=50, leakage=3000)
    place = crossing(STOPPED, larger)
    assert place is not None
    assert STOPPED.picojoule(place) == pytest.approx(larger.picojoule(place))
    assert crossing(larger, STOPPED) == place
    assert crossing(STOPPED, STOPPED) is None
    assert crossing(STOPPED, DutyCost(1000, 50, 50, leakage=100)) is None


def test_the_cheapest_core_is_the_cheapest_at_every_rate() -> None:
    costs = {
        "small": DutyCost(inference=2000, cycles=64, megahertz=50, leakage=600),
        "middle": DutyCost(inference=1500, cycles=8, megahertz=50, leakage=3000),
        "large": DutyCost(inference=300, cycles=1, megahertz=50, leakage=6000),
        "never": DutyCost(inference=2500, cycles=64, megahertz=50, leakage=700),
    }
    found = cheapest_by_rate(costs)
    assert [one.name for one in found] == ["small", "large"]
    assert (found[0].least, found[-1].most) == (1, 50e6)
    assert found[0].most == found[1].least == crossing(costs["small"], costs["large"])
    for one in found:
        for rate in (one.least * 1.001, (one.least * one.most) ** 0.5, one.most * 0.999):
            able = {name: cost for name, cost in costs.items() if rate <= cost.most_a_second}
            assert min(able, key=lambda name: able[name].picojoule(rate)) == one.name


def test_a_slow_core_is_followed_by_what_can_do_more() -> None:
    slow = DutyCost(inference=100, cycles=50, megahertz=50, leakage=1)
    quick = DutyCost(inference=200, cycles=1, megahertz=50, leakage=2)
    assert cheapest_by_rate({"slow": slow, "quick": quick}) == [
        ("slow", 1, 1e6),
        ("quick", 1e6, 50e6),
    ]
    assert cheapest_by_rate({}) == []
