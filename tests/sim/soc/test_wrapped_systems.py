# SPDX-License-Identifier: Apache-2.0
"""Ibex runs the driver through the wrappers of the package, in SoCs of the shapes they are for."""

from pathlib import Path

import pytest
from amaranth.hdl import Fragment

from pulsewright.rtl.buses.options import AttachmentOptions
from pulsewright.rtl.package.design import packaged_design
from pulsewright.rtl.package.wrapper_text import wrapper_text
from pulsewright.rtl.tops import coprocessor_top
from pulsewright.rtl.verilog.writer import to_verilog
from pulsewright.sim.simulators import Simulator
from pulsewright.sim.soc.build import SocDesign, build_soc
from pulsewright.sim.soc.cores import CORES
from pulsewright.sim.soc.session import SocSession
from tests.models import fold_model
from tests.pulse_models import pulse_model
from tests.rtl.package.wrapped import WRAPPERS, shim
from tests.sim.soc.systems import A1, SLOW, check_interrupts, exits_well, need_core

ADAPTERS = Path(__file__).parent / "adapters"
NAME = "pulse"
ROWS = 64


def wrapped_session(
    name: str,
    id_bits: int | None,
    case: tuple[tuple[int, ...], list[tuple[int, int]]],
    folder: Path,
) -> SocSession:
    """Ibex with a network behind wrapper `name`."""
    need_core("ibex")
    bus, wrapper = WRAPPERS[name]
    sizes, foldings = case
    model = pulse_model(sizes)
    folded = fold_model(model, foldings)
    options = AttachmentOptions(id_bits=id_bits)
    top = coprocessor_top(bus, model, folded, options)
    design = packaged_design(top, model, NAME, bus)
    Fragment.get(top, None)  # Amaranth warns of a design that is not used.
    texts = [
        to_verilog(coprocessor_top(bus, model, folded, options), design.coprocessor),
        shim(design, wrapper),
        wrapper_text(design, wrapper),
        (ADAPTERS / f"{name}.sv").read_text(encoding="utf-8"),
    ]
    soc = SocDesign(CORES["ibex"], "obi", "\n".join(texts))
    return SocSession(build_soc(soc, Simulator.VERILATOR, folder), model, folded)


@pytest.mark.regression
@pytest.mark.parametrize(
    ("name", "id_bits"), [("obi_structs", 3), ("reg_structs", None), ("fc_hwpe", None)]
)
def test_the_driver_has_the_bits_of_the_integer_model(
    name: str, id_bits: int | None, tmp_path: Path
) -> None:
    session = wrapped_session(name, id_bits, A1, tmp_path)
    found = exits_well(session, "rows", ROWS)
    assert found["rows"] == {"rows": ROWS, "mismatches": 0}
    compared = [fields for fields in found.values() if "mismatches" in fields]
    assert len(compared) >= 8
    assert all(fields["mismatches"] == 0 for fields in compared)


@pytest.mark.regression
@pytest.mark.parametrize(("name", "id_bits"), [("obi_structs", 3), ("reg_structs", None)])
def test_no_interrupt_is_lost(name: str, id_bits: int | None, tmp_path: Path) -> None:
    found = check_interrupts(wrapped_session(name, id_bits, SLOW, tmp_path), 1000)
    for waits in ("jobs_by_handler", "jobs_by_sleep"):
        assert 100 < found[waits]["slept"] < 900
