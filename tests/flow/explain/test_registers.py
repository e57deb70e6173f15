# SPDX-License-Identifier: Apache-2.0
import pytest

from pulsewright.flow.explain.entry import Entry
from pulsewright.flow.explain.registers import registers
from pulsewright.flow.explain.search import find
from pulsewright.rtl.registers.register_map import WINDOWS
from pulsewright.rtl.registers.register_source import elaborated_source, registers_of


def of(name: str) -> list[Entry]:
    return [one for one in registers() if one.name == name]


@pytest.mark.parametrize("configuration", [frozenset(), frozenset({WINDOWS})])
def test_every_register_of_each_map_is_there_at_its_offset(configuration: frozenset[str]) -> None:
    """The reference are the addresses that the decoder is made of; arrays begin at their first."""
    for register in registers_of(elaborated_source(configuration, {})):
        name, _, rest = register.name.partition("[")
        if rest and not rest.startswith("0]"):
            continue
        inner = rest.partition("].")[2]
        entries = of(f"{name}.{inner}" if inner else name)
        assert entries, register.name
        sums = [
            sum(int(part, 16) for part in dict(one.facts)["offset"].split() if part[:2] == "0x")
            for one in entries
            if dict(one.facts)["offset"].startswith("0x")
        ]
        assert register.address in sums, register.name


def test_what_differs_between_maps_is_told_of_each() -> None:
    assert dict(of("STATUS.BUSY")[0].facts)["of"] == "every coprocessor"
    kinds = [dict(one.facts)["of"] for one in of("JOB")]
    assert kinds == ["networks that fit among the registers", "networks with windows"]
    (weights,) = of("WEIGHTS")
    assert dict(weights.facts)["of"] == 'engine.weights = "reloadable"'
    assert dict(of("SOFT_CLEAR.SCOPE")[0].facts)["bits"] == "1:0"
    pending = dict(of("INTERRUPT_PENDING.JOB_ENDED")[0].facts)
    assert pending["access"] == "read-write; a 1 clears"
    assert dict(of("LAYER.FOLDING.SIMD")[0].facts)["bits"] == "31:16"


def test_fields_are_inside_their_register() -> None:
    inside = [one.name for one in find("layer_capability").inside]
    assert "LAYER_CAPABILITY.SWEEP" in inside
    assert all(one.startswith("LAYER_CAPABILITY.") for one in inside)
