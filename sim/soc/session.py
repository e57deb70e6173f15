# SPDX-License-Identifier: Apache-2.0
"""A network on a system: what its programs show and measure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.hls_model.schedule.weight_window import weight_window
from pulsewright.rtl.buses.options import AttachmentOptions
from pulsewright.rtl.package.input_map_header import input_map_header
from pulsewright.rtl.package.weight_header import weight_header
from pulsewright.rtl.tops import coprocessor_top
from pulsewright.rtl.verilog.writer import to_verilog
from pulsewright.sim.simulators import Simulator
from pulsewright.sim.soc.baselines import baselines
from pulsewright.sim.soc.build import BuiltSoc, SocDesign, build_soc, coprocessor_module
from pulsewright.sim.soc.compiler import ARCHITECTURE, OPTIMISATIONS, compile_program
from pulsewright.sim.soc.cores import IF_XIF_MODULE, SocCore
from pulsewright.sim.soc.if_xif import if_xif_coprocessor
from pulsewright.sim.soc.network_header import network_header
from pulsewright.sim.soc.rows_header import Curve, rows_header
from pulsewright.sim.soc.run import ProgramRun, run_program

# Rows that fit the RAM beside the program, at some 50 bytes each.
ROWS_AT_ONCE = 5000


@dataclass(frozen=True)
class SocSession:
    """One system, built, and its folder.

    soc: the system. model, folded: of its coprocessor.
    """

    soc: BuiltSoc
    model: IntegerMlp
    folded: FoldedEngine

    @classmethod
    def build(
        cls,
        model: IntegerMlp,
        folded: FoldedEngine,
        core: SocCore,
        attachment: str,
        simulator: Simulator,
        folder: Path,
        memristor: bool = False,
        maps_inputs: bool = False,
    ) -> "SocSession":
        """Generate the coprocessor and build the system in `folder`.

        A core whose instruction port is free gets the dot-product unit of the software baseline.
        maps_inputs: a coprocessor on the bus has the input map in hardware.

        Raises:
            PulsewrightError: the core has no such attachment, or see `build_soc`.
        """
        options = AttachmentOptions(input_map="hardware") if maps_inputs else None
        top = coprocessor_top(attachment, model, folded, options)
        module = coprocessor_module(core, attachment)
        text = if_xif_coprocessor(top) if module == IF_XIF_MODULE else to_verilog(top, module)
        dot_product = core.dot_product and attachment == "obi"
        design = SocDesign(core, attachment, text, dot_product, memristor, maps_inputs)
        return cls(build_soc(design, simulator, folder), model, folded)

    def run(
        self,
        program: str,
        physical: IntegerArray,
        curves: Sequence[Curve] = (),
        optimisation: str = "-O2",
        name: str | None = None,
        further: Sequence[str] = (),
        defines: Sequence[str] = (),
        architecture: str = ARCHITECTURE,
    ) -> ProgramRun:
        """Compile `program` for these rows and curves and run it in a folder of its own.

        physical: (rows, inputs) integers in the units of the features. defines: macros of the
        program beside those of the system. architecture: as in -march.

        Raises:
            PulsewrightError: it does not compile, or does not end.
        """
        folder = self.soc.folder / (name or program)
        headers = {
            "network.h": network_header(self.model),
            "rows.h": rows_header(self.model, physical, curves),
            "network_input_map.h": input_map_header(self.model, "network"),
        }
        if self.folded.reloadable:
            image = weight_window(self.folded).image(self.model)
            headers["network_weights.h"] = weight_header("network", image)
        macros = (*self.soc.design.defines, *defines)
        firmware = compile_program(
            program, headers, macros, folder, optimisation, further, architecture
        )
        return run_program(self.soc, firmware, folder)

    def check_rows(self, physical: IntegerArray, curves: Sequence[Curve]) -> list[ProgramRun]:
        """Every row and curve in every way that the driver has, from physical integers on."""
        parts = range(0, len(physical), ROWS_AT_ONCE)
        return [
            self.run(
                "rows", physical[i : i + ROWS_AT_ONCE], curves if i == 0 else (), name=f"rows{i}"
            )
            for i in parts
        ]

    def measure_cycles(
        self, physical: IntegerArray, curves: Sequence[Curve]
    ) -> Mapping[str, ProgramRun]:
        """Cycles of the hardware and of every software baseline, by the compiler's setting."""
        further = [f"baseline/{name}.c" for name in baselines(self.model)]
        return {
            level: self.run("cycles", physical, curves, level, f"cycles{level}", further)
            for level in OPTIMISATIONS
        }

    def check_faults(self, physical: IntegerArray) -> ProgramRun:
        """What the driver makes of a coprocessor that is absent, silent, busy or another."""
        return self.run("faults", physical[:1])
