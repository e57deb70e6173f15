# SPDX-License-Identifier: Apache-2.0
import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.sim.soc.core_energy import IBEX, core_energy
from pulsewright.sim.soc.cores import CORES


def test_ibex_alone_is_published() -> None:
    """62.6338 mW at 15 ns a cycle; no figure is made up for the others."""
    assert pytest.approx(62.6338 * 15, abs=0.1) == IBEX.picojoule
    assert core_energy(CORES["ibex"]) == IBEX
    assert core_energy(CORES["picorv32"]) is None
    assert core_energy(CORES["cv32e40x"]) is None


def test_a_figure_of_ones_own() -> None:
    own = core_energy(CORES["picorv32"], 3.5)
    assert own is not None
    assert (own.picojoule, own.source) == (3.5, "given by the user")
    with pytest.raises(PulsewrightError, match=r"-1 pJ a cycle of Ibex; give more than 0"):
        core_energy(CORES["ibex"], -1)
