# SPDX-License-Identifier: Apache-2.0
"""What the package's files are called, and the lists of them that tools read."""

from dataclasses import dataclass

from pulsewright.rtl.buses.wrapper import Wrapper
from pulsewright.rtl.package.design import PackagedDesign
from pulsewright.rtl.package.templates import render
from pulsewright.rtl.table_text import DEFAULT_HEX_FOLDER


@dataclass(frozen=True)
class PackagePaths:
    """Paths inside the package of coprocessor `name` with bus `bus`.

    hex_names: files of the tables that the Verilog reads.
    """

    name: str
    bus: str
    hex_names: tuple[str, ...] = ()

    @staticmethod
    def hex_file(name: str) -> str:
        """A table that the Verilog reads, where it looks for it from the package's folder."""
        return f"{DEFAULT_HEX_FOLDER}{name}"

    @property
    def hex_files(self) -> tuple[str, ...]:
        """All of them."""
        return tuple(map(self.hex_file, self.hex_names))

    @property
    def coprocessor(self) -> str:
        """Verilog of the coprocessor with its bus."""
        return f"hdl/{self.name}_{self.bus}.v"

    @property
    def engine(self) -> str:
        """Verilog of the bare engine."""
        return f"hdl/{self.name}_engine.v"

    @property
    def stream(self) -> str:
        """Verilog of the engine between its AXI4-Streams."""
        return f"hdl/{self.name}_axi_stream.v"

    @property
    def stream_waivers(self) -> str:
        """What Verilator's lint is not to say of it."""
        return f"lint/{self.name}_axi_stream.vlt"

    @property
    def stream_ip_xact(self) -> str:
        """IP-XACT of it."""
        return f"ip_xact/{self.name}_axi_stream.xml"

    def wrapper(self, wrapper: Wrapper) -> str:
        """A module around the coprocessor."""
        return f"hdl/{self.name}_{wrapper.name}.{wrapper.ending}"

    @property
    def litex_module(self) -> str:
        """LiteX module; Python imports it by the name of the file."""
        return f"litex/{self.name}_litex.py"

    @property
    def litex_library(self) -> str:
        """Makefile of the driver as a library of LiteX's software."""
        return "litex/libpulsewright/Makefile"

    @property
    def test_bench(self) -> str:
        """The plain test bench."""
        return f"bench/{self.name}_tb.v"

    @property
    def file_list(self) -> str:
        """The sources to be synthesised."""
        return f"{self.name}.f"

    @property
    def bench_list(self) -> str:
        """The sources to be simulated."""
        return f"{self.name}_tb.f"

    @property
    def core(self) -> str:
        """FuseSoC."""
        return f"{self.name}.core"

    @property
    def bender(self) -> str:
        """Bender."""
        return "Bender.yml"

    @property
    def coprocessor_waivers(self) -> str:
        """What Verilator's lint is not to say of the coprocessor, and why."""
        return f"lint/{self.name}_{self.bus}.vlt"

    @property
    def engine_waivers(self) -> str:
        """The same of the bare engine."""
        return f"lint/{self.name}_engine.vlt"

    @property
    def constraints(self) -> str:
        """Timing constraints."""
        return f"constraints/{self.name}.sdc"

    @property
    def rdl(self) -> str:
        """SystemRDL of the registers."""
        return f"registers/{self.name}_registers.rdl"

    @property
    def ip_xact(self) -> str:
        """IP-XACT: the component."""
        return f"ip_xact/{self.name}.xml"

    @property
    def ip_xact_bus(self) -> str:
        """IP-XACT: the definition of its bus."""
        return f"ip_xact/{self.name}_bus.xml"

    @property
    def ip_xact_abstraction(self) -> str:
        """IP-XACT: the signals of its bus."""
        return f"ip_xact/{self.name}_bus_rtl.xml"

    @property
    def page(self) -> str:
        """The registers as a page for browsers."""
        return f"registers/{self.name}.html"

    @property
    def header(self) -> str:
        """C header of the registers."""
        return f"firmware/{self.name}_registers.h"

    @property
    def input_map(self) -> str:
        """C header from physical integers to input codes."""
        return f"firmware/{self.name}_input_map.h"

    @property
    def weights(self) -> str:
        """C header with the image of reloadable weights."""
        return f"firmware/{self.name}_weights.h"

    @property
    def example(self) -> str:
        """C of one inference, for instruction interfaces."""
        return f"firmware/{self.name}_example.c"

    @property
    def driver(self) -> str:
        """Folder of the driver."""
        return "firmware"

    @property
    def data_sheet(self) -> str:
        """The data sheet."""
        return f"doc/{self.name}.md"

    @property
    def waves(self) -> str:
        """The diagram as WaveJSON."""
        return f"doc/{self.name}_inference.json"

    @property
    def picture(self) -> str:
        """The diagram as a picture."""
        return f"doc/{self.name}_inference.svg"


def file_list(design: PackagedDesign, paths: PackagePaths) -> str:
    """Sources to be synthesised, for `-f` of a tool that is started in the package's folder."""
    what = f"{design.coprocessor} (the coprocessor) and {design.engine} (the bare engine)"
    sources = [paths.coprocessor, paths.engine]
    if design.stream is not None:
        what += f" and {design.stream.module} (the engine between AXI4-Streams)"
        sources.append(paths.stream)
    return _list(sources, what)


def bench_list(design: PackagedDesign, paths: PackagePaths) -> str:
    """The coprocessor and its plain test bench, likewise."""
    return _list(
        [paths.coprocessor, paths.test_bench], f"{design.test_bench} (the plain test bench)"
    )


def _list(sources: list[str], what: str) -> str:
    head = f"// SPDX-License-Identifier: Apache-2.0\n// Top modules: {what}.\n"
    return head + "".join(f"{source}\n" for source in sources)


def fusesoc_core(design: PackagedDesign, paths: PackagePaths) -> str:
    """FuseSoC description (CAPI2): default, engine, lint, lint_engine, sim, and one a wrapper."""
    return render("fusesoc.core.j2", design=design, paths=paths)


def bender_manifest(design: PackagedDesign, paths: PackagePaths) -> str:
    """Bender manifest; the engine and the wrappers have targets of their own, the bench `test`."""
    return render("Bender.yml.j2", design=design, paths=paths)


def constraints(design: PackagedDesign) -> str:
    """Timing constraints (SDC) of the coprocessor; its clock and its delays are variables."""
    ports = [port for port in design.ports if port.name not in ("clk_i", "rst_ni")]
    return render(
        "constraints.sdc.j2",
        design=design,
        inputs=[port for port in ports if port.is_input],
        outputs=[port for port in ports if not port.is_input],
    )
