# SPDX-License-Identifier: Apache-2.0
"""A LiteX SoC as a user of the hand-over package writes it: a VexRiscv, a UART, the coprocessor.

`python -m pulsewright.sim.litex.soc SETTINGS` generates its Verilog, compiles LiteX's software and
the program for its ROM, and writes what a simulator needs to know.
"""

import importlib
import os
import subprocess
import sys
from contextlib import chdir
from pathlib import Path
from typing import Any

from litex.build.generic_platform import GenericPlatform, Pins, Subsignal
from litex.build.io import CRG
from litex.soc.integration.builder import Builder
from litex.soc.integration.common import get_mem_data
from litex.soc.integration.soc_core import SoCCore

from pulsewright.sim.litex.settings import GeneratedSoc, SocSettings

CLOCK_HZ = 1_000_000
SERIAL = [
    *(Subsignal(f"source_{name}", Pins(bits)) for name, bits in (("valid", 1), ("ready", 1))),
    Subsignal("source_data", Pins(8)),
    *(Subsignal(f"sink_{name}", Pins(bits)) for name, bits in (("valid", 1), ("ready", 1))),
    Subsignal("sink_data", Pins(8)),
]
IO = [
    ("sys_clk", 0, Pins(1)),
    ("sys_rst", 0, Pins(1)),
    ("serial", 0, *SERIAL),
]


class VerilogPlatform(GenericPlatform):  # type: ignore[misc]
    """Its build ends with the Verilog, since LiteX's own simulation asks for more packages."""

    def build(self, soc: Any, build_dir: str, build_name: str, **_: object) -> Any:
        """Write `build_dir`/`build_name`.v and the images of the memories; returns the names."""
        fragment = soc.get_fragment()
        self.finalize(fragment)
        verilog = self.get_verilog(fragment, name=build_name)
        source = os.path.join(build_dir, f"{build_name}.v")
        # The images of the memories go to where the process is.
        with chdir(build_dir):
            verilog.write(source)
        self.add_source(source)
        return verilog.ns


class ProgramSoc(SoCCore):  # type: ignore[misc]
    """VexRiscv, ROM with the program, RAM, UART, timer, coprocessor.

    What the settings leave open is as LiteX has it by default.
    """

    def __init__(self, platform: Any, settings: SocSettings, module: Any) -> None:
        self.settings = settings
        chosen = settings.model_dump(
            include={"bus_standard", "bus_interconnect"}, exclude_none=True
        )
        super().__init__(
            platform,
            CLOCK_HZ,
            cpu_type="vexriscv",
            cpu_variant=settings.cpu_variant,
            integrated_rom_size=settings.rom_bytes,
            integrated_sram_size=settings.ram_bytes,
            uart_name="sim",
            **chosen,
        )
        if settings.interconnect_register is not None:
            self.bus.interconnect_register = settings.interconnect_register
        self.crg = CRG(platform.request("sys_clk"), rst=platform.request("sys_rst"))
        module.add_coprocessor(self)
        # The program takes the place of the BIOS.
        self.integrated_rom_initialized = True

    def init_mems(self, **_: object) -> None:
        """Compile the program; LiteX calls it when its libraries are there."""
        folder = Path(self.settings.folder)
        program = folder / "program"
        program.mkdir(exist_ok=True)
        makefile = Path(self.settings.program) / "Makefile"
        command = [
            *("make", "-C", str(program), "-f", str(makefile)),
            f"BUILD_DIR={folder}",
            f"ROWS_INCLUDE={self.settings.include}",
        ]
        subprocess.run(command, check=True)
        image = get_mem_data(str(program / "rows.bin"), data_width=32, endianness="little")
        self.init_rom("rom", contents=image, auto_size=False)


def generate(settings: SocSettings) -> GeneratedSoc:
    """Write Verilog and program into `settings.folder`."""
    package = Path(settings.package)
    sys.path.insert(0, str(package / "litex"))
    module = importlib.import_module(f"{settings.name}_litex")
    platform = VerilogPlatform("simulation", IO, name="sim")
    soc = ProgramSoc(platform, settings, module)
    folder = Path(settings.folder)
    builder = Builder(soc, output_dir=str(folder), compile_gateware=False)
    module.add_driver(builder)
    builder.build(run=False)
    return GeneratedSoc(
        toplevel=soc.build_name,
        gateware=builder.gateware_dir,
        sources=[source for source, *_ in platform.sources],
        base=soc.bus.regions["pulsewright"].origin,
        interrupt=soc.irq.locs["pulsewright"],
        bus_standard=soc.bus.standard,
        bus_interconnect=soc.bus.interconnect,
        interconnect_register=soc.bus.interconnect_register,
    )


def main() -> None:
    """Generate what the file of the first argument describes."""
    settings = SocSettings.model_validate_json(Path(sys.argv[1]).read_text(encoding="utf-8"))
    generated = generate(settings)
    result = Path(settings.folder) / "soc.json"
    result.write_text(generated.model_dump_json(), encoding="utf-8")


if __name__ == "__main__":
    main()
