# SPDX-License-Identifier: Apache-2.0
"""The steps from curves to an integer model: dataset, float, quantise.

Torch and Brevitas take seconds to import, so they are imported only by a step that has to run.
"""

import hashlib
import json

from pydantic import BaseModel, ConfigDict

from pulsewright.flow.build_folder import source_digest
from pulsewright.flow.errors import VerificationError
from pulsewright.flow.progress import progress_bar
from pulsewright.flow.recipe import Recipe
from pulsewright.flow.results_file import load_result
from pulsewright.flow.workspace import Workspace
from pulsewright.hls_model.files.atomic_write import write_text
from pulsewright.hls_model.reference.input_map import InputMap
from pulsewright.quant.curve_sources import FLOAT_CODE_FORMAT, CurveSource, fit_input_map
from pulsewright.quant.datasets import measured
from pulsewright.quant.splits import SplitKind

ROOMS = ("quant", "hls_model")


class SplitAccuracy(BaseModel):
    """Mean squared errors of I_r,n on the test rows of one split.

    median_curve: median over curves of the integer model's squared error; mean values are carried
    by a few bad devices.
    """

    model_config = ConfigDict(extra="forbid")

    float_mse: float
    quantised_mse: float
    integer_mse: float
    median_curve_mse: float


class QuantiseResult(BaseModel):
    """What the quantise step measured: errors by split, and rows that differ from Brevitas."""

    model_config = ConfigDict(extra="forbid")

    accuracy: dict[SplitKind, SplitAccuracy]
    brevitas_rows: int
    brevitas_mismatches: int


def dataset_step(workspace: Workspace) -> None:
    """Load or make the curves and keep them as `dataset.npz`."""
    data, given = workspace.recipe.data, workspace.curve_input
    given.check()

    def work() -> None:
        curves = given.load(workspace.recipe.seed)
        # Curves that cannot be trained on must not replace those that could.
        curves.features()
        for kind in SplitKind:
            workspace.split_of(curves, kind)
        curves.save(workspace.dataset)
        workspace.say(
            f"dataset   {curves.curves} curves of {curves.pulses} pulses, {data.source.value}"
        )

    origin: object = None
    if data.source is CurveSource.MEASURED:
        # Their content is fixed by checksum, so a finished data set needs no second look at them.
        origin = measured.SHA256
    elif given.table is not None:
        origin = hashlib.sha256(given.table).hexdigest()
    inputs = {
        "source": data.source,
        "origin": origin,
        "seed": workspace.recipe.seed,
        "code": source_digest(["quant/datasets"]),
    }
    workspace.folder.run_step("dataset", inputs, [workspace.dataset], work)


def float_step(workspace: Workspace) -> None:
    """Train a float network on each split; `float.pt`."""
    recipe = workspace.recipe
    network = recipe.trained
    sizes = network.sizes
    dataset_step(workspace)

    def work() -> None:
        from pulsewright.quant.checkpoints import save_float
        from pulsewright.quant.pipeline import train_float

        input_map = fit_input_map(workspace.curves, FLOAT_CODE_FORMAT, network.pulse_number)
        splits = {kind: workspace.split(kind) for kind in SplitKind}
        trained = {}
        for kind in SplitKind:
            with progress_bar(workspace.console, f"float training, {kind.value}", "steps") as show:
                trained[kind] = train_float(
                    workspace.curves,
                    input_map,
                    splits[kind],
                    sizes,
                    recipe.training.float_for(kind),
                    recipe.seed,
                    show,
                )
        save_float(workspace.float_checkpoint, trained)
        for kind, one in trained.items():
            workspace.say(f"float     {kind.value}: test MSE {one.accuracy.test_mse:.6f}")

    inputs = {
        "dataset": workspace.digest(workspace.dataset),
        "sizes": sizes,
        "pulse_number": network.pulse_number,
        "split": split_inputs(recipe),
        "training": {kind: recipe.training.float_for(kind).model_dump() for kind in SplitKind},
        "code": source_digest(ROOMS),
    }
    workspace.folder.run_step("float", inputs, [workspace.float_checkpoint], work)


def quantise_step(workspace: Workspace) -> None:
    """Quantisation-aware training on each split, then the integer model: `qat.pt`, `model.json`.

    Raises:
        VerificationError: Brevitas and the integer model differ on a row; nothing is written.
    """
    float_step(workspace)
    recipe = workspace.recipe

    def work() -> None:
        from pulsewright.quant.checkpoints import load_float, save_quantised
        from pulsewright.quant.pipeline import integer_accuracy, integer_model, train_quantised
        from pulsewright.quant.quantised.export import brevitas_outputs

        floats = load_float(workspace.float_checkpoint)
        input_map = _input_map(workspace)
        codes = input_map.codes(workspace.curves.inputs)
        trained, accuracy = {}, {}
        mismatches = 0
        for kind in SplitKind:
            rows = workspace.split(kind)
            title = f"quantisation-aware training, {kind.value}"
            with progress_bar(workspace.console, title, "steps") as show:
                trained[kind] = train_quantised(
                    workspace.curves,
                    input_map,
                    rows,
                    floats[kind],
                    recipe.bits,
                    recipe.training.quantised,
                    recipe.seed,
                    show,
                )
            model = integer_model(trained[kind], input_map, recipe.name)
            outputs = brevitas_outputs(trained[kind].network(), codes)
            mismatches += int((outputs != model.infer(codes)).any(axis=1).sum())
            integer_mse, median_curve_mse = integer_accuracy(model, workspace.curves, rows)
            accuracy[kind] = SplitAccuracy(
                float_mse=floats[kind].accuracy.test_mse,
                quantised_mse=trained[kind].accuracy.test_mse,
                integer_mse=integer_mse,
                median_curve_mse=median_curve_mse,
            )
            if kind is recipe.data.split:
                delivered = model
        if mismatches:
            raise VerificationError(
                f"Brevitas and the integer model differ on {mismatches} rows; "
                "the export is at fault, so no model was written"
            )
        save_quantised(workspace.quantised_checkpoint, trained)
        delivered.save(workspace.model_file)
        result = QuantiseResult(
            accuracy=accuracy,
            brevitas_rows=len(codes) * len(SplitKind),
            brevitas_mismatches=mismatches,
        )
        write_text(workspace.accuracy_file, json.dumps(result.model_dump(mode="json"), indent=1))
        for kind, one in accuracy.items():
            workspace.say(f"quantise  {kind.value}: integer test MSE {one.integer_mse:.6f}")

    inputs = {
        "float": workspace.digest(workspace.float_checkpoint),
        "bits": recipe.bits.model_dump(),
        "training": recipe.training.quantised.model_dump(),
        "delivered": recipe.data.split,
        "split": split_inputs(recipe),
        "name": recipe.name,
        "code": source_digest(ROOMS),
    }
    outputs = [workspace.quantised_checkpoint, workspace.model_file, workspace.accuracy_file]
    workspace.folder.run_step("quantise", inputs, outputs, work)


def quantise_result(workspace: Workspace) -> QuantiseResult | None:
    """What the quantise step measured; None if the model came finished."""
    if workspace.recipe.model is not None:
        return None
    return load_result(workspace.accuracy_file, QuantiseResult)


def split_inputs(recipe: Recipe) -> dict[str, object]:
    """What decides which rows are trained on and which are tested."""
    return {
        "test_fraction": recipe.data.test_fraction,
        "validation_fraction": recipe.data.validation_fraction,
        "seed": recipe.seed,
    }


def _input_map(workspace: Workspace) -> InputMap:
    recipe = workspace.recipe
    return fit_input_map(workspace.curves, recipe.bits.code_format, recipe.trained.pulse_number)
