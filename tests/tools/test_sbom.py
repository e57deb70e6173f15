# SPDX-License-Identifier: Apache-2.0
from importlib.metadata import version

import pytest

from tools.licences import DEFAULT, brought_by
from tools.sbom import limited_to, of_environment


def component(name: str) -> dict[str, str]:
    return {"name": name, "version": "1", "bom-ref": f"{name}==1"}


def test_what_is_left_out_is_depended_on_by_nobody() -> None:
    document = {
        "metadata": {"component": {"bom-ref": "root"}},
        "components": [component("Num_Py"), component("ruff")],
        "dependencies": [
            {"ref": "root", "dependsOn": ["Num_Py==1", "ruff==1"]},
            {"ref": "Num_Py==1"},
            {"ref": "ruff==1", "dependsOn": ["Num_Py==1"]},
        ],
    }
    found = limited_to(document, {"num-py"})
    assert found["components"] == [component("Num_Py")]
    assert found["dependencies"] == [
        {"ref": "root", "dependsOn": ["Num_Py==1"]},
        {"ref": "Num_Py==1", "dependsOn": []},
    ]


@pytest.mark.regression
def test_packages_of_an_installation_are_listed_with_versions() -> None:
    pytest.importorskip("cyclonedx_py")
    found = limited_to(of_environment(), brought_by(DEFAULT))
    assert (found["bomFormat"], found["metadata"]["component"]["name"]) == (
        "CycloneDX",
        "pulsewright",
    )
    listed = {one["name"].lower(): one for one in found["components"]}
    for name in ("numpy", "torch", "amaranth", "cocotb", "typer"):
        assert listed[name]["version"] == version(name)
    assert not {"ruff", "mypy", "scapy", "hypothesis"} & set(listed)
