# SPDX-License-Identifier: Apache-2.0
"""`import pulsewright` is cheap, and each call imports only what it needs."""

import subprocess
import sys
from pathlib import Path

import pytest

import pulsewright
from tests.models import random_model

HEAVY = ("torch", "brevitas", "amaranth", "systemrdl", "cocotb", "matplotlib", "onnx")


def imported_after(program: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"import sys\n{program}\nprint(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.split())


def test_the_import_brings_nothing_but_itself() -> None:
    found = imported_after("import pulsewright as pw; dir(pw)")
    assert found - imported_after("import importlib, typing") == {"pulsewright"}


def test_folding_and_energy_import_nothing_heavy(tmp_path: Path) -> None:
    random_model((6, 8, 1)).save(tmp_path / "model.json")
    program = (
        "import pulsewright as pw\n"
        f"design = pw.fold(pw.load_model({str(tmp_path / 'model.json')!r}), ii=8)\n"
        "design.ii, design.latency, design.operations, design.energy(), design.paper_energy\n"
        "pw.read_recipe, pw.simulate, pw.train, pw.read_report"
    )
    assert imported_after(program).isdisjoint(HEAVY)


def test_every_name_is_there_and_no_other() -> None:
    assert sorted(pulsewright.__all__) == list(pulsewright.__all__)
    for name in pulsewright.__all__:
        assert getattr(pulsewright, name).__doc__
        assert name in dir(pulsewright)
    with pytest.raises(AttributeError, match=r"'pulsewright' has no attribute 'load_modell'"):
        _ = pulsewright.load_modell


def test_type_checkers_and_the_interpreter_see_the_same_names() -> None:
    assert set(pulsewright._HOMES) == set(pulsewright.__all__)
    text = Path(pulsewright.__file__).read_text(encoding="utf-8")
    for name, home in pulsewright._HOMES.items():
        assert f"from pulsewright.{home} import {name} as {name}\n" in text
    assert (Path(pulsewright.__file__).parent / "py.typed").exists()
