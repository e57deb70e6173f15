# SPDX-License-Identifier: Apache-2.0
import shutil
from pathlib import Path

import pytest

from pulsewright.sim.soc.compiler import PREFIXES
from pulsewright.sim.soc.driver_sizes import ARCHITECTURES, CORE, GROUPS, driver_size

pytestmark = pytest.mark.skipif(
    not any(shutil.which(f"{prefix}gcc") for prefix in PREFIXES),
    reason="no GCC for RISC-V: apt-get install gcc-riscv64-unknown-elf",
)


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_inferences_curves_and_reach_fit_a_small_core(architecture: str, tmp_path: Path) -> None:
    """1.5 KB, and no library: neither a product nor a quotient."""
    size = driver_size(CORE, architecture, tmp_path)
    assert size.code <= 1536
    assert (size.libgcc, size.libgcc_bytes) == ((), 0)


@pytest.mark.quick_cases(3)
@pytest.mark.parametrize("group", [name for name in GROUPS if name != "everything"])
def test_each_group_links_without_a_multiplier(group: str, tmp_path: Path) -> None:
    small = driver_size(GROUPS[group], "rv32i", tmp_path)
    if group == "weights":
        assert {"__mulsi3", "__udivsi3", "__umodsi3"} <= {*small.libgcc}
        assert small.libgcc_bytes > 0
    else:
        assert (small.libgcc, small.libgcc_bytes) == ((), 0)
    with_m = driver_size(GROUPS[group], "rv32imc", tmp_path)
    assert with_m.libgcc == ()
    assert 0 < with_m.code < small.code


@pytest.mark.regression
def test_everything_is_less_than_its_parts(tmp_path: Path) -> None:
    together = driver_size(GROUPS["everything"], "rv32ic", tmp_path).code
    assert together < sum(driver_size(GROUPS[g], "rv32ic", tmp_path).code for g in GROUPS) / 2
