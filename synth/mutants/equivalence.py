# SPDX-License-Identifier: Apache-2.0
"""The proof that a planted fault changes no output of its design in any state."""

import re
import subprocess
from contextlib import suppress
from pathlib import Path

from pulsewright.synth.mutants.mutant import Mutant
from pulsewright.synth.mutants.planting import BASE
from pulsewright.synth.tools.logged_run import ToolError
from pulsewright.synth.tools.yosys import run_script

# Clock cycles that the induction looks at.
DEPTH = 3
SECONDS, WHOLE_SECONDS = 60.0, 180.0
# A bit of a register that nothing reads need not be the same.
_BITS = "simplemap t:$*dff* t:$mux"
_PROVEN = re.compile(r"Equivalence successfully proven")


def is_proven_equivalent(mutant: Mutant, folder: Path) -> bool:
    """Whether it is proven to change nothing.

    folder: where it was planted. Its module, with what stands below, is put beside the same without
    it: registers and outputs are taken as pairs, and SAT shows by induction that each pair stays
    equal whatever the inputs. If that fails the same is tried with the whole design, where the
    modules around may keep the fault from mattering, or read no such bit. What is not proven may
    still change nothing, as where a state is never reached, or is told by other registers.

    Raises:
        MissingPackageError: Yosys is not installed.
    """
    name = f"equivalence_{mutant.number}"
    return (
        _is_proven(_commands(mutant, f"-top {mutant.module}", _BITS), folder, name, SECONDS)
        # Words are faster, and bits tell those apart that nothing around the module reads.
        or _is_proven(_commands(mutant, "-auto-top"), folder, f"{name}_whole", WHOLE_SECONDS)
        or _is_proven(
            _commands(mutant, "-auto-top", _BITS), folder, f"{name}_whole_bits", WHOLE_SECONDS
        )
    )


def _is_proven(commands: list[str], folder: Path, name: str, seconds: float) -> bool:
    # A fault may close a loop of logic, which the proof refuses; and multipliers take for ever.
    with suppress(ToolError, subprocess.TimeoutExpired):
        return _PROVEN.search(run_script(commands, folder, name, seconds)) is not None
    return False


def _commands(mutant: Mutant, level: str, *simplified: str) -> list[str]:
    flat = [
        f"hierarchy {level}",
        *("flatten", "memory_map", *simplified, "opt_clean"),
        # Other named signals may differ, as long as no register and no port does.
        "select -set registers t:$*ff* t:$_*FF* %u %co1:+[Q] w:* %i",
        "rename -hide w:* @registers %d",
    ]
    return [
        f"read_rtlil {BASE}",
        "design -save base",
        *flat,
        "rename -top gold",
        "design -stash gold",
        "design -load base",
        mutant.command(),
        *flat,
        "rename -top gate",
        "design -stash gate",
        "design -copy-from gold -as gold gold",
        "design -copy-from gate -as gate gate",
        "equiv_make gold gate both",
        "hierarchy -top both",
        "async2sync",
        "equiv_struct",
        "equiv_simple -undef",
        f"equiv_induct -undef -seq {DEPTH}",
        "equiv_status",
    ]
