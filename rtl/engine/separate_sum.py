# SPDX-License-Identifier: Apache-2.0
"""Additions that stay adders of two operands wherever the Verilog is mapped."""

from amaranth import Cat, Const, Module, Shape, Signal, Value


def separate_sum(
    m: Module, first: Value, second: Value, name: str, *, subtract: bool = False
) -> Value:
    """First + second, or their difference if `subtract`; exact. Latency 0.

    The operands have a zero below them, and so has the signal twice_<name>; the sum is what lies
    above it. Yosys makes one $macc of additions whose whole sum is the operand of one other
    addition, and an FPGA pays two look-up tables for each bit of its carry-save adders where a
    carry chain is one. Of a part of a sum it does not; the zero itself goes when it is mapped.
    """
    doubled = [_doubled(one) for one in (first, second)]
    value = doubled[0] - doubled[1] if subtract else doubled[0] + doubled[1]
    twice = Signal(value.shape(), name=f"twice_{name}")
    m.d.comb += twice.eq(value)
    return twice[1:].as_signed() if twice.shape().signed else twice[1:]


def separate_shifted_sum(
    m: Module,
    first: Value,
    second: Value,
    shift: int,
    shape: Shape,
    name: str,
    *,
    subtract: bool = False,
) -> Signal:
    """The signal <name> of `shape`: first + (second << shift), or their difference if `subtract`.

    shape: that holds the value. The lowest `shift` bits of `first` pass by. Latency 0.
    """
    upper = separate_sum(m, first.shift_right(shift), second, name, subtract=subtract)
    passing = Signal(shift, name=f"passing_{name}")
    m.d.comb += passing.eq(first)
    value = Cat(passing, upper)
    total = Signal(shape, name=name)
    m.d.comb += total.eq(value.as_signed() if upper.shape().signed else value)
    return total


def _doubled(value: Value) -> Value:
    twice = Cat(Const(0, 1), value)
    return twice.as_signed() if value.shape().signed else twice
