# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest
from systemrdl.compiler import RDLCompiler
from systemrdl.node import AddrmapNode, RegNode

from pulsewright.rtl.buses.options import AttachmentOptions, Jobs
from pulsewright.rtl.register_texts.system_rdl import addrmap_name, compiled_rdl, system_rdl
from tests.rtl.package.packages import design

Layout = dict[str, tuple[int, int, int]]


def layout(node: AddrmapNode) -> Layout:
    """Address, reset and width of every field."""
    return {
        field.get_rel_path(node): (
            register.absolute_address,
            field.get_property("reset") or 0,
            field.width,
        )
        for register in node.descendants(unroll=True)
        if isinstance(register, RegNode)
        for field in register.fields()
    }


@pytest.mark.parametrize("jobs", ["all", "infer"])
@pytest.mark.parametrize("which", ["plain", "other", "reloadable", "windowed", "windowed_results"])
def test_the_defaults_are_this_configuration(which: str, jobs: Jobs) -> None:
    jobs = "all" if "windowed" in which else jobs
    register_map = design("obi", which, options=AttachmentOptions(jobs=jobs)).register_map
    text = system_rdl(register_map, "mine")
    node = compiled_rdl(text, addrmap_name("mine"))
    assert node.inst_name == "mine_registers"
    assert layout(node) == layout(register_map.node)


def test_any_tool_understands_it_and_takes_several(tmp_path: Path) -> None:
    """No property of our own is left, and two maps are compiled together."""
    compiler = RDLCompiler()
    for name, which in (("one", "plain"), ("two", "other")):
        text = system_rdl(design("obi", which).register_map, name)
        assert "property " not in text
        assert text.startswith("// SPDX-License-Identifier: Apache-2.0\n")
        (tmp_path / f"{name}.rdl").write_text(text)
        compiler.compile_file(str(tmp_path / f"{name}.rdl"))
    found = {n: compiler.elaborate(addrmap_name(n)).top for n in ("one", "two")}
    assert layout(found["one"]) != layout(found["two"])
