# SPDX-License-Identifier: Apache-2.0
"""Puts a package together: every file by its path in the folder."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files

from pulsewright.hls_model.energy.figure import EnergyFigure
from pulsewright.hls_model.escape.identifiers import checked_coprocessor_name
from pulsewright.hls_model.files.checksums import with_checksums
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.rtl.buses.options import AttachmentOptions
from pulsewright.rtl.package.bench_vectors import vector_codes
from pulsewright.rtl.package.bus_recording import record_inference
from pulsewright.rtl.package.data_sheet import data_sheet
from pulsewright.rtl.package.design import PackagedDesign, packaged_design
from pulsewright.rtl.package.file_lists import (
    PackagePaths,
    bench_list,
    bender_manifest,
    constraints,
    file_list,
    fusesoc_core,
)
from pulsewright.rtl.package.input_map_header import input_map_header
from pulsewright.rtl.package.instruction_example import instruction_example
from pulsewright.rtl.package.ip_xact import ip_xact, ip_xact_abstraction, ip_xact_bus
from pulsewright.rtl.package.litex_module import litex_module
from pulsewright.rtl.package.stream_ip_xact import stream_ip_xact
from pulsewright.rtl.package.templates import render
from pulsewright.rtl.package.verilog_bench import verilog_bench
from pulsewright.rtl.package.wave_diagram import wave_json, wave_picture
from pulsewright.rtl.package.weight_header import weight_header
from pulsewright.rtl.package.wrapper_text import wrapper_text
from pulsewright.rtl.register_texts.c_header import register_header_of
from pulsewright.rtl.register_texts.register_page import register_page
from pulsewright.rtl.register_texts.system_rdl import addrmap_name, compiled_rdl, system_rdl
from pulsewright.rtl.tops import coprocessor_top
from pulsewright.rtl.verilog.lint_waivers import lint_waivers

DRIVER_FILES = (
    "pulsewright.c",
    "pulsewright.h",
    "pulsewright_probe.h",
    "pulsewright_text.c",
)
WINDOWED_FILES = ("pulsewright_windowed.c", "pulsewright_windowed.h")
INSTRUCTION_FILE = "pulsewright_instruction.h"


@dataclass(frozen=True)
class GeneratedVerilog:
    """The Verilog of one design.

    coprocessor, engine: of modules `<name>_<bus>` and `<name>_engine`. stream: of module
    `<name>_axi_stream`, where the options of the bus ask for streams. hex_files: tables that it
    reads, by name.
    """

    coprocessor: str
    engine: str
    stream: str | None = None
    hex_files: Mapping[str, str] = field(default_factory=dict)


def package_files(
    name: str,
    bus: str,
    model: IntegerMlp,
    folded: FoldedEngine,
    verilog: GeneratedVerilog,
    energy: Sequence[EnergyFigure],
    options: AttachmentOptions | None = None,
) -> dict[str, bytes]:
    """All files of the package of coprocessor `name`, by their paths; the same always the same.

    energy: the figures of the data sheet. options: of the bus, as in `verilog`.

    Raises:
        PulsewrightError: the network does not fit the attachment, there is no such attachment, it
            cannot have these options, or the name is one that a language or Pulsewright uses.
    """
    checked_coprocessor_name(name)
    top = coprocessor_top(bus, model, folded, options)
    design = packaged_design(top, model, name, bus)
    paths = PackagePaths(name, bus, tuple(sorted(verilog.hex_files)))
    rdl = system_rdl(design.register_map, name)
    node = compiled_rdl(rdl, addrmap_name(name))
    # A random vector: the extreme ones come first and look like nothing that is ever measured.
    waves = wave_json(record_inference(top, design, vector_codes(model)[-1]), design)
    texts = {
        "README.md": render("read_me.md.j2", design=design, paths=paths),
        paths.page: register_page(node, f"{name}: registers"),
        paths.rdl: rdl,
        paths.header: register_header_of(node),
        paths.input_map: input_map_header(model, name),
        paths.data_sheet: data_sheet(design, paths, energy),
        paths.waves: waves,
        paths.picture: wave_picture(waves),
        **_hardware_texts(design, paths, verilog),
        **_texts_of_some(design, paths),
    }
    firmware = [path for path in texts if path.startswith(f"{paths.driver}/")]
    texts[paths.ip_xact] = ip_xact(design, paths, node, firmware)
    return with_checksums({path: text.encode() for path, text in texts.items()})


def _hardware_texts(
    design: PackagedDesign, paths: PackagePaths, verilog: GeneratedVerilog
) -> dict[str, str]:
    """The Verilog, its test bench, and what tools read beside it."""
    texts = {
        paths.coprocessor: verilog.coprocessor,
        paths.engine: verilog.engine,
        paths.file_list: file_list(design, paths),
        paths.bench_list: bench_list(design, paths),
        paths.core: fusesoc_core(design, paths),
        paths.bender: bender_manifest(design, paths),
        paths.constraints: constraints(design),
        paths.coprocessor_waivers: lint_waivers(design.coprocessor),
        paths.engine_waivers: lint_waivers(design.engine),
        paths.ip_xact_bus: ip_xact_bus(design),
        paths.ip_xact_abstraction: ip_xact_abstraction(design),
        paths.test_bench: verilog_bench(design),
    }
    if design.stream is not None and verilog.stream is not None:
        texts |= {
            paths.stream: verilog.stream,
            paths.stream_waivers: lint_waivers(design.stream.module),
            paths.stream_ip_xact: stream_ip_xact(design, design.stream, paths),
        }
    return texts | {paths.hex_file(file): text for file, text in verilog.hex_files.items()}


def _texts_of_some(design: PackagedDesign, paths: PackagePaths) -> dict[str, str]:
    """The files that depend on the attachment and on where the weights are, and the driver."""
    texts = {paths.wrapper(wrapper): wrapper_text(design, wrapper) for wrapper in design.wrappers}
    if design.bus == "wishbone":
        texts[paths.litex_module] = litex_module(design, paths)
        texts[paths.litex_library] = _firmware("litex/libpulsewright/Makefile")
    if design.weight_image:
        texts[paths.weights] = weight_header(design.name, design.weight_image)
    drivers = list(DRIVER_FILES)
    if design.register_map.data_windows is not None:
        drivers += WINDOWED_FILES
    if design.instructions is not None:
        texts[paths.example] = instruction_example(design)
        drivers.append(INSTRUCTION_FILE)
    for driver in drivers:
        texts[f"{paths.driver}/{driver}"] = _firmware(f"driver/{driver}")
    return texts


def _firmware(path: str) -> str:
    """A file of `firmware/`."""
    source = files("pulsewright.firmware").joinpath(*path.split("/"))
    return source.read_text(encoding="utf-8")
