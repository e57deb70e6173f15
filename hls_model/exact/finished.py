# SPDX-License-Identifier: Apache-2.0
"""The layers of a chain that are integers already, and what is reported of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from pydantic import ValidationError

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.exact.affine import Affine
from pulsewright.hls_model.exact.input_codes import InputCodes
from pulsewright.hls_model.exact.output import accumulators
from pulsewright.hls_model.exact.report import (
    ImportReport,
    LayerReport,
    OutputReport,
    RequantiserReport,
)
from pulsewright.hls_model.exact.report_parts import (
    input_report,
    layer_report,
    rational_texts,
    requantiser_report,
)
from pulsewright.hls_model.exact.requantised import ExactLayer, Requantised, requantised
from pulsewright.hls_model.exact.staircase import Staircase
from pulsewright.hls_model.exact.surd import Surd
from pulsewright.hls_model.reference.code_map import code_map
from pulsewright.hls_model.reference.dense_layer import DenseLayer
from pulsewright.hls_model.reference.fixed_point import (
    FixedPoint,
    IntegerArray,
    Rounding,
    width_for_range,
)
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.reference.network_output import OutputKind
from pulsewright.hls_model.reference.requantiser import Requantiser

NARROWEST_WEIGHT = 2


@dataclass(frozen=True)
class ImportedModel:
    """A network of a file: the integers, what was found, and how its inputs become codes."""

    model: IntegerMlp
    report: ImportReport
    input_codes: InputCodes


class FinishedLayers:
    """Collects layers in their order."""

    def __init__(self) -> None:
        self.remarks: list[str] = []
        self.output_quantiser: str | None = None
        self._layers: list[DenseLayer] = []
        self._reports: list[LayerReport] = []
        self._folded: list[str] = []
        self._format: FixedPoint | None = None
        self._scale: tuple[Surd, ...] = ()
        self._offset: tuple[Surd, ...] = ()
        self._code_offset: int | None = None

    def fold(self, where: str) -> None:
        """Note a node that becomes a part of the layer that is closed next."""
        if where not in self._folded:
            self._folded.append(where)

    def open_input(self, codes: InputCodes) -> None:
        """Say which codes the first layer takes."""
        self._format = codes.code_format

    def close_hidden(self, layer: ExactLayer, staircase: Staircase, scales: Sequence[Surd]) -> None:
        """Finish a hidden layer, whose codes start at 0."""
        made = requantised(layer, staircase)
        output_format = FixedPoint(
            width=width_for_range(0, staircase.top, signed=False), frac=0, signed=False
        )
        self._close(
            layer, made, made.multipliers.offset, staircase, output_format, scales, hidden=True
        )
        self._format = output_format

    def close_output_code(
        self,
        layer: ExactLayer,
        staircase: Staircase,
        scales: Sequence[Surd],
        meaning: Affine,
    ) -> None:
        """Finish the output layer with the codes of its quantiser.

        They are the file's own integers where these fill a signed format, else start at 0.
        meaning: what the codes from 0 stand for, by output.
        """
        made = requantised(layer, staircase)
        first, last = staircase.first, staircase.first + staircase.top
        own = first <= -2 and first == -last - 1 and (-first & -first - 1) == 0
        width = width_for_range(first, last, signed=True) if own else 0
        output_format = FixedPoint(
            width=width or width_for_range(0, staircase.top, signed=False), frac=0, signed=own
        )
        offset = made.multipliers.offset
        if own:
            offset = offset.astype(object) + (first << made.multipliers.shift)
        self._close(layer, made, offset, staircase, output_format, scales, hidden=False)
        self._scale = meaning.gain
        self._offset = (
            meaning.plus([gain * Surd.of(-first) for gain in meaning.gain]).shift
            if own
            else meaning.shift
        )
        self._code_offset = 0 if own else first

    def close_accumulator(
        self, layer: ExactLayer, scales: Sequence[Surd], kind: OutputKind
    ) -> None:
        """Finish the output layer without a requantiser."""
        found = accumulators(layer, kind)
        self._scale, self._offset = found.scale, found.offset
        dense = self._dense(layer, found.weights, found.bias, relu=False)
        self._append(layer, dense, found.negated, scales, None)

    def imported(
        self, source: str, name: str, kind: OutputKind, codes: InputCodes, *, given: bool
    ) -> ImportedModel:
        """The whole network.

        Raises:
            PulsewrightError: it is none that the reference model computes.
        """
        scale, offset = (rational_texts(values) for values in (self._scale, self._offset))
        try:
            model = IntegerMlp(
                name=name,
                input_map=code_map(
                    codes.code_format,
                    codes.affine.channels,
                    codes.first,
                    codes.first + codes.staircase.top,
                ),
                layers=tuple(self._layers),
                output=kind,
                output_scale=scale,
                output_offset=None if offset == ("0/1",) else offset,
            )
        except ValidationError as error:
            raise _refused("the network", error) from error
        report = ImportReport(
            source=source,
            output_quantiser=self.output_quantiser,
            input=input_report(codes, given=given),
            layers=tuple(self._reports),
            output=OutputReport(
                output=kind,
                scale=scale,
                offset=offset,
                code_offset=self._code_offset,
                irrational=not all(one.is_rational for one in (*self._scale, *self._offset)),
            ),
            remarks=tuple(self.remarks),
        )
        return ImportedModel(model, report, codes)

    def _close(
        self,
        layer: ExactLayer,
        made: Requantised,
        offset: np.ndarray,
        staircase: Staircase,
        output_format: FixedPoint,
        scales: Sequence[Surd],
        *,
        hidden: bool,
    ) -> None:
        fills = staircase.top == output_format.maximum - output_format.minimum
        try:
            requantiser = Requantiser(
                multiplier=made.multipliers.multiplier,
                offset=offset.astype(np.int64),
                shift=made.multipliers.shift,
                top=None if fills else staircase.top,
            )
        except (ValidationError, OverflowError) as error:
            raise PulsewrightError(
                f"{layer.where}: the requantiser's offsets leave 64 bits; use fewer codes, or "
                "smaller biases"
            ) from error
        dense = self._dense(
            layer,
            made.weights,
            made.bias,
            relu=hidden,
            output_format=output_format,
            rounding=made.rounding,
            requantiser=requantiser,
        )
        widened = int((made.multipliers.widening > 0).sum())
        if widened:
            self.remarks.append(
                f"{layer.where}: weights of {widened} neurons are multiplied by up to "
                f"2**{int(made.multipliers.widening.max())}, since their multipliers would have "
                "more than 32 bits"
            )
        report = requantiser_report(made, requantiser, staircase)
        self._append(layer, dense, made.negated, scales, report)

    def _dense(
        self,
        layer: ExactLayer,
        weights: IntegerArray,
        bias: IntegerArray,
        *,
        relu: bool,
        output_format: FixedPoint | None = None,
        rounding: Rounding = Rounding.HALF_EVEN,
        requantiser: Requantiser | None = None,
    ) -> DenseLayer:
        assert self._format is not None
        # The law's weights are narrow: -128 takes nine bits.
        magnitude = int(np.abs(weights).max())
        width = max(width_for_range(-magnitude, magnitude, signed=True), NARROWEST_WEIGHT)
        try:
            return DenseLayer(
                weights=weights,
                bias=bias,
                input_format=self._format,
                weight_format=FixedPoint(width=width, frac=0, signed=True),
                relu=relu,
                output_format=output_format,
                rounding=rounding,
                requantiser=requantiser,
            )
        except ValidationError as error:
            raise _refused(layer.where, error) from error

    def _append(
        self,
        layer: ExactLayer,
        dense: DenseLayer,
        negated: int,
        scales: Sequence[Surd],
        requantiser: RequantiserReport | None,
    ) -> None:
        self._layers.append(dense)
        self._reports.append(
            layer_report(layer.where, dense, negated, scales, self._folded, requantiser)
        )
        self._folded.clear()


def _refused(where: str, error: ValidationError) -> PulsewrightError:
    reason = error.errors()[0]["msg"].removeprefix("Value error, ")
    return PulsewrightError(f"{where}: {reason}")
