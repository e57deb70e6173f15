# SPDX-License-Identifier: Apache-2.0
import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.synth.equivalence.bit_netlist import BitNetlist
from pulsewright.synth.tools.yosys import Module
from tests.synth.equivalence.gates import gate, module_of

CLOCK, DATA, HELD, RESET, SET = 2, 3, 4, 5, 6


def state(kind: str, **more: object) -> Module:
    ends = {"C": CLOCK, "D": DATA, "Q": HELD, **more}
    return {
        "type": kind,
        "parameters": {},
        "attributes": {},
        "port_directions": {end: "output" if end == "Q" else "input" for end in ends},
        "connections": {end: [bit] for end, bit in ends.items()},
    }


@pytest.mark.parametrize(
    ("kind", "ends", "seen"),
    [
        ("$_DFF_P_", {}, (True, None, "x")),
        ("$_DFF_N_", {}, (False, None, "x")),
        ("$_DFF_PN1_", {"R": RESET}, (True, RESET, "1")),
        ("$_DFF_PP0_", {"R": "0"}, (True, None, "0")),
        ("$_DFFSR_PPP_", {"R": RESET, "S": "0"}, (True, RESET, "0")),
        ("$_DFFSR_PNN_", {"R": "1", "S": SET}, (True, SET, "1")),
    ],
)
def test_a_flip_flop_is_read(
    kind: str, ends: dict[str, object], seen: tuple[bool, object, str]
) -> None:
    found = BitNetlist(module_of(state(kind, **ends))).flip_flops[HELD]
    assert (found.rises, found.reset, found.reset_value) == seen
    assert (found.data, found.clock, found.initial) == (DATA, CLOCK, "x")


def test_a_set_that_a_reset_overrides_and_that_never_comes_is_none() -> None:
    never = gate("$_ANDNOT_", SET, "0", RESET)
    module = module_of(never, state("$_DFFSR_PPP_", R=RESET, S=SET))
    assert BitNetlist(module).flip_flops[HELD].reset == RESET


@pytest.mark.parametrize("kind", ["$_DLATCH_P_", "$_DFFSR_PPP_", "$_SR_PP_", "$dff", "$mem_v2"])
def test_another_state_is_refused(kind: str) -> None:
    with pytest.raises(PulsewrightError, match="a state of another kind"):
        BitNetlist(module_of(state(kind, R=RESET, S=SET)))


def test_initial_values_and_inverters_are_seen() -> None:
    module = module_of(state("$_DFF_P_"), gate("$_NOT_", 10, HELD), gate("$_NOT_", 11, 10))
    nets = {"held": {"bits": [HELD], "attributes": {"init": "1"}}}
    netlist = BitNetlist({**module, "netnames": nets})
    assert netlist.flip_flops[HELD].initial == "1"
    assert netlist.names == {("held", 0): HELD}
    assert netlist.behind_inverters(10) == (HELD, True)
    assert netlist.behind_inverters(11) == (HELD, False)
