# SPDX-License-Identifier: Apache-2.0
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from pulsewright.hls_model import python_packages
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.sim.instructions.core_systems import cv32e40x_system, picorv32_system

SYSTEMS = [
    (picorv32_system, "picorv32", "picorv32_pcpi", "pulsewright_pcpi"),
    (cv32e40x_system, "cv32e40x", "cv32e40x_x_if", "pulsewright_if_xif"),
]


@pytest.mark.parametrize(("system", "core", "toplevel", "coprocessor"), SYSTEMS)
def test_a_system_is_the_wrapper_the_coprocessor_and_the_core(
    system: Callable[[str], str], core: str, toplevel: str, coprocessor: str
) -> None:
    pytest.importorskip(f"pythondata_cpu_{core}")
    text = system(f"module {coprocessor}; endmodule\n")
    assert f"module {toplevel} (" in text
    assert re.search(rf"^    {coprocessor} coprocessor \(", text, re.MULTILINE)
    assert f"\nmodule {coprocessor};" in text
    included = [Path(name) for name in re.findall(r'`include "(.*)"', text)]
    assert all(path.exists() for path in included)
    sources = "".join(path.read_text() for path in included)
    assert re.search(rf"^module {core}(_core)?\b", sources, re.MULTILINE)


@pytest.mark.parametrize(("system", "core"), [entry[:2] for entry in SYSTEMS])
def test_without_its_package_the_sentence_names_it(
    system: Callable[[str], str], core: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(python_packages, "is_installed", lambda package: False)
    with pytest.raises(PulsewrightError, match=f"-{core} is not installed; .* pip install "):
        system("")
