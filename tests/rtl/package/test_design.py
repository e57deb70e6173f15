# SPDX-License-Identifier: Apache-2.0
import pytest

from pulsewright.rtl.buses.registry import BUSES, INSTRUCTIONS
from pulsewright.rtl.package.design import Port
from tests.rtl.package.packages import design


@pytest.mark.parametrize("bus", [*BUSES, *INSTRUCTIONS])
def test_the_bus_has_all_ports_but_the_common_ones(bus: str) -> None:
    found = design(bus)
    others = {port.name for port in found.ports} - {port.name for port in found.bus_ports}
    assert others == {"clk_i", "rst_ni", "irq_o", "event_o", "clock_enable_o"}


def test_names_come_from_the_coprocessor_and_its_bus() -> None:
    found = design("apb")
    assert (found.coprocessor, found.engine, found.test_bench) == (
        "pulse_apb",
        "pulse_engine",
        "pulse_tb",
    )
    modules = [found.wrapper_module(wrapper) for wrapper in found.wrappers]
    assert modules == ["pulse_fc_hwpe", "pulse_fc_hwpe_apb_bus"]


def test_the_used_space_ends_with_the_last_register_or_weight() -> None:
    plain, reloadable = design("apb"), design("apb", "reloadable")
    assert 0x200 < plain.used_space < 0x1000
    window = reloadable.register_map.window
    assert window is not None
    assert reloadable.used_space == window.end > 0x1000


def test_a_port_is_written_as_verilog_writes_it() -> None:
    assert Port("a_i", is_input=True, width=1).vector == ""
    assert (
        Port("b_o", is_input=False, width=32).vector,
        Port("b_o", is_input=False, width=32).direction,
    ) == (
        "[31:0] ",
        "output",
    )


@pytest.mark.parametrize("which", ["plain", "other"])
def test_the_constant_words_say_what_the_network_is(which: str) -> None:
    found = design("obi", which)
    words = {name: word for name, (_, word) in found.constant_words.items()}
    assert words["IDENTITY"] == int.from_bytes(b"PULS")
    assert words["INPUT_CAPABILITY"] & 0xFFFF == found.model.sizes[0]
    assert words["RESULT_CAPABILITY"] & 0xFFFF == found.model.sizes[-1]
    assert words["LAYER_CAPABILITY"] & 0xFF == len(found.model.layers)
    assert words["MODEL_DIGEST"] == int(found.model.digest[:8], 16)
    first = found.folded.layers[0]
    assert words["LAYER[0].SHAPE"] == first.inputs | first.neurons << 16
    assert words["LAYER[0].FOLDING"] == first.pe | first.simd << 16
    assert not {"STATUS", "CYCLES", "AUTOTRIGGER", "INPUT[0]", "RESULT[0]"} & set(words)


@pytest.mark.parametrize("which", ["plain", "other"])
def test_the_result_format_is_that_of_the_output_accumulator(which: str) -> None:
    found = design("obi", which)
    assert found.result_format == found.model.output_format


def test_the_unmapped_address_holds_no_register() -> None:
    found = design()
    taken = {register.address for register in found.register_map.registers}
    assert found.unmapped_address not in taken
    assert 0 < found.unmapped_address < 0x1000
    assert found.unmapped_address % 4 == 0
