# SPDX-License-Identifier: Apache-2.0
"""From a recipe to an integer model, in memory."""

from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from pulsewright.flow.errors import VerificationError
from pulsewright.flow.inputs.curves import CurveInput
from pulsewright.flow.recipe import Recipe
from pulsewright.flow.recipe_sections import READ_CURRENT
from pulsewright.flow.steps.packages import TRAINING
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.python_packages import check_packages
from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.quant.curve_sources import FLOAT_CODE_FORMAT, fit_input_map
from pulsewright.quant.datasets.pulse_curves import PulseCurves
from pulsewright.quant.splits import SplitKind, split

if TYPE_CHECKING:
    from pulsewright.quant.pipeline import TrainedQuantised


@dataclass(frozen=True)
class TrainedModel:
    """An integer model, the curves that it was trained on, and its errors on the test rows.

    float_mse, quantised_mse, integer_mse: mean squared errors of I_r,n (dimensionless) of the float
    network, of Brevitas' and of the integers. median_curve_mse: median over curves of the integer
    model's. rows: rows of all curves, on every one of which Brevitas and the integers agree, but
    for float32_undecided of them: with float scales, those that Brevitas' float32 rounds to the
    other side of a step than exact arithmetic.
    """

    model: IntegerMlp
    curves: PulseCurves
    split: SplitKind
    float_mse: float
    quantised_mse: float
    integer_mse: float
    median_curve_mse: float
    rows: int
    float32_undecided: int = 0


def train(recipe: Recipe, data: str | PathLike[str] | None = None) -> TrainedModel:
    """Train and quantise the network of `recipe` on its split: the model of `pulsewright quantise`.

    data: folder of the measured curves or a CSV table, instead of the recipe's. Nothing is written.

    Raises:
        PulsewrightError: Torch or Brevitas is not installed, the recipe starts from a finished
            model or is for pulses to a level, its curves cannot be found or used, or a training
            diverges.
        VerificationError: Brevitas and the integer model differ on a row.
    """
    network, section, kind = recipe.trained, recipe.data, recipe.data.split
    if recipe.task != READ_CURRENT:
        raise PulsewrightError(
            f'recipe {recipe.name!r} has task = "{recipe.task}", which is trained by `pulsewright '
            "quantise`; use that"
        )
    place = None if data is None else Path(data)
    given = CurveInput(section.source, section.path, place, download=False, download_folder=Path())
    given.check()
    check_packages(TRAINING)
    from pulsewright.quant import pipeline

    curves = given.load(recipe.seed)
    rows = split(curves, kind, recipe.seed, section.test_fraction, section.validation_fraction)
    wide_map = fit_input_map(curves, FLOAT_CODE_FORMAT, network.pulse_number)
    settings = recipe.training
    floats = pipeline.train_float(
        curves, wide_map, rows, network.sizes, settings.float_for(kind), recipe.seed
    )
    input_map = fit_input_map(curves, recipe.bits.code_format, network.pulse_number)
    quantised = pipeline.train_quantised(
        curves, input_map, rows, floats, recipe.bits, settings.quantised, recipe.seed
    )
    model = pipeline.integer_model(quantised, input_map, recipe.name)
    undecided = _undecided_rows(quantised, model, input_map.codes(curves.inputs))
    integer_mse, median_curve_mse = pipeline.integer_accuracy(model, curves, rows)
    return TrainedModel(
        model=model,
        curves=curves,
        split=kind,
        float_mse=floats.accuracy.test_mse,
        quantised_mse=quantised.accuracy.test_mse,
        integer_mse=integer_mse,
        median_curve_mse=median_curve_mse,
        rows=len(curves.inputs),
        float32_undecided=undecided,
    )


def _undecided_rows(quantised: "TrainedQuantised", model: IntegerMlp, codes: IntegerArray) -> int:
    """Rows on which Brevitas and the integers differ by the rounding of float32 alone."""
    from pulsewright.quant.quantised.brevitas_comparison import compare_with_brevitas

    compared = compare_with_brevitas(quantised.network(), model, codes)
    if compared.mismatches:
        raise VerificationError(
            f"Brevitas and the integer model differ on {compared.mismatches} of {len(codes)} rows; "
            "the export is at fault, please report it"
        )
    return len(compared.undecided)
