# SPDX-License-Identifier: Apache-2.0
"""A data register of an elastic pipeline."""

from amaranth import Module, Signal, Value


def data_register(m: Module, load: Value, value: Value, name: str) -> Signal:
    """A register that loads `value`; it needs no reset, its stage's valid bit has one."""
    register = Signal(value.shape(), name=name, reset_less=True)
    with m.If(load):
        m.d.sync += register.eq(value)
    return register
