# SPDX-License-Identifier: Apache-2.0
import pytest

from pulsewright.rtl.buses.registry import BUSES, INSTRUCTIONS
from pulsewright.rtl.package.bench_access import access_lines, checked_access, checked_execution


@pytest.mark.parametrize("name", BUSES)
def test_an_access_for_energy_does_what_a_careful_manager_does(name: str) -> None:
    for access in (BUSES[name].read, BUSES[name].write):
        lines = access_lines(access)
        assert not any("~" in line or "expect_answer" in line for line in lines)
        assert any(line.startswith("refused = ") for line in lines)


@pytest.mark.parametrize("name", BUSES)
def test_what_is_free_after_a_request_changes(name: str) -> None:
    bus = BUSES[name]
    for access in (bus.read, bus.write):
        request, answer = checked_access(access, bus.id_width)
        driven = {port for phase in access.phases for port in phase.drives}
        raised = {port for phase in access.phases for h in phase.handshakes for port in h.lowers}
        changed = {line.partition(" = ~")[0].strip() for line in request if " = ~" in line}
        assert changed == driven - raised
        assert not any("~" in line for line in answer)


@pytest.mark.parametrize(
    ("name", "taken_by", "identifier"),
    [
        ("obi", "obi_rready_i", "obi_rid_o"),
        ("axi_lite", "s_axi_rready_i", None),
        ("hwpe_periph", None, "periph_r_id_o"),
    ],
)
def test_an_answer_is_held_and_looked_at(
    name: str, taken_by: str | None, identifier: str | None
) -> None:
    bus = BUSES[name]
    _, answer = checked_access(bus.read, bus.id_width)
    looks = [line for line in answer if "expect_answer" in line]
    assert len(looks) == (1 if taken_by is None else 2)
    assert all("=== read_data" in line and "=== refused" in line for line in looks)
    assert all((f"{identifier} === awaited" in line) == bool(identifier) for line in looks)
    assert (f"{taken_by} = held == 0;" in answer) == bool(taken_by)


@pytest.mark.parametrize("name", ["apb", "wishbone", "reg_interface"])
def test_where_a_request_stays_until_its_answer_there_is_one_part(name: str) -> None:
    assert checked_access(BUSES[name].read, None).answer == []


@pytest.mark.parametrize("name", INSTRUCTIONS)
def test_an_instruction_is_gone_when_it_is_taken(name: str) -> None:
    interface = INSTRUCTIONS[name]
    lines = checked_execution(interface.execution, interface.id_width)
    (handshake,) = interface.execution.phases[0].handshakes
    assert [f"{port} = ~{port};" for port in handshake.frees] == [x for x in lines if "~" in x]
    held = [line for line in lines if line.endswith("= held == 0;")]
    assert len(held) == (0 if interface.id_width is None else 1)
