# SPDX-License-Identifier: Apache-2.0
"""The memory map of the coprocessor as IP-XACT, made by peakrdl-ipxact."""

import re
import tempfile
from pathlib import Path

from peakrdl_ipxact import IPXACTExporter, Standard

from pulsewright.rtl.package.design import PackagedDesign
from pulsewright.rtl.package.system_rdl import addrmap_name, compiled_rdl

_MEMORY = re.compile(r"\n +external mem \{.*?\} \w+ @ \w+;\n", re.DOTALL)


def ip_xact(design: PackagedDesign, rdl: str) -> str:
    """IEEE 1685-2014 component of the coprocessor: its registers, and its weights if reloadable.

    rdl: made by `system_rdl`.
    """
    exporter = IPXACTExporter(
        vendor="pulsewright",
        library="mlp",
        version=design.version,
        standard=Standard.IEEE_1685_2014,
    )
    top = f"{design.name}_memory_map"
    node = compiled_rdl(_blocks(design, rdl, top), top)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "component.xml"
        exporter.export(node, str(path), component_name=design.coprocessor)
        text = path.read_text(encoding="utf-8")
    declaration, _, body = text.partition("\n")
    return f"{declaration}\n<!-- SPDX-License-Identifier: Apache-2.0 -->\n{body}"


def _blocks(design: PackagedDesign, rdl: str, top: str) -> str:
    """The map with registers and memory side by side: IP-XACT has no memory among registers."""
    memory = _MEMORY.search(rdl)
    weights = ""
    if memory is not None and design.folded.reloadable:
        words = re.search(r"WINDOW_WORDS = (\d+)", rdl)
        assert words is not None
        weights = memory[0].replace("WINDOW_WORDS", words[1])
    registers = _MEMORY.sub("\n", rdl)
    blocks = f"    {addrmap_name(design.name)} REGISTERS @ 0x0;{weights}"
    return f"{registers}\naddrmap {top} {{\n{blocks}\n}};\n"
