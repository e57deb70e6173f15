# SPDX-License-Identifier: Apache-2.0
import subprocess
import sys
from pathlib import Path

import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.rtl.attachments.attachment import Attachment
from pulsewright.rtl.attachments.instruction_attachment import InstructionAttachment
from pulsewright.rtl.attachments.registry import (
    attachment_class,
    instruction_attachment_class,
)
from pulsewright.rtl.buses.registry import BUSES, INSTRUCTIONS, known_attachment
from pulsewright.rtl.instruction_top import InstructionTop
from pulsewright.rtl.tops import coprocessor_top
from pulsewright.rtl.verilog.writer import to_verilog
from tests.models import fold_model, random_model

REPOSITORY = Path(__file__).parents[3]


@pytest.mark.parametrize("name", BUSES)
def test_every_name_is_an_attachment_of_the_asked_register_bus(name: str) -> None:
    kind = attachment_class(name)
    assert issubclass(kind, Attachment)
    assert kind.__module__ == f"pulsewright.rtl.attachments.{name}"
    assert known_attachment(name) == name


@pytest.mark.parametrize("name", BUSES)
def test_the_ports_in_verilog_are_those_of_the_signature(name: str) -> None:
    kind = attachment_class(name)
    ports = kind.verilog_ports()
    assert list(ports) == list(kind.SIGNATURE().members)
    assert len(set(ports.values())) == len(ports)
    assert all(port.startswith(f"{kind.BUS.prefix}_") for port in ports.values())


@pytest.mark.parametrize("name", INSTRUCTIONS)
def test_every_instruction_interface_has_its_component(name: str) -> None:
    kind = instruction_attachment_class(name)
    assert issubclass(kind, InstructionAttachment)
    assert kind.__module__ == f"pulsewright.rtl.attachments.{name}"
    ports = kind.verilog_ports()
    assert list(ports) == list(kind.SIGNATURE().members)
    assert all(port.startswith(f"{kind.INTERFACE.prefix}_") for port in ports.values())


def test_a_bus_is_no_instruction() -> None:
    with pytest.raises(PulsewrightError, match="'obi' is not an instruction interface; choose"):
        instruction_attachment_class("obi")


def test_an_unknown_name_is_told_with_those_there_are() -> None:
    with pytest.raises(PulsewrightError) as raised:
        known_attachment("pci")
    assert str(raised.value) == (
        "unknown bus 'pci'; choose one of obi, apb, hwpe_periph, axi_lite, wishbone, "
        "reg_interface, cv_x_if, cv_x_if_v1, pcpi"
    )


def test_an_instruction_has_no_register_bus_outside() -> None:
    assert known_attachment("pcpi") == "pcpi"
    with pytest.raises(PulsewrightError, match="'pcpi' is not a memory-mapped attachment"):
        attachment_class("pcpi")


@pytest.mark.quick_cases(1)
@pytest.mark.parametrize("name", INSTRUCTIONS)
def test_an_instruction_has_a_top_of_its_own(name: str) -> None:
    model = random_model((3, 2, 1), pulses=9)
    top = coprocessor_top(name, model, fold_model(model, [(1, 1), (1, 1)]))
    assert isinstance(top, InstructionTop)
    assert f"module {name} (" in to_verilog(top, name)


def test_naming_an_attachment_imports_no_amaranth() -> None:
    program = "import sys, pulsewright.rtl.attachments.registry; print('amaranth' in sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "False"
