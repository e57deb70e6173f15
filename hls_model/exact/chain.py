# SPDX-License-Identifier: Apache-2.0
"""A chain of dense layers and quantisers in exact numbers, as a reader of files meets them."""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from fractions import Fraction

import numpy as np

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.exact.affine import Affine, broadcast
from pulsewright.hls_model.exact.finished import FinishedLayers, ImportedModel
from pulsewright.hls_model.exact.input_codes import InputCodes, check_width
from pulsewright.hls_model.exact.report import quantiser_remark
from pulsewright.hls_model.exact.requantised import ExactLayer, UnreproducibleLayerError
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


@dataclass(frozen=True)
class _Stage:
    """A quantiser of gain * code + shift, where the codes are those of the stage before."""

    gain: Surd
    shift: Surd
    staircase: Staircase


class ExactChain:
    """Takes one operation after the other; `finish` gives the network in integers.

    Each operation is named by `where`, its node in the file.
    """

    def __init__(self, features: int, given_codes: Staircase | None = None) -> None:
        """given_codes: those of the input, where the file has no quantiser for it."""
        self._kind = _Kind.INPUT
        # Present values by the integers they are made of: inputs, codes from 0, or sums.
        self._affine = Affine.uniform(features, ONE, ZERO)
        self._clip: tuple[Surd | None, Surd | None] = (None, None)
        # All quantisers since the sums as one, and one after the other.
        self._staircase: Staircase | None = None
        self._stages: list[_Stage] = []
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
        if self._clip != (None, None):
            self._clip = self._scaled_clip(where, factors)
        self._affine = self._affine.times(every)
        self._finished.fold(where)

    def plus(self, where: str, summands: Sequence[Surd]) -> None:
        """Add one summand, or one a channel."""
        self._check_open(where)
        every = broadcast(summands, self.channels, where)
        if self._clip != (None, None):
            if len(summands) > 1:
                raise self._clipped_by_channel(where)
            low, high = self._clip
            self._clip = (
                None if low is None else low + summands[0],
                None if high is None else high + summands[0],
            )
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
            present = self._present_staircase(where)
            if self._given and (
                (low is not None and low > present.shift)
                or (high is not None and high < present.value(present.top))
            ):
                raise PulsewrightError(
                    f"{where} clips the input, whose format is given beside the file; give a "
                    "format that the clipping leaves as it is"
                )
            last = replace(self._stages[-1].staircase, gain=present.gain, shift=present.shift)
            self._stages[-1] = replace(self._stages[-1], staircase=last.clipped(low, high, where))
            self._replace_codes(present.clipped(low, high, where))
        else:
            ends = [None if one is None else Surd.of(one) for one in (low, high)]
            self._clip = self._narrowed(ends[0], ends[1])
        self._finished.fold(where)

    def quantise(self, staircase: Staircase) -> None:
        """Quantise the present values."""
        self._check_open(staircase.where)
        if self._kind is _Kind.CODES and self._rises_in_all_channels:
            self._replace_codes(self._second(staircase))
            return
        if self._kind is _Kind.CODES:
            self._add_unit_layer(staircase.where)
        staircase = staircase.of_values_within(*self._clip)
        self._clip = (None, None)
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
        gain, shifts, low, high = self._operands(where)
        sums = _products(weights, shifts)
        self._weight_scales = broadcast(scales, neurons, f"{where}: scales of weights")
        self._affine = (
            Affine(self._weight_scales, (ZERO,) * neurons)
            .times([gain] * neurons)
            .plus([scale * one for scale, one in zip(self._weight_scales, sums, strict=True)])
        )
        inverse = gain.reciprocal() if gain.sign() else ZERO
        zero_sums = tuple(one * inverse for one in sums)
        self._layer = ExactLayer(where, weights, self._affine, low, high, zero_sums)
        self._kind, self._staircase = _Kind.SUMS, None

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
                "the output does not come from a dense layer; export a chain of dense layers"
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
        if self._kind is not _Kind.CODES or self._staircase is None:
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

    def _close_codes(
        self, layer: ExactLayer, close: Callable[[ExactLayer, Staircase, Sequence[Surd]], None]
    ) -> None:
        """Close the layer before the present codes, by as many layers as its quantisers take."""
        assert self._staircase is not None
        try:
            close(layer, self._staircase, self._weight_scales)
            return
        except UnreproducibleLayerError:
            if len(self._stages) == 1:
                raise
        scales = self._weight_scales
        for stage, following in itertools.pairwise(self._stages):
            self._finished.close_hidden(layer, stage.staircase, scales)
            layer, scales = _unit_layer(stage, following, layer.neurons), (ONE,)
            self.remark(
                f"{following.staircase.where} quantises what {stage.staircase.where} quantised, "
                "which no one multiplier does: it takes a layer of its own, whose weights are 0 "
                "and 1; put the ReLU or the rescaling before the first quantiser to save it"
            )
        close(layer, self._stages[-1].staircase, scales)

    def _finish_accumulator(self, layer: ExactLayer, kind: OutputKind) -> None:
        if self._staircase is not None:
            self._finished.output_quantiser = self._staircase.where
            self.remark(quantiser_remark(self._staircase.where, kind))
        elif self._clip != (None, None):
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
        self._staircase, self._kind = staircase, _Kind.CODES
        self._stages = [_Stage(ONE, ZERO, staircase)]
        self._describe(staircase)

    def _replace_codes(self, staircase: Staircase) -> None:
        """Another quantiser of what the present one quantises."""
        if self._layer is None and self._input is not None:
            self._input = replace(self._input, staircase=staircase)
        self._staircase = staircase
        self._describe(staircase)

    def _describe(self, staircase: Staircase) -> None:
        self._affine = Affine.uniform(
            self.channels, Surd.of(staircase.gain), Surd.of(staircase.shift)
        )

    @property
    def _rises_in_all_channels(self) -> bool:
        """True if codes stand for the same rising values in all channels."""
        return self._affine.is_uniform and self._affine.gain[0].sign() > 0

    def _present_staircase(self, where: str) -> Staircase:
        """The quantiser of the present codes, with what they stand for after later factors."""
        assert self._staircase is not None
        gain, shift = self._affine.gain[0], self._affine.shift[0]
        if not (gain.is_rational and shift.is_rational):
            raise PulsewrightError(
                f"{where} follows a factor that is a root after {self._staircase.where}; "
                "put it before the factor"
            )
        return replace(self._staircase, gain=gain.rational, shift=shift.rational)

    def _second(self, second: Staircase) -> Staircase:
        assert self._staircase is not None
        gain, shift = self._affine.gain[0], self._affine.shift[0]
        made, last = self._staircase.then(gain, shift, second)
        self._stages.append(_Stage(gain, shift, last))
        if self._given and made.top != self._staircase.top:
            raise PulsewrightError(
                f"{second.where} quantises the input, whose format is given beside the file; leave "
                "the format out"
            )
        return made

    def _add_unit_layer(self, where: str) -> None:
        """A layer of the present values, so that a quantiser by channel has sums of its own."""
        assert self._staircase is not None
        affine = self._affine
        if self._layer is None:
            assert self._input is not None
            self._finished.open_input(self._input)
            number_format = self._input.code_format
            low, high = number_format.minimum, number_format.maximum
            firsts = [-gain * Surd.of(self._input.first) for gain in affine.gain]
            affine = affine.plus(firsts)
        else:
            self._close_codes(self._layer, self._finished.close_hidden)
            low, high = 0, self._staircase.top
        self.remark(
            f"{where} follows constants by channel after {self._staircase.where}: what is "
            "quantised again takes a layer of its own, whose weights are 0 and 1"
        )
        self._weight_scales = (ONE,)
        self._layer = ExactLayer(
            where,
            np.eye(self.channels, dtype=np.int64),
            affine,
            low,
            high,
            (ZERO,) * self.channels,
        )
        self._affine, self._kind = affine, _Kind.SUMS

    def _narrowed(self, low: Surd | None, high: Surd | None) -> tuple[Surd | None, Surd | None]:
        """The present clipping followed by low..high."""
        first_low, first_high = self._clip

        def inside(value: Surd) -> Surd:
            if low is not None and value < low:
                return low
            return high if high is not None and high < value else value

        return (
            low if first_low is None else inside(first_low),
            high if first_high is None else inside(first_high),
        )

    def _scaled_clip(self, where: str, factors: Sequence[Surd]) -> tuple[Surd | None, Surd | None]:
        low, high = self._clip
        if any(factor.sign() <= 0 for factor in factors):
            raise PulsewrightError(
                f"{where} multiplies by a factor that is not positive after a clipping; "
                "put the factor into the weights"
            )
        if len(factors) > 1:
            if high is not None or low is None or low.sign():
                raise self._clipped_by_channel(where)
            return self._clip
        return (
            None if low is None else low * factors[0],
            None if high is None else high * factors[0],
        )

    def _clipped_by_channel(self, where: str) -> PulsewrightError:
        return PulsewrightError(
            f"{where} differs by channel and follows a clipping; put it before, or give one value"
        )

    def _operands(self, where: str) -> tuple[Surd, tuple[Surd, ...], int, int]:
        """The layer's inputs as gain * integer + shift[i], the integers from low to high."""
        if self._kind is _Kind.INPUT:
            raise PulsewrightError(
                f"{where} stands before a quantiser of the input; quantise it in the model, or "
                'give its format, such as input = "s16.10"'
            )
        if self._kind is _Kind.SUMS or self._staircase is None or self._input is None:
            before = "" if self._layer is None else f" {self._layer.where}"
            raise PulsewrightError(
                f"{where} follows{before} without a quantiser between them; put one there, or "
                "merge the two layers"
            )
        if not self._affine.has_one_gain:
            raise PulsewrightError(
                f"{where}: {self._staircase.where} makes activations with scales by channel; "
                "give them one scale"
            )
        gain, shifts = self._affine.gain[0], self._affine.shift
        if self._layer is not None:
            self._close_codes(self._layer, self._finished.close_hidden)
            return gain, shifts, 0, self._staircase.top
        # Input codes start where the file's do.
        first = gain * Surd.of(self._input.first)
        self._finished.open_input(self._input)
        number_format = self._input.code_format
        shifts = Affine((gain,) * len(shifts), shifts).plus([-first] * len(shifts)).shift
        return gain, shifts, number_format.minimum, number_format.maximum


def _unit_layer(stage: _Stage, following: _Stage, channels: int) -> ExactLayer:
    """Hands on what codes stand for, so that the next quantiser has a layer."""
    return ExactLayer(
        following.staircase.where,
        np.eye(channels, dtype=np.int64),
        Affine.uniform(channels, following.gain, following.shift),
        0,
        stage.staircase.top,
        (following.shift * following.gain.reciprocal(),) * channels,
    )


def _products(weights: IntegerArray, shifts: tuple[Surd, ...]) -> list[Surd]:
    """Weights @ shifts, exactly: (neurons,)."""
    groups: dict[object, tuple[Surd, list[int]]] = {}
    for index, shift in enumerate(shifts):
        groups.setdefault(tuple(shift.terms.items()), (shift, []))[1].append(index)
    totals = [ZERO] * len(weights)
    for shift, columns in groups.values():
        if shift.sign():
            sums = weights[:, columns].sum(axis=1)
            totals = [
                total + shift * Surd.of(int(one))
                for total, one in zip(totals, np.asarray(sums), strict=True)
            ]
    return totals
