# SPDX-License-Identifier: Apache-2.0
import re
from importlib.resources import files

import pytest

from pulsewright.rtl.instruction_top import InstructionTop
from pulsewright.sim.soc.cores import CORES, IF_XIF_MODULE
from pulsewright.sim.soc.if_xif import if_xif_coprocessor
from tests.models import fold_model, random_model


def test_the_coprocessor_is_in_the_wrapper_of_its_package() -> None:
    model = random_model((3, 4, 1))
    top = InstructionTop(model, fold_model(model, [(2, 3), (1, 2)]), "cv_x_if")
    text = if_xif_coprocessor(top)
    modules = re.findall(r"^module (\w+)", text, re.MULTILINE)
    assert len(modules) == len(set(modules))
    assert modules[-1] == IF_XIF_MODULE == CORES["cv32e40x"].instruction_module
    assert "pulsewright_cv_x_if" in modules
    wrapper = text[text.index(f"module {IF_XIF_MODULE} ") :]
    assert re.search(r"^    pulsewright_cv_x_if i_coprocessor \(", wrapper, re.MULTILINE)


@pytest.mark.parametrize("system", ["cv32e40x_x_if.sv", "soc/soc_cv32e40x.sv"])
def test_every_modport_of_the_wrapper_is_joined_in_the_systems(system: str) -> None:
    model = random_model((3, 4, 1))
    top = InstructionTop(model, fold_model(model, [(2, 3), (1, 2)]), "cv_x_if")
    wrapper = if_xif_coprocessor(top).rpartition(f"module {IF_XIF_MODULE} (")[2]
    modports = set(re.findall(r"^    if_xif\.\w+ +(\w+),?$", wrapper, re.MULTILINE))
    assert len(modports) == 6
    text = (files("pulsewright.sim") / "verilog" / system).read_text(encoding="utf-8")
    _, _, instance = text.partition(f"    {IF_XIF_MODULE} coprocessor (\n")
    assert set(re.findall(r"\.(\w+)\(xif\)", instance.partition(");\n")[0])) == modports
