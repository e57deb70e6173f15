# SPDX-License-Identifier: Apache-2.0
"""The step from float networks to the integer model: `qat.pt`, `model.json`, `accuracy.json`."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from pulsewright.flow.errors import VerificationError
from pulsewright.flow.progress import progress_bar
from pulsewright.flow.steps.results import QuantiseResult, SplitAccuracy
from pulsewright.flow.workspace import Workspace
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.files.atomic_write import write_text
from pulsewright.hls_model.reference.input_map import InputMap
from pulsewright.hls_model.shortened import shortened
from pulsewright.quant.curve_sources import fit_input_map
from pulsewright.quant.quantised.row_comparison import RowComparison
from pulsewright.quant.splits import SplitKind

if TYPE_CHECKING:
    from pulsewright.quant.pipeline import TrainedFloat, TrainedQuantised


def quantise(workspace: Workspace) -> None:
    """Quantisation-aware training on each split, then the integer model.

    Raises:
        VerificationError: Brevitas and the integer model differ on a row; nothing is written.
        PulsewrightError: the float networks are damaged, or of other sizes than the recipe's.
    """
    # Torch and Brevitas take seconds to import, which a step that is done should not wait for.
    from pulsewright.quant.checkpoints import load_float, save_quantised
    from pulsewright.quant.pipeline import integer_accuracy, integer_model
    from pulsewright.quant.quantised.brevitas_comparison import compare_with_brevitas

    recipe = workspace.recipe
    floats = load_float(workspace.float_checkpoint)
    _check_networks(workspace, floats)
    input_map = fit_input_map(
        workspace.curves, recipe.bits.code_format, recipe.trained.pulse_number
    )
    codes = input_map.codes(workspace.curves.inputs)
    trained, accuracy, compared = {}, {}, {}
    for kind in workspace.split_kinds:
        trained[kind] = _trained(workspace, kind, floats[kind], input_map)
        model = integer_model(trained[kind], input_map, recipe.name)
        compared[kind] = compare_with_brevitas(trained[kind].network(), model, codes)
        integer_mse, median_curve_mse = integer_accuracy(
            model, workspace.curves, workspace.split(kind)
        )
        accuracy[kind] = SplitAccuracy(
            float_mse=floats[kind].accuracy.test_mse,
            quantised_mse=trained[kind].accuracy.test_mse,
            integer_mse=integer_mse,
            median_curve_mse=median_curve_mse,
        )
        if kind is recipe.data.split:
            delivered = model
    result = QuantiseResult(
        accuracy=accuracy,
        brevitas_rows=sum(one.rows for one in compared.values()),
        brevitas_mismatches=sum(one.mismatches for one in compared.values()),
        float32_undecided={kind: one.undecided for kind, one in compared.items()},
    )
    if result.brevitas_mismatches:
        raise VerificationError(
            f"Brevitas and the integer model differ on {result.brevitas_mismatches} rows; "
            "the export is at fault, so no model was written"
        )
    save_quantised(workspace.quantised_checkpoint, trained)
    delivered.save(workspace.model_file)
    write_text(workspace.accuracy_file, json.dumps(result.model_dump(mode="json"), indent=1))
    _tell(workspace, result, compared)


def _tell(
    workspace: Workspace, result: QuantiseResult, compared: Mapping[SplitKind, RowComparison]
) -> None:
    for kind, one in result.accuracy.items():
        workspace.say(f"quantise  {kind.value}: integer test MSE {one.integer_mse:.6f}")
        if workspace.recipe.bits.has_float_scales:
            workspace.say(f"quantise  {kind.value}: {undecided_sentence(compared[kind])}")


def _trained(
    workspace: Workspace, kind: SplitKind, floats: "TrainedFloat", input_map: InputMap
) -> "TrainedQuantised":
    """The quantised network of one split."""
    from pulsewright.quant.pipeline import train_quantised

    recipe = workspace.recipe
    title = f"quantisation-aware training, {kind.value}"
    with progress_bar(workspace.console, title, "steps") as show:
        return train_quantised(
            workspace.curves,
            input_map,
            workspace.split(kind),
            floats,
            recipe.bits,
            recipe.training.quantised,
            recipe.seed,
            show,
        )


def undecided_sentence(comparison: RowComparison) -> str:
    """How many rows float32 does not decide."""
    return (
        f"{len(comparison.undecided)} of {comparison.rows} rows have a value that float32 rounds "
        "to the other side of a step; the integers are exact there"
    )


def _check_networks(workspace: Workspace, floats: "Mapping[SplitKind, TrainedFloat]") -> None:
    expected = workspace.recipe.trained.sizes
    for sizes in {one.sizes for one in floats.values()}:
        if sizes != expected:
            raise PulsewrightError(
                f"{workspace.float_checkpoint} holds a network of {_text(sizes)}, "
                f"the recipe of {_text(expected)}; remove it and run the command again"
            )
    if workspace.recipe.data.split not in floats:
        raise PulsewrightError(
            f"{workspace.float_checkpoint} lacks the network of "
            f"{workspace.recipe.data.split.value}; remove it and run the command again"
        )


def _text(sizes: tuple[int, ...]) -> str:
    return shortened("-".join(map(str, sizes)))
