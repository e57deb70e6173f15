# SPDX-License-Identifier: Apache-2.0
import subprocess
import sys
from pathlib import Path

import pytest

from hls_model.errors import PulsewrightError
from rtl.attachments.attachment import Attachment
from rtl.attachments.registry import ATTACHMENTS, attachment_class, known_attachment

REPOSITORY = Path(__file__).parents[3]


@pytest.mark.parametrize("name", ATTACHMENTS)
def test_every_name_is_an_attachment_of_the_asked_register_bus(name: str) -> None:
    kind = attachment_class(name)
    assert issubclass(kind, Attachment)
    assert kind.__module__ == f"rtl.attachments.{name}"
    assert known_attachment(name) == name


@pytest.mark.parametrize("name", ATTACHMENTS)
def test_the_ports_in_verilog_are_those_of_the_signature(name: str) -> None:
    kind = attachment_class(name)
    ports = kind.verilog_ports()
    assert list(ports) == list(kind.SIGNATURE().members)
    assert len(set(ports.values())) == len(ports)
    assert all(port.startswith(f"{kind.PREFIX}_") for port in ports.values())


def test_an_unknown_name_is_told_with_those_there_are() -> None:
    with pytest.raises(PulsewrightError) as raised:
        attachment_class("pci")
    assert str(raised.value) == (
        "unknown bus 'pci'; choose one of obi, apb, hwpe_periph, axi_lite, wishbone"
    )


def test_naming_an_attachment_imports_no_amaranth() -> None:
    program = "import sys, rtl.attachments.registry; print('amaranth' in sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "False"
