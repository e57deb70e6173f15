# SPDX-License-Identifier: Apache-2.0
"""Amaranth shapes of the model's number formats."""

from amaranth import Shape
from amaranth.lib import data, stream

from pulsewright.hls_model.reference.fixed_point import FixedPoint


def shape_of(number_format: FixedPoint) -> Shape:
    """The Amaranth shape that holds an integer of the format."""
    return Shape(number_format.width, number_format.signed)


def lanes(number_format: FixedPoint, count: int) -> data.ArrayLayout:
    """`count` integers of one format side by side, the first in the lowest bits."""
    return data.ArrayLayout(shape_of(number_format), count)


def lane_stream(number_format: FixedPoint, count: int) -> stream.Signature:
    """A stream whose beat is `count` integers of one format."""
    return stream.Signature(lanes(number_format, count))


def format_text(number_format: FixedPoint) -> str:
    """Sign, width and scale of a format: s8 * 2^-7 is a signed integer of 8 bits times 2^-7."""
    return f"{'s' if number_format.signed else 'u'}{number_format.width} * 2^{-number_format.frac}"
