# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

from pulsewright.synth.mutants.equivalence import is_proven_equivalent
from pulsewright.synth.mutants.mutant import Mutant
from pulsewright.synth.mutants.planting import plant
from tests.synth.mutants.small_design import TOP, VERILOG


def test_what_changes_nothing_is_proven_and_nothing_else(tmp_path: Path) -> None:
    """enable | enable & also is enable; a counter that does not count is another one."""
    mutants = plant(VERILOG, TOP, 300, 1, tmp_path)

    def one(wire: str, mode: str, port: str) -> Mutant:
        return next(m for m in mutants if (m.wire, m.mode, m.port) == (wire, mode, port))

    assert is_proven_equivalent(one("both", "const0", "Y"), tmp_path)
    assert not is_proven_equivalent(one("both", "const1", "Y"), tmp_path)
    assert not is_proven_equivalent(one("count", "inv", "Q"), tmp_path)
