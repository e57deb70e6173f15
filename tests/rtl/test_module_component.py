# SPDX-License-Identifier: Apache-2.0
"""Every component has a line on each of its ports, and says what its module does."""

import re
from collections.abc import Iterator

import pytest
from amaranth import Module, Signal
from amaranth.back import rtlil
from amaranth.hdl import Fragment
from amaranth.lib.wiring import In, Out

from pulsewright.rtl.buses.registry import BUSES, INSTRUCTIONS
from pulsewright.rtl.module_component import ModuleComponent
from pulsewright.rtl.registers.register_file import RegisterFile
from pulsewright.rtl.top import Top
from pulsewright.rtl.tops import coprocessor_top
from pulsewright.rtl.verilog_platform import VerilogPlatform
from tests.models import fold_model, random_model

MODEL = random_model((6, 5, 4, 1), pulses=20)


def components(fragment: Fragment) -> Iterator[ModuleComponent]:
    for origin in fragment.origins or ():
        if isinstance(origin, ModuleComponent):
            yield origin
    for child, _, _ in fragment.subfragments:
        yield from components(child)


@pytest.mark.quick_cases(3)
@pytest.mark.parametrize("attachment", [*BUSES, *INSTRUCTIONS])
@pytest.mark.parametrize("reloadable", [False, True])
def test_docstrings_have_a_line_on_every_port(attachment: str, reloadable: bool) -> None:
    folded = fold_model(MODEL, [(2, 2), (2, 2), (1, 3)], incremental=True, reloadable=reloadable)
    top = coprocessor_top(attachment, MODEL, folded)
    found = list(components(Fragment.get(top, VerilogPlatform())))
    assert len(found) > 8
    for component in found:
        assert component.comment
        if isinstance(component, Top):
            assert set(component.port_comments) == set(component.signature.members)
            continue
        lines = "\n".join(cls.__doc__ or "" for cls in type(component).__mro__)
        for member in component.signature.members:
            name = re.sub(r"^memory_\d+$", "memory_<layer>", member)
            if isinstance(component, RegisterFile) and member != "bus":
                name = "<register>"
            assert f"\n        {name}: " in lines, f"{type(component).__name__}.{name}"


class Inverter(ModuleComponent):
    """Its output is also an inner signal, which comes first."""

    def __init__(self) -> None:
        super().__init__({"a": In(1), "y": Out(1)})

    @property
    def comment(self) -> str:
        return "An inverter. Latency 0 cycles."

    def elaborate(self, platform: object) -> Module:
        m = self.module()
        inner = Signal()
        m.d.comb += [inner.eq(~self.a), self.y.eq(inner)]
        return m


def test_ports_keep_their_names_whatever_is_equal_to_them() -> None:
    outer = Module()
    outer.submodules.inverter = inverter = Inverter()
    a = Signal()
    y = Signal()
    outer.d.comb += [inverter.a.eq(a), y.eq(inverter.y)]
    text = rtlil.convert(outer, ports=[a, y], emit_src=False)
    inner = text[text.index("inverter") :]
    assert re.search(r"wire width 1 output \d+ +\\y\n", text)
    assert "connect \\y" in text or "\\y" in inner
    assert re.search(r"cell \\top\.inverter \\inverter\n(?: +.*\n)* +connect \\y ", text)
