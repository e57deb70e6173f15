# SPDX-License-Identifier: Apache-2.0
"""A chain of dense layers and quantisers in exact numbers, as a reader of files meets them."""

from collections.abc import Sequence
from dataclasses import replace
from enum import Enum
from fractions import Fraction

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.exact.affine import Affine, broadcast
from pulsewright.hls_model.exact.clipping import Clipping
from pulsewright.hls_model.exact.code_closing import Close, close_codes
from pulsewright.hls_model.exact.code_stages import CodeStages, unit_layer
from pulsewright.hls_model.exact.finished import FinishedLayers, ImportedModel
from pulsewright.hls_model.exact.input_codes import InputCodes, check_width
from pulsewright.hls_model.exact.operands import Operands
from pulsewright.hls_model.exact.report import quantiser_remark
from pulsewright.hls_model.exact.requantised import ExactLayer
from pulsewright.hls_model.exact.staircase import Staircase
from pulsewright.hls_model.exact.surd import Surd
from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.hls_model.reference.network_output import OutputKind

ZERO = Surd.of(0)
ONE = Surd.of(1)


class _Kind(Enum):
    """What the present values are: real inputs, codes of a quantiser, sums of a dense layer."""

    INPUT = "input"
    CODES = "codes"
    SUMS = "sums"


class ExactChain:
    """Takes one operation after the other; `finish` gives the network in integers.

    Each operation is named by `where`, its node in the file.
    """

    def __init__(self, features: int, given_codes: Staircase | None = None) -> None:
        """given_codes: those of the input, where the file has no quantiser for it."""
        self._kind = _Kind.INPUT
        self._features = features
        # Present values by the integers they are made of: inputs, codes from 0, or sums.
        self._affine = Affine.uniform(features, ONE, ZERO)
        self._clip = Clipping()
        # The quantisers since the sums; None where the present values are sums.
        self._codes: CodeStages | None = None
        # The layer that makes the present sums or codes; None where they are the input's.
        self._layer: ExactLayer | None = None
        self._weight_scales: tuple[Surd, ...] = ()
        self._input: InputCodes | None = None
        self._given = given_codes is not None
        self._finished = FinishedLayers()
        self._dropped: str | None = None
        if given_codes is not None:
            self._take_codes(given_codes)

    @property
    def channels(self) -> int:
        """Values of one sample, at present."""
        return self._affine.channels

    def remark(self, sentence: str) -> None:
        """Say something in the report."""
        self._finished.remarks.append(sentence)

    def times(self, where: str, factors: Sequence[Surd]) -> None:
        """Multiply by one factor, or one a channel."""
        self._check_open(where)
        every = broadcast(factors, self.channels, where)
        self._clip = self._clip.times(where, factors)
        self._affine = self._affine.times(every)
        self._finished.fold(where)

    def plus(self, where: str, summands: Sequence[Surd]) -> None:
        """Add one summand, or one a channel."""
        self._check_open(where)
        every = broadcast(summands, self.channels, where)
        self._clip = self._clip.plus(where, summands)
        self._affine = self._affine.plus(every)
        self._finished.fold(where)

    def clip(self, where: str, low: Fraction | None, high: Fraction | None) -> None:
        """Clip values to low..high; None is no bound."""
        self._check_open(where)
        if low is not None and high is not None and low > high:
            raise PulsewrightError(
                f"{where} clips to {float(low)}..{float(high)}; give the smaller bound first"
            )
        if self._kind is _Kind.CODES and not self._rises_in_all_channels:
            self._add_unit_layer(where)
        if self._kind is _Kind.CODES:
            self._clip_codes(where, low, high)
        else:
            ends = [None if one is None else Surd.of(one) for one in (low, high)]
            self._clip = self._clip.then(*ends)
        self._finished.fold(where)

    def quantise(self, staircase: Staircase) -> None:
        """Quantise the present values."""
        self._check_open(staircase.where)
        if self._kind is _Kind.CODES and self._rises_in_all_channels:
            self._quantise_again(staircase)
            return
        if self._kind is _Kind.CODES:
            self._add_unit_layer(staircase.where)
        staircase = staircase.of_values_within(self._clip.low, self._clip.high)
        self._clip = Clipping()
        self._take_codes(staircase)

    def dense(self, where: str, weights: IntegerArray, scales: Sequence[Surd]) -> None:
        """Multiply by scales[j] * weights[j, i]; weights (neurons, inputs).

        Raises:
            PulsewrightError: the values are not quantised or have scales by channel, the shapes do
                not agree, or the layer before has no multipliers of 32 bits.
        """
        self._check_open(where)
        neurons, inputs = weights.shape
        if inputs != self.channels:
            raise PulsewrightError(
                f"{where}: weights of {inputs} inputs for {self.channels} values; "
                "give one weight for each"
            )
        operands = self._operands(where)
        self._weight_scales = broadcast(scales, neurons, f"{where}: scales of weights")
        self._layer = operands.weighted(where, weights, self._weight_scales)
        self._affine = self._layer.affine
        self._kind, self._codes = _Kind.SUMS, None

    def drop(self, where: str, what: str) -> None:
        """Leave out an increasing function at the end; nothing but quantisers may follow it."""
        if self._layer is None:
            raise PulsewrightError(
                f"{where} stands before the first dense layer; export dense layers and quantisers"
            )
        self.remark(f"{where} was left out: {what}")
        self._dropped = where

    @property
    def is_ended(self) -> bool:
        """True once a function at the end was left out."""
        return self._dropped is not None

    def finish(self, source: str, name: str, kind: OutputKind) -> ImportedModel:
        """The network in integers.

        Raises:
            PulsewrightError: it has no dense layer, or its last one is not what `kind` asks for.
        """
        if self._layer is None or self._input is None:
            raise PulsewrightError(
                f"the output does not come from a dense layer: behind the {self._features} inputs "
                "there is none; export a chain of dense layers"
            )
        if kind is OutputKind.CODE:
            self._finish_code(self._layer)
        else:
            self._finish_accumulator(self._layer_of_sums(), kind)
        return self._finished.imported(source, name, kind, self._input, given=self._given)

    def _layer_of_sums(self) -> ExactLayer:
        """The last layer with all that follows its sums, up to a quantiser."""
        assert self._layer is not None
        if self._kind is _Kind.CODES:
            return self._layer
        return replace(self._layer, affine=self._affine)

    def _finish_code(self, layer: ExactLayer) -> None:
        if self._codes is None:
            raise PulsewrightError(
                f'{layer.where} makes the output, and no quantiser follows: output = "code" is for '
                'files that quantise their output; set output = "accumulator"'
            )
        meaning = self._affine
        self._close_codes(
            layer,
            lambda last, staircase, scales: self._finished.close_output_code(
                last, staircase, scales, meaning
            ),
        )

    def _close_codes(self, layer: ExactLayer, close: Close) -> None:
        """Close the layer before the present codes."""
        assert self._codes is not None
        close_codes(self._finished, layer, self._weight_scales, self._codes, close)

    def _finish_accumulator(self, layer: ExactLayer, kind: OutputKind) -> None:
        if self._codes is not None:
            self._finished.output_quantiser = self._codes.whole.where
            self.remark(quantiser_remark(self._codes.whole.where, kind))
        elif not self._clip.is_none:
            if kind is OutputKind.ARGMAX:
                raise PulsewrightError(
                    f'{layer.where}: a clipping of the output follows, and output = "argmax" '
                    'compares what is not clipped; set output = "accumulator"'
                )
            self.remark(
                f"the clipping after {layer.where} was left out: clip the values of the outputs"
            )
        self._finished.close_accumulator(layer, self._weight_scales, kind)

    def _check_open(self, where: str) -> None:
        if self._dropped is not None:
            raise PulsewrightError(
                f"{where} follows {self._dropped}, which is left out at the end of a network only; "
                "export dense layers and quantisers"
            )

    def _take_codes(self, staircase: Staircase) -> None:
        """The first quantiser of inputs or sums."""
        if self._layer is None:
            check_width(staircase.where, (staircase.first, staircase.first + staircase.top))
            self._input = InputCodes(self._affine, staircase)
        else:
            self._layer = replace(self._layer, affine=self._affine)
        self._codes, self._kind = CodeStages(staircase), _Kind.CODES
        self._describe(staircase)

    def _describe(self, staircase: Staircase) -> None:
        """What the present codes stand for."""
        if self._layer is None and self._input is not None:
            self._input = replace(self._input, staircase=staircase)
        self._affine = Affine.uniform(
            self.channels, Surd.of(staircase.gain), Surd.of(staircase.shift)
        )

    @property
    def _rises_in_all_channels(self) -> bool:
        """True if codes stand for the same rising values in all channels."""
        return self._affine.is_uniform and self._affine.gain[0].sign() > 0

    def _clip_codes(self, where: str, low: Fraction | None, high: Fraction | None) -> None:
        assert self._codes is not None
        before = self._codes.whole.top
        self._codes.clip(where, (self._affine.gain[0], self._affine.shift[0]), low, high)
        if self._given and self._layer is None and self._codes.whole.top != before:
            raise PulsewrightError(
                f"{where} clips the input, whose format is given beside the file; give a format "
                "that the clipping leaves as it is"
            )
        self._describe(self._codes.whole)

    def _quantise_again(self, second: Staircase) -> None:
        assert self._codes is not None
        before = self._codes.whole.top
        self._codes.then(self._affine.gain[0], self._affine.shift[0], second)
        if self._given and self._layer is None and self._codes.whole.top != before:
            raise PulsewrightError(
                f"{second.where} quantises the input, whose format is given beside the file; leave "
                "the format out"
            )
        self._describe(self._codes.whole)

    def _add_unit_layer(self, where: str) -> None:
        """A layer of the present values, so that a quantiser by channel has sums of its own."""
        codes, affine = self._codes, self._affine
        assert codes is not None
        if self._layer is None:
            assert self._input is not None
            self._finished.open_input(self._input)
            number_format = self._input.code_format
            low, high = number_format.minimum, number_format.maximum
            affine = affine.plus([-gain * Surd.of(self._input.first) for gain in affine.gain])
        else:
            self._close_codes(self._layer, self._finished.close_hidden)
            low, high = 0, codes.whole.top
        self.remark(
            f"{where} follows constants by channel after {codes.whole.where}: what is quantised "
            "again takes a layer of its own, whose weights are 0 and 1"
        )
        self._weight_scales, self._layer = (ONE,), unit_layer(where, affine, low, high)
        self._affine, self._kind, self._codes = affine, _Kind.SUMS, None

    def _operands(self, where: str) -> Operands:
        """The inputs of a layer, once the one before is closed."""
        if self._kind is _Kind.INPUT:
            raise PulsewrightError(
                f"{where} stands before a quantiser of the input; quantise it in the model, or "
                'give its format, such as input = "s16.10"'
            )
        if self._codes is None or self._input is None:
            before = "" if self._layer is None else f" {self._layer.where}"
            raise PulsewrightError(
                f"{where} follows{before} without a quantiser between them; put one there, or "
                "merge the two layers"
            )
        if not self._affine.has_one_gain:
            raise PulsewrightError(
                f"{where}: {self._codes.whole.where} makes activations with scales by channel; "
                "give them one scale"
            )
        gain, shifts = self._affine.gain[0], self._affine.shift
        if self._layer is not None:
            self._close_codes(self._layer, self._finished.close_hidden)
            return Operands(gain, shifts, 0, self._codes.whole.top)
        # Input codes start where the file's do.
        first = gain * Surd.of(self._input.first)
        self._finished.open_input(self._input)
        number_format = self._input.code_format
        shifts = Affine((gain,) * len(shifts), shifts).plus([-first] * len(shifts)).shift
        return Operands(gain, shifts, number_format.minimum, number_format.maximum)
