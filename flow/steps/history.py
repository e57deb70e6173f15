# SPDX-License-Identifier: Apache-2.0
"""The step that trains a history network: `model.json`, `history.json`."""

import json

import numpy as np

from pulsewright.flow.errors import VerificationError
from pulsewright.flow.progress import progress_bars
from pulsewright.flow.steps.results import HistoryResult
from pulsewright.flow.steps.stimulus import TUPLES
from pulsewright.flow.workspace import Workspace
from pulsewright.hls_model.closed_loop.rule import QUANTILES
from pulsewright.hls_model.files.atomic_write import write_text
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.quant.closed_loop.trials import MeasuredDevices
from pulsewright.quant.closed_loop.tuples import Tuples, draw_tuples, si_inputs
from pulsewright.quant.datasets.sessions import sessions


def train_history(workspace: Workspace) -> None:
    """Train on the curves outside the test, compare with Brevitas, and measure the coverage.

    Raises:
        VerificationError: Brevitas and the integer model differ on a row; nothing is written.
        PulsewrightError: too few curves, or a training that diverges.
    """
    # Torch and Brevitas take seconds to import, which a step that is done should not wait for.
    from pulsewright.quant.closed_loop.network import train_history_network
    from pulsewright.quant.quantised.brevitas_comparison import compare_with_brevitas

    recipe = workspace.recipe
    devices = MeasuredDevices(workspace.curves)
    test = np.unique(workspace.curves.curve_index[workspace.split(recipe.data.split).test])
    learnable = devices.learnable.copy()
    learnable[test] = False
    workspace.say(f"history   training {'-'.join(map(str, recipe.sizes))}")
    with progress_bars(workspace.console, "steps") as show:
        trained = train_history_network(
            devices, np.flatnonzero(learnable), recipe.history_training, recipe.name, show
        )
    every = draw_tuples(devices, np.arange(workspace.curves.curves), TUPLES, recipe.seed)
    input_map = trained.model.input_map
    codes = input_map.codes(si_inputs(input_map, every.inputs))
    compared = compare_with_brevitas(trained.network, trained.model, codes)
    if compared.mismatches:
        raise VerificationError(
            f"Brevitas and the integer model differ on {compared.mismatches} rows; "
            "the export is at fault, so no model was written"
        )
    tested = draw_tuples(devices, test, TUPLES, recipe.seed + 1)
    session = sessions(workspace.curves)[tested.curve]
    below = covered(trained.model, tested)
    result = HistoryResult(
        float_error=trained.float_error,
        quantised_error=trained.quantised_error,
        coverage=_shares(below),
        coverage_by_session={
            one: _shares(below[session == one]) for one in np.unique(session).tolist()
        },
        brevitas_rows=compared.rows,
        brevitas_mismatches=compared.mismatches,
    )
    trained.model.save(workspace.model_file)
    write_text(workspace.history_file, json.dumps(result.model_dump(mode="json"), indent=1))
    shown = ", ".join(f"{share:.3f} below {name}" for name, share in result.coverage.items())
    workspace.say(f"history   test curves: {shown}")


def covered(model: IntegerMlp, tuples: Tuples) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    """(rows, quantiles) whether the correction of a tuple is below what the model says."""
    outputs = model.predict(si_inputs(model.input_map, tuples.inputs))
    below: np.ndarray[tuple[int, int], np.dtype[np.bool_]] = tuples.correction[:, None] < outputs
    return below


def _shares(below: np.ndarray[tuple[int, int], np.dtype[np.bool_]]) -> dict[str, float]:
    shares = below.mean(axis=0).tolist()
    return {f"{quantile:g}": share for quantile, share in zip(QUANTILES, shares, strict=True)}
