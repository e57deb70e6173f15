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
SECONDS = 60.0
_PROVEN = re.compile(r"Equivalence successfully proven")


def is_proven_equivalent(mutant: Mutant, folder: Path) -> bool:
    """Whether it is proven to change nothing.

    folder: where it was planted. Its module, with what stands below, is put beside the same without
    it: registers and outputs are taken as pairs, and SAT shows by induction that each pair stays
    equal whatever the inputs. What is not proven may still change nothing, as where the
    modules around never send such inputs, or where a state is never reached.

    Raises:
        MissingPackageError: Yosys is not installed.
    """
    name = f"equivalence_{mutant.number}"
    # A fault may close a loop of logic, which the proof refuses; and multipliers take for ever.
    with suppress(ToolError, subprocess.TimeoutExpired):
        return _PROVEN.search(run_script(_commands(mutant), folder, name, SECONDS)) is not None
    return False


def _commands(mutant: Mutant) -> list[str]:
    level = mutant.module
    flat = [
        f"hierarchy -top {level}",
        *("flatten", "memory_map", "opt_clean"),
        # Other named signals may differ, as long as no register and no port does.
        "select -set registers t:$*ff* %co1:+[Q] w:* %i",
        "rename -hide w:* @registers %d",
    ]
    return [
        f"read_rtlil {BASE}",
        "design -save base",
        *flat,
        f"rename {level} gold",
        "design -stash gold",
        "design -load base",
        mutant.command(),
        *flat,
        f"rename {level} gate",
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
