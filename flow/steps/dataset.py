# SPDX-License-Identifier: Apache-2.0
"""The step that ends with `dataset.npz`: curves that are read, or made."""

import hashlib

from pulsewright.flow.workspace import Workspace
from pulsewright.quant.curve_sources import CurveSource
from pulsewright.quant.datasets import measured


def make_dataset(workspace: Workspace) -> None:
    """Load or make the curves and keep them as `dataset.npz`.

    Raises:
        PulsewrightError: they cannot be read, or not be trained on.
    """
    given = workspace.curve_input
    curves = given.load(workspace.recipe.seed)
    # Curves that cannot be trained on must not replace those that could.
    if workspace.predicts_currents:
        curves.features()
    for kind in workspace.split_kinds:
        workspace.split_of(curves, kind)
    curves.save(workspace.dataset)
    workspace.say(
        f"dataset   {curves.curves} curves of {curves.pulses} pulses, {given.source.value}"
    )


def origin(workspace: Workspace) -> dict[str, object]:
    """Where the curves come from.

    The content of the measured ones is fixed by checksum, so that a finished data set needs no
    second look at them.
    """
    given = workspace.curve_input
    content: object = None
    if given.source is CurveSource.MEASURED:
        content = measured.SHA256
    elif given.table is not None:
        content = hashlib.sha256(given.table).hexdigest()
    return {"source": given.source, "content": content, "seed": workspace.recipe.seed}
