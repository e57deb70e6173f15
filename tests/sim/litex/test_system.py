# SPDX-License-Identifier: Apache-2.0
"""SoCs of LiteX as pip brings it, with the module of the hand-over package."""

import stat
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.rtl.buses.options import AttachmentOptions
from pulsewright.rtl.package.assemble import GeneratedVerilog, package_files
from pulsewright.rtl.top import BusTop
from pulsewright.rtl.verilog.writer import to_verilog
from pulsewright.sim.litex import system
from pulsewright.sim.litex.settings import GeneratedSoc, SocSettings
from pulsewright.sim.litex.system import (
    Check,
    LitexRun,
    check_litex,
    generate_soc,
    missing_packages,
    program_folder,
    run_soc,
    verilate,
)
from pulsewright.sim.soc.rows_header import Curve, rows_header
from tests.models import fold_model, random_model
from tests.rtl.package.packages import NO_VERILOG, data_sheet_energy, write

NAME = "mlp"
DEFAULT = AttachmentOptions()
WORDS = AttachmentOptions(addressing="word")
ASYNCHRONOUS = AttachmentOptions(termination="asynchronous")
ROWS = 256
PULSES = 100
# Of LiteX itself; what is left out is its default.
FABRICS: dict[str, dict[str, object]] = {
    "default": {},
    "crossbar": {"bus_interconnect": "crossbar"},
    "decoder not registered": {"interconnect_register": False},
    "crossbar, decoder not registered": {
        "bus_interconnect": "crossbar",
        "interconnect_register": False,
    },
    "AXI4-Lite": {"bus_standard": "axi-lite"},
    "AXI4-Lite crossbar": {"bus_standard": "axi-lite", "bus_interconnect": "crossbar"},
    "AXI4": {"bus_standard": "axi"},
}
needs_litex = pytest.mark.skipif(
    bool(missing_packages()),
    reason="LiteX is not installed; `make regression` installs it, or pip install -e '.[litex]'",
)


@cache
def package(options: AttachmentOptions) -> dict[str, bytes]:
    model = random_model((6, 64, 1), pulses=PULSES)
    folded = fold_model(model, [(8, 6), (1, 8)])
    top = BusTop(model, folded, "wishbone", options)
    verilog = GeneratedVerilog(to_verilog(top, f"{NAME}_wishbone"), NO_VERILOG)
    energy = data_sheet_energy(model, folded)
    return package_files(NAME, "wishbone", model, folded, verilog, energy, options)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Rows, and a folder in which LiteX's software is compiled once."""
    folder = tmp_path_factory.mktemp("litex")
    model = random_model((6, 64, 1), pulses=PULSES)
    draw = np.random.default_rng(1)
    features = model.input_map.features
    physical = np.stack([draw.integers(f.minimum, f.maximum + 1, ROWS) for f in features], axis=1)
    curves = [Curve(physical[0], 0, PULSES - 1), Curve(physical[1], 7, 60)]
    (folder / "include").mkdir()
    (folder / "include" / "rows.h").write_text(rows_header(model, physical, curves))
    (folder / "soc").mkdir()
    return folder


def build_and_run(
    place: Path, fabric: dict[str, object], options: AttachmentOptions = DEFAULT
) -> tuple[GeneratedSoc, LitexRun]:
    write(place / "package", package(options))
    settings = SocSettings.model_validate(
        {
            "name": NAME,
            "package": str(place / "package"),
            "program": str(program_folder()),
            "include": str(place / "include"),
            "folder": str(place / "soc"),
            **fabric,
        }
    )
    soc = generate_soc(settings)
    return soc, run_soc(soc, verilate(soc, place / "soc"), place / "soc")


@needs_litex
@pytest.mark.regression
@pytest.mark.parametrize("fabric", FABRICS)
def test_rows_curves_and_interrupts_on_a_vexriscv_are_those_of_the_model(
    fabric: str, place: Path
) -> None:
    soc, run = build_and_run(place, FABRICS[fabric])
    assert run.checks == {
        "probe": Check(1, 0),
        "rows": Check(ROWS, 0),
        "interrupts": Check(ROWS, 0),
        "rows_by_interrupt": Check(ROWS, 0),
        "curves": Check(PULSES + 54, 0),
        "refused": Check(1, 0),
    }
    assert run.passed, run.log.read_text()
    # VexRiscv caches what lies below.
    assert soc.base >= 0x8000_0000
    if fabric == "default":
        assert (soc.bus_standard, soc.bus_interconnect) == ("wishbone", "shared")
        assert soc.interconnect_register, "LiteX's default is no longer a registered decoder"


@needs_litex
@pytest.mark.regression
@pytest.mark.parametrize("fabric", ["default", "AXI4-Lite"])
def test_a_port_that_counts_words_is_the_same_coprocessor(fabric: str, place: Path) -> None:
    _, run = build_and_run(place, FABRICS[fabric], WORDS)
    assert run.passed, run.log.read_text()
    assert run.checks["rows"] == run.checks["interrupts"] == Check(ROWS, 0)


@needs_litex
@pytest.mark.regression
def test_asynchronous_terminations_need_a_decoder_that_is_not_registered(place: Path) -> None:
    """LiteX's default brings another slave's data, so that the driver finds no device."""
    _, run = build_and_run(place, FABRICS["default"], ASYNCHRONOUS)
    assert (run.passed, dict(run.checks)) == (False, {"probe": Check(1, 1)})
    _, run = build_and_run(place, FABRICS["decoder not registered"], ASYNCHRONOUS)
    assert run.passed, run.log.read_text()


def test_a_missing_package_is_named_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system, "is_installed", lambda package: package != "litex")
    with pytest.raises(PulsewrightError, match="litex cannot be imported; install the extra"):
        check_litex()


def soc_in(folder: Path) -> GeneratedSoc:
    return GeneratedSoc(
        toplevel="sim",
        gateware=str(folder),
        sources=[],
        base=0x8000_0000,
        interrupt=2,
        bus_standard="wishbone",
        bus_interconnect="shared",
        interconnect_register=True,
    )


def printing(folder: Path, text: str) -> Path:
    program = folder / "program"
    program.write_text(f"#!/bin/sh\nprintf '{text}'\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return program


def test_what_the_program_prints_is_read(tmp_path: Path) -> None:
    program = printing(tmp_path, r"check rows 3 1\r\ncheck end 2 0\nFAIL\ncycles 77\n")
    run = run_soc(soc_in(tmp_path), program, tmp_path)
    assert run.checks == {"rows": Check(3, 1), "end": Check(2, 0)}
    assert (run.passed, run.cycles) == (False, 77)
    assert run_soc(soc_in(tmp_path), printing(tmp_path, r"PASS\ncycles 1\n"), tmp_path).passed


@pytest.mark.parametrize(
    ("text", "sentence"),
    [(r"check rows 3 0\ncycle limit\n", "went past its cycle limit"), ("", "broke off")],
)
def test_a_program_that_does_not_end_is_told(text: str, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(PulsewrightError, match=sentence):
        run_soc(soc_in(tmp_path), printing(tmp_path, text), tmp_path)
