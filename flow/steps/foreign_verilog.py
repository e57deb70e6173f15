# SPDX-License-Identifier: Apache-2.0
"""Verilog of others through the very scripts that measure ours."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from pulsewright.flow.build_folder import BuildFolder
from pulsewright.flow.code_digest import code_digest
from pulsewright.flow.results_file import load_result
from pulsewright.flow.steps.cells import ChosenCells, cell_libraries, cell_versions, mapped_design
from pulsewright.flow.steps.fpga import ChosenFpga, mapping_versions, routing_versions
from pulsewright.flow.steps.step import FRAME
from pulsewright.flow.steps.synthesis_result import (
    CELLS,
    MAPPING,
    ROUTING,
    CellResult,
    CellsShown,
    FpgaMapping,
    FpgaRouting,
    FpgaShown,
    SynthesisShown,
)
from pulsewright.flow.steps.synthesise import Chosen
from pulsewright.flow.steps.synthesised import write_result
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.files.fresh_folder import fresh_folder
from pulsewright.hls_model.files.plain_file import read_plain_text
from pulsewright.hls_model.shortened import shortened
from pulsewright.synth.cells.cell_library import read_library
from pulsewright.synth.cells.technology import TYPICAL
from pulsewright.synth.foreign.wrapper import (
    DEFERRED,
    DEFERRED_SYSTEM,
    WRAPPER,
    WrappedDesign,
    wrapped_design,
)
from pulsewright.synth.fpga.mapping import map_design
from pulsewright.synth.fpga.routing import route_design

MOST_SOURCE_BYTES = 1 << 26
_TOP = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,199}")


@dataclass(frozen=True)
class ForeignVerilog:
    """sources: its files. top: its module. clock: the port; None for a usual name of one.

    Raises:
        PulsewrightError: a file cannot be read, or the module has no plain name.
    """

    sources: tuple[Path, ...]
    top: str
    clock: str | None = None

    def __post_init__(self) -> None:
        if _TOP.fullmatch(self.top) is None:
            raise PulsewrightError(
                f"--top {shortened(self.top)} is no module of letters, digits and underscores; "
                "give its name"
            )

    def text(self) -> str:
        """All files, one behind the other."""
        return "\n".join(_text(path) for path in self.sources)

    @property
    def reading(self) -> str:
        """Yosys' command for these files, by their endings."""
        is_system = any(path.suffix == ".sv" for path in self.sources)
        return DEFERRED_SYSTEM if is_system else DEFERRED


def _text(path: Path) -> str:
    try:
        return read_plain_text(path, MOST_SOURCE_BYTES)
    except (OSError, UnicodeDecodeError) as error:
        reason = (isinstance(error, OSError) and error.strerror) or "it is no text"
        raise PulsewrightError(
            f"cannot read --verilog {shortened(str(path))}: {reason}; give Verilog files"
        ) from error


def measure_foreign(design: ForeignVerilog, chosen: Chosen, build: BuildFolder) -> SynthesisShown:
    """Map it, and place and route it, or time it, unless that is done; results in `build`.

    Raises:
        PulsewrightError: a tool is missing, or refuses the design.
    """
    text = design.text()
    folder = build.path / chosen.name
    made_from = {
        "text": hashlib.sha256(text.encode()).hexdigest(),
        "design": [design.top, design.clock, design.reading],
        "code": code_digest([__name__], FRAME),
        **_settings(chosen),
    }
    outputs = [folder / name for name in _outputs(chosen)]

    def work() -> None:
        wrapped = wrapped_design(
            text, design.top, design.reading, design.clock, fresh_folder(folder)
        )
        if isinstance(chosen, ChosenFpga):
            _on_fpga(design.top, wrapped, chosen, folder)
        else:
            _in_cells(design.top, wrapped, chosen, folder)

    build.run_step(chosen.name, made_from, outputs, work)
    if isinstance(chosen, ChosenCells):
        return SynthesisShown(
            cells=[CellsShown(cells=load_result(folder / CELLS, CellResult), energy=None)]
        )
    routing = load_result(folder / ROUTING, FpgaRouting) if chosen.seeds else None
    mapping = load_result(folder / MAPPING, FpgaMapping)
    return SynthesisShown(fpgas=[FpgaShown(mapping=mapping, routing=routing)])


def _settings(chosen: Chosen) -> dict[str, object]:
    if isinstance(chosen, ChosenFpga):
        return {"versions": routing_versions(chosen), "seeds": chosen.seeds}
    return {
        "versions": cell_versions(),
        "period": chosen.period,
        "clock_gates": chosen.clock_gates,
        "libraries": cell_libraries(chosen),
    }


def _outputs(chosen: Chosen) -> tuple[str, ...]:
    if isinstance(chosen, ChosenCells):
        return (CELLS,)
    return (MAPPING, ROUTING) if chosen.seeds else (MAPPING,)


def _on_fpga(top: str, design: WrappedDesign, chosen: ChosenFpga, folder: Path) -> None:
    target, device = chosen.target, chosen.device
    mapped = map_design(design.text, WRAPPER, top, target, device, folder, design.reading)
    common = {"target": target.name, "device": device.title}
    mapping = FpgaMapping(designs=[mapped], versions=mapping_versions(), **common)
    write_result(folder / MAPPING, mapping)
    if chosen.seeds:
        routed = route_design(
            WRAPPER, top, target, device, chosen.seeds, folder, reading=design.reading
        )
        routing = FpgaRouting(
            designs=[routed], versions=routing_versions(chosen), seeds=chosen.seeds, **common
        )
        write_result(folder / ROUTING, routing)


def _in_cells(top: str, design: WrappedDesign, chosen: ChosenCells, folder: Path) -> None:
    library = read_library(chosen.technology.corners[TYPICAL])
    mapped = mapped_design(top, WRAPPER, design.text, chosen, library, folder, design.reading)
    result = CellResult(
        technology=chosen.technology.title,
        cell_library=library.name,
        libraries=cell_libraries(chosen),
        period=chosen.period,
        clock_gates=chosen.clock_gates,
        designs=[mapped],
        versions=cell_versions(),
    )
    write_result(folder / CELLS, result)
