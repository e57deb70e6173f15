# SPDX-License-Identifier: Apache-2.0
"""Rows that meet corners of the arithmetic, of benches that are to be measured themselves."""

import numpy as np

from pulsewright.flow.steps.stimulus import drawn_codes
from pulsewright.flow.workspace import Workspace
from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.rtl.package.bench_thresholds import threshold_codes
from pulsewright.sim.bench_files import BenchInputs
from pulsewright.sim.coverage.functional.arithmetic import covering_codes

# Rows that are looked through for what meets a corner.
CANDIDATES = 4096


def corner_inputs(workspace: Workspace, rows: int, seed: int) -> BenchInputs:
    """What the cocotb benches of the recipe's coprocessor take, with such rows."""
    return BenchInputs(
        workspace.model,
        workspace.folded,
        corner_codes(workspace.model, rows, seed),
        workspace.bus,
        workspace.bus_options,
    )


def corner_codes(model: IntegerMlp, rows: int, seed: int) -> IntegerArray:
    """Drawn input codes (rows, inputs); first those that meet corners of the arithmetic.

    Saturation, ties of the rounding and the ends of every layer's codes, as far as a row of
    `CANDIDATES` meets them; then, of half of the rows, those that bring hidden neurons to the edge
    of another code, which shows in a result.
    """
    drawn = drawn_codes(model, max(rows, CANDIDATES), seed)
    telling = threshold_codes(model, drawn, rows // 2)
    return np.concatenate([covering_codes(model, drawn), telling, drawn])[:rows]
