# SPDX-License-Identifier: Apache-2.0
import subprocess
import sys

import pytest

from tools.licences import ACCEPTED, DEFAULT, UNKNOWN, brought_by, faults, licences, page


@pytest.mark.parametrize(
    "licence",
    [
        "GPL-2.0-only",
        "GPL-3.0-or-later",
        "AGPL-3.0",
        "LGPLv3",
        "GNU Lesser General Public License v3 (LGPLv3)",
        "GNU GENERAL PUBLIC LICENSE",
        "MIT AND LGPL-2.1-or-later",
        UNKNOWN,
    ],
)
def test_copyleft_and_packages_without_a_licence_are_refused(licence: str) -> None:
    (sentence,) = faults(["one", "two"], {"one": licence, "two": "MIT"})
    assert sentence.startswith("one ")


@pytest.mark.parametrize(
    "licence",
    ["MIT", "Apache-2.0 WITH LLVM-exception", "BSD-3-Clause", "ISC", "MPL-2.0", "PSF-2.0"],
)
def test_permissive_licences_are_taken(licence: str) -> None:
    assert faults(["one"], {"one": licence}) == []


def test_what_the_extras_bring_is_followed_to_the_end() -> None:
    found = brought_by(DEFAULT)
    # Of the project itself, of an extra of its own, and of a package of that.
    assert {"numpy", "amaranth", "pyvcd"} <= found
    assert not {"ruff", "mypy", "pulsewright"} & found
    assert "ruff" in brought_by(("dev",))


def test_no_default_extra_brings_copyleft() -> None:
    found = licences()
    assert faults(brought_by(DEFAULT), found) == []
    text = page(found)
    for name in (brought_by(DEFAULT) - ACCEPTED.keys()) & found.keys():
        assert f"| {name} | {found[name]} |" in text


PROGRAM = """
import sys
import pulsewright.rtl.package.assemble, pulsewright.sim.buses.registry
print(*{name.partition(".")[0] for name in sys.modules})
"""


def test_package_and_buses_import_nothing_of_the_kind() -> None:
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True
    )
    loaded = set(run.stdout.split())
    assert {"systemrdl", "cocotb"} <= loaded
    assert not {"peakrdl_ipxact", "peakrdl_html", "peakrdl_cheader", "cocotb_bus", "scapy"} & loaded
