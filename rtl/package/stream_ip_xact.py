# SPDX-License-Identifier: Apache-2.0
"""The engine between AXI4-Streams as a component of IP-XACT (IEEE 1685-2014)."""

from pulsewright.rtl.package.design import PackagedDesign, PackagedStream
from pulsewright.rtl.package.file_lists import PackagePaths
from pulsewright.rtl.package.ip_xact import FILE_TYPES
from pulsewright.rtl.package.templates import render

# ARM's own definition, which SoC tools bring.
AXI4_STREAM = 'vendor="amba.com" library="AMBA4" name="{name}" version="r0p0_1"'


def stream_ip_xact(design: PackagedDesign, stream: PackagedStream, paths: PackagePaths) -> str:
    """Component of `stream`: its two bus interfaces, ports and files."""
    interfaces = {
        ("s_axis", "slave"): [one for one in stream.ports if one.name.startswith("s_axis_")],
        ("m_axis", "master"): [one for one in stream.ports if one.name.startswith("m_axis_")],
    }
    return render(
        "ip_xact_stream.xml.j2",
        design=design,
        stream=stream,
        interfaces=interfaces,
        bus_type=AXI4_STREAM.format(name="AXI4Stream"),
        abstraction=AXI4_STREAM.format(name="AXI4Stream_rtl"),
        files=(paths.stream_waivers, paths.stream),
        file_types=FILE_TYPES,
    )
