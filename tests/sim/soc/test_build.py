# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.sim.simulators import Simulator
from pulsewright.sim.soc import build
from pulsewright.sim.soc.build import SocDesign, build_soc, coprocessor_module
from pulsewright.sim.soc.cores import CORES, known_core, known_core_attachment
from tests.sim.soc.systems import build_session, need_core


def test_defines_tell_wrappers_and_firmware_what_is_there() -> None:
    bus = SocDesign(CORES["cv32e40x"], "obi", "", dot_product=True, memristor=True)
    assert bus.defines == ("SOC_CORE_CV32E40X", "SOC_BUS", "SOC_DOT4", "SOC_MEMRISTOR")
    instruction = SocDesign(CORES["picorv32"], "pcpi", "")
    assert instruction.defines == ("SOC_CORE_PICORV32", "SOC_INSTRUCTION")


def test_the_coprocessor_has_the_name_that_the_wrapper_looks_for() -> None:
    assert coprocessor_module(CORES["ibex"], "obi") == "pulsewright_obi"
    assert coprocessor_module(CORES["picorv32"], "pcpi") == "pulsewright_pcpi"
    assert coprocessor_module(CORES["cv32e40x"], "cv_x_if") == "pulsewright_if_xif"


def test_what_a_core_cannot_do_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(PulsewrightError, match="unknown core 'arm'; choose one of ibex, picorv32"):
        known_core("arm")
    with pytest.raises(PulsewrightError, match="Ibex has no attachment 'pcpi'; choose one of obi"):
        known_core_attachment(CORES["ibex"], "pcpi")
    need_core("ibex")
    design = SocDesign(CORES["ibex"], "obi", "")
    with pytest.raises(PulsewrightError, match="Ibex runs on verilator, not on icarus"):
        build_soc(design, Simulator.ICARUS, tmp_path)
    dot_product = SocDesign(CORES["cv32e40x"], "cv_x_if", "", dot_product=True)
    with pytest.raises(PulsewrightError, match="has none that is free"):
        build_soc(dot_product, Simulator.VERILATOR, tmp_path)


def test_what_was_made_from_the_same_is_not_built_again(tmp_path: Path) -> None:
    soc = build_session("picorv32", "pcpi", Simulator.ICARUS, tmp_path).soc
    first = soc.program.stat().st_mtime_ns
    again = build_soc(soc.design, soc.simulator, soc.folder)
    assert again.program.stat().st_mtime_ns == first
    changed = soc.design._replace(coprocessor=soc.design.coprocessor + "\n// changed\n")
    build_soc(changed, soc.simulator, soc.folder)
    assert soc.program.stat().st_mtime_ns > first


def test_a_program_that_another_left_is_not_run_but_built_again(tmp_path: Path) -> None:
    soc = build_session("picorv32", "pcpi", Simulator.ICARUS, tmp_path).soc
    built = soc.program.read_bytes()
    for planted in (b"#! /bin/sh\n", built + b"\n"):
        soc.program.write_bytes(planted)
        build_soc(soc.design, soc.simulator, soc.folder)
        # Icarus writes addresses of its own memory, so that no two programs are alike.
        assert soc.program.read_bytes() != planted
        assert len(soc.program.read_bytes().splitlines()) == len(built.splitlines())
    target = tmp_path / "target"
    target.write_text("kept")
    soc.program.unlink()
    soc.program.symlink_to(target)
    build_soc(soc.design, soc.simulator, soc.folder)
    assert not soc.program.is_symlink()
    assert target.read_text() == "kept"


def test_make_finds_nothing_that_another_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    need_core("picorv32")
    objects = tmp_path / "objects"
    objects.mkdir()
    (objects / "planted.d").write_text("$(shell touch planted)\n")
    seen = []

    def verilate(*_: object) -> None:
        seen.append(list(objects.iterdir()))
        (objects / "Vsoc").write_bytes(b"built")

    monkeypatch.setattr(build, "run_build", verilate)
    design = SocDesign(CORES["picorv32"], "pcpi", "")
    assert build_soc(design, Simulator.VERILATOR, tmp_path).program.read_bytes() == b"built"
    assert seen == [[]]


def test_a_coprocessor_that_is_no_verilog_names_the_log(tmp_path: Path) -> None:
    need_core("picorv32")
    design = SocDesign(CORES["picorv32"], "pcpi", "module oops")
    with pytest.raises(PulsewrightError, match=r"icarus cannot build .* PicoRV32; see .*build.log"):
        build_soc(design, Simulator.ICARUS, tmp_path)
    assert not (tmp_path / "soc.vvp").exists()
