# SPDX-License-Identifier: Apache-2.0
from pulsewright.rtl.buses.options import AttachmentOptions
from pulsewright.rtl.top import BusTop
from pulsewright.rtl.verilog.writer import to_verilog
from pulsewright.sim.formal.proofs import PORT_DEPTHS, coprocessor_proofs
from tests.models import fold_model, random_model


def named(bus: str, multipliers: int = 0) -> list[tuple[str, str]]:
    model = random_model((3, 4, 1), multipliers=multipliers)
    folded = fold_model(model, [(2, 3), (1, 2)])
    top = BusTop(model, folded, bus)
    registers, verilog = top.coprocessor.register_map, to_verilog(top, "net_of_mine")
    options = AttachmentOptions()
    found = coprocessor_proofs(model, folded, bus, options, registers, verilog, "net_of_mine")
    return [(one.part, one.properties) for one in found]


def test_a_port_and_what_is_behind_it() -> None:
    found = named("apb")
    assert found[: len(PORT_DEPTHS)] == [("port, apb", "port")] * len(PORT_DEPTHS)
    assert ("interrupts", "interrupts") in found
    assert ("coprocessor", "held_by_jobs") in found
    assert found.count(("registers", "registers")) == 2
    assert found[-2:] == [("engine_layer1, lane 1", "requantiser"), ("engine", "progress")]
    assert not any("net_of_mine" in part for part, _ in found)


def test_a_bus_without_properties_has_the_rest() -> None:
    assert named("reg_interface") == named("apb")[len(PORT_DEPTHS) :]


def test_lanes_with_multipliers_have_their_own() -> None:
    found = named("reg_interface", multipliers=7)
    lanes = [(f"engine_layer1, lane {lane}", "multiplier") for lane in range(2)]
    assert found[-3:-1] == lanes
    assert not any(properties == "requantiser" for _, properties in found)
