# SPDX-License-Identifier: Apache-2.0
"""What a package has of the streams: component, targets, data sheet."""

import hashlib

import pytest
import yaml
from lxml import etree

from pulsewright.hls_model.schedule.axi_stream_timing import AxiStreamTiming
from pulsewright.rtl.axi_stream.chosen_shape import chosen_shape
from pulsewright.rtl.axi_stream_top import axi_stream_timing
from pulsewright.rtl.buses.options import AttachmentOptions
from pulsewright.rtl.package.assemble import GeneratedVerilog, package_files
from pulsewright.rtl.package.file_lists import PackagePaths
from tests.rtl.package.packages import NAME, NO_VERILOG, data_sheet_energy, network, paperwork
from tests.rtl.package.test_ip_xact import IPXACT, schema

OPTIONS = AttachmentOptions(stream="axi_stream", stream_width=32)
STREAM = "// the stream\n"


@pytest.fixture(scope="module")
def package() -> dict[str, bytes]:
    model, folded = network("other")
    energy = data_sheet_energy(model, folded)
    verilog = GeneratedVerilog(NO_VERILOG, NO_VERILOG, STREAM)
    return package_files(NAME, "obi", model, folded, verilog, energy, OPTIONS)


def test_the_files_of_the_streams_come_with_them(package: dict[str, bytes]) -> None:
    paths = PackagePaths(NAME, "obi")
    added = {paths.stream, paths.stream_waivers, paths.stream_ip_xact}
    assert set(package) - set(paperwork("obi", "other")) == added
    assert package[paths.stream].decode() == STREAM


def timing() -> AxiStreamTiming:
    model, folded = network("other")
    return axi_stream_timing(model, folded, chosen_shape(model, folded, OPTIONS))


def test_the_component_maps_every_port_to_the_signal_of_the_standard(
    package: dict[str, bytes],
) -> None:
    root = etree.fromstring(package[f"ip_xact/{NAME}_axi_stream.xml"])
    schema().assertValid(root)
    found = {}
    for interface in root.iter(f"{IPXACT}busInterface"):
        assert interface.find(f"{IPXACT}busType").get("name") == "AXI4Stream"
        for one in interface.iter(f"{IPXACT}portMap"):
            logical = one.findtext(f"{IPXACT}logicalPort/{IPXACT}name")
            found[one.findtext(f"{IPXACT}physicalPort/{IPXACT}name")] = logical
    # 5 inputs in lanes of 16 bits are 2.5 transfers, 2 results of 32 bits 2.
    names = ["tdata", "tvalid", "tready", "tlast"]
    expected = [f"{side}_axis_{name}" for side in "sm" for name in names] + ["s_axis_tkeep"]
    assert found == {port: port[7:].upper() for port in expected}
    ports = {one.findtext(f"{IPXACT}name") for one in root.iter(f"{IPXACT}port")}
    assert ports == {*expected, "clk_i", "rst_ni", "dropped_vectors_o"}


def test_fusesoc_bender_and_the_checksums_know_the_module(package: dict[str, bytes]) -> None:
    core = yaml.safe_load(package[f"{NAME}.core"].decode().replace("CAPI=2:", "", 1))
    for target in ("axi_stream", "lint_axi_stream"):
        assert core["targets"][target]["toplevel"] == f"{NAME}_axi_stream"
    assert core["filesets"]["axi_stream"]["files"] == [f"hdl/{NAME}_axi_stream.v"]
    manifest = yaml.safe_load(package["Bender.yml"])
    assert {"target": "axi_stream", "files": [f"hdl/{NAME}_axi_stream.v"]} in manifest["sources"]
    digest = hashlib.sha256(STREAM.encode()).hexdigest()
    assert f"{digest}  hdl/{NAME}_axi_stream.v" in package["SHA256SUMS"].decode()
    assert f"hdl/{NAME}_axi_stream.v" in package[f"{NAME}.f"].decode().split()


def test_the_data_sheet_has_ports_and_cycles(package: dict[str, bytes]) -> None:
    sheet = package[f"doc/{NAME}.md"].decode().partition("## AXI4-Streams")[2]
    expected = timing()
    assert f"| {expected.vector_transfers} |" in sheet
    assert f"to that of the last transfer of its result | {expected.latency} |" in sheet
    assert "| `s_axis_tkeep` | input | 4 |" in sheet


def test_a_package_without_streams_says_nothing_of_them() -> None:
    plain = paperwork()
    assert not [path for path in plain if "axi_stream" in path]
    assert not [path for path, text in plain.items() if b"axi_stream" in text]
