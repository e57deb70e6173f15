# SPDX-License-Identifier: Apache-2.0
"""The input map in hardware: integers of physical units to input codes."""

from collections.abc import Sequence
from functools import cached_property

from amaranth import Cat, Const, Module, Mux, Signal, Value, signed
from amaranth.lib.wiring import In, Out

from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.reference.narrow_input_map import NarrowLine, NarrowTable
from pulsewright.hls_model.schedule.input_mapping import input_mapping
from pulsewright.hls_model.words import WORD_BITS
from pulsewright.rtl.engine.constant_rom import constant_rom
from pulsewright.rtl.engine.data_register import data_register
from pulsewright.rtl.engine.step_counter import StepCounter
from pulsewright.rtl.module_component import ModuleComponent


class InputMapper(ModuleComponent):
    """Saturates a physical integer and multiplies it, a digit of the slope a cycle, or looks it up.

    Attributes:
        load: an integer comes in this cycle; only while `ready`.
        ready: one may come.
        number: of its input.
        physical: the integer, two's complement.
        starts: its job is to begin once its code is stored.
        clear: forget what is on its way.
        busy: something is.
        starting: and it is to begin a job.
        stores: of each input, whether `code` is its own in this cycle.
        code: bits of an input code.
        begins: the code that is stored in this cycle is that of an integer that starts.

    Latency D + 2 cycles from `load` to `stores`, one integer in D cycles, where a slope has D
    digits (`input_mapping`). One multiplier of a digit and the widest range, none if all inputs
    are tables.

    Raises:
        PulsewrightError: a feature needs too long a table.
    """

    def __init__(self, model: IntegerMlp) -> None:
        self.mapping = input_mapping(model.input_map)
        self.features, self.digits, self.digit_bits = self.mapping
        self.width = model.input_format.width
        self.has_sign = model.input_format.signed
        inputs = model.sizes[0]
        super().__init__(
            {
                "load": In(1),
                "ready": Out(1),
                "number": In(range(max(inputs, 2))),
                "physical": In(signed(WORD_BITS)),
                "starts": In(1),
                "clear": In(1),
                "busy": Out(1),
                "starting": Out(1),
                "stores": Out(1).array(inputs),
                "code": Out(self.width),
                "begins": Out(1),
            }
        )

    @property
    def signed_code(self) -> Value:
        """`code` with the sign of its format."""
        return self.code.as_signed() if self.has_sign else self.code

    @property
    def comment(self) -> str:
        """See `ModuleComponent`."""
        return (
            "The input map: physical integers to input codes, saturated at the ends of their "
            "ranges.\n"
            f"Latency {self.mapping.latency} cycles, one integer in {self.digits}."
        )

    def elaborate(self, platform: object) -> Module:
        """Build the logic."""
        m = self.module()
        loaded, inside, multiplied = (
            Signal(name=f"{name}_valid") for name in ("loaded", "inside", "multiplied")
        )
        digit = StepCounter("digit", self.digits)
        last_digit, moves = Signal(name="last_digit"), Signal(name="moves")
        m.d.comb += [
            last_digit.eq(inside & digit.last),
            moves.eq(loaded & (~inside | digit.last)),
            self.ready.eq(~loaded | moves),
        ]
        digit.advance(m, inside)
        m.d.sync += [
            loaded.eq((self.load | (loaded & ~moves)) & ~self.clear),
            inside.eq((moves | (inside & ~last_digit)) & ~self.clear),
            multiplied.eq(inside & ~self.clear),
        ]
        number = data_register(m, self.load, self.number, "loaded_number")
        starts = data_register(m, self.load, self.starts, "loaded_starts")
        physical = data_register(m, self.load, self.physical, "loaded_physical")
        distance = data_register(m, moves, self._distance(m, physical, number), "distance")
        inside_number = data_register(m, moves, number, "inside_number")
        inside_starts = data_register(m, moves, starts, "inside_starts")
        last = data_register(m, inside, last_digit, "multiplied_last")
        last_number = data_register(m, inside, inside_number, "multiplied_number")
        last_starts = data_register(m, inside, inside_starts, "multiplied_starts")
        slope = self._slope(m, moves, inside, number)
        line = self._line_code(m, inside, distance, slope, digit.index, inside_number, last_number)
        looked_up = self._table_code(m, inside, distance, inside_number)
        done = Signal(name="is_done")
        m.d.comb += [
            done.eq(multiplied & last & ~self.clear),
            self.code.eq(self._chosen(m, last_number, line, looked_up)),
            *(one.eq(done & (last_number == i)) for i, one in enumerate(self.stores)),
            self.begins.eq(done & last_starts),
            self.busy.eq(loaded | inside | multiplied),
            self.starting.eq(
                (loaded & starts) | (inside & inside_starts) | (multiplied & last_starts)
            ),
        ]
        with m.If(self.clear):
            if self.digits > 1:
                m.d.sync += digit.index.eq(0)
        return m

    def _distance(self, m: Module, physical: Value, number: Value) -> Value:
        """From the low end of the range: 0 below it, and above the high end that of the end."""
        lows, highs = zip(*((one.low, one.high) for one in self.features), strict=True)
        low = constant_rom(m, "low_end", number, lows, signed(WORD_BITS))
        high = constant_rom(m, "high_end", number, highs, signed(WORD_BITS))
        spans = [one.high - one.low for one in self.features]
        span = constant_rom(m, "span", number, spans, max(_bits(spans), 1))
        above_low = Signal(signed(WORD_BITS + 1), name="above_low")
        to_high = Signal(signed(WORD_BITS + 1), name="to_high")
        m.d.comb += [above_low.eq(physical - low), to_high.eq(high - physical)]
        inside = Mux(above_low[-1], 0, above_low[: len(span)])
        return Mux(to_high[-1], span, inside)[: len(span)]

    @cached_property
    def lines(self) -> dict[int, NarrowLine]:
        """Those of the features that are lines, by their numbers."""
        return {i: f for i, f in enumerate(self.features) if isinstance(f, NarrowLine)}

    def _slope(self, m: Module, moves: Value, inside: Value, number: Value) -> Value:
        """The digit of the slope that is multiplied, in a register: the lowest comes first."""
        digits, bits = self.digits, self.digit_bits
        slopes = [self.lines[i].multiplier if i in self.lines else 0 for i in self._numbers]
        slope = Signal(digits * bits, name="slope_left", reset_less=True)
        with m.If(moves):
            m.d.sync += slope.eq(constant_rom(m, "slope", number, slopes, digits * bits))
        with m.Elif(inside):
            m.d.sync += slope.eq(slope >> bits)
        return slope[:bits]

    def _line_code(
        self,
        m: Module,
        load: Value,
        distance: Value,
        slope: Value,
        digit: Value,
        number: Value,
        last_number: Value,
    ) -> Value | None:
        """The code of a line, with its last digit; None if there is none.

        Digits come from the lowest on: what is below the next one is complete, and shifted out.
        """
        lines = self.lines
        if not lines:
            return None
        bits = self.digit_bits
        reach = max(max(line.high - line.low for line in lines.values()).bit_length(), 1)
        index = Cat(digit, number) if self.digits > 1 else number
        product = data_register(m, load, distance[:reach] * slope, "product")
        offsets = self._offset_digits()
        offset_bits = max(max(offsets).bit_length(), (~min(offsets)).bit_length()) + 1
        offset = data_register(
            m,
            load,
            constant_rom(m, "offset_digit", index, offsets, signed(offset_bits)),
            "added_offset",
        )
        total = Signal(signed(max(len(product), offset_bits) + 2), name="total")
        carried: Value = Const(0, 1)
        if self.digits > 1:
            first = data_register(m, load, digit == 0, "multiplied_first")
            carry = Signal(signed(len(total) - bits), name="carry", reset_less=True)
            m.d.sync += carry.eq(total.shift_right(bits))
            carried = Mux(first, 0, carry)
        m.d.comb += total.eq(product + offset + carried)
        return self._shifted(m, total, last_number)

    def _shifted(self, m: Module, total: Value, number: Value) -> Value:
        """The code in the sum of the last digit."""
        lines = self.lines
        shifts = sorted({line.shift for line in lines.values()})
        shifted = []
        for shift in shifts:
            one = Signal(signed(self.width + 1), name=f"shifted_by_{shift}")
            m.d.comb += one.eq(total.shift_right(shift - (self.digits - 1) * self.digit_bits))
            shifted.append(one)
        places = [shifts.index(lines[i].shift) if i in lines else 0 for i in self._numbers]
        place = constant_rom(m, "shift_place", number, places, range(max(len(shifts), 2)))
        found: Value = shifted[0]
        for i, one in enumerate(shifted[1:], start=1):
            found = Mux(place == i, one, found)
        return found

    def _table_code(self, m: Module, load: Value, distance: Value, number: Value) -> Value | None:
        """The code of a table, in a register; None if there is none."""
        tables = {i: f for i, f in enumerate(self.features) if isinstance(f, NarrowTable)}
        if not tables:
            return None
        found: Value = Const(0, self.width)
        for i, table in tables.items():
            bits = max((len(table.table) - 1).bit_length(), 1)
            code = constant_rom(
                m, f"table_{i}", distance[:bits], table.table, signed(self.width + 1)
            )
            chosen = Signal(self.width, name=f"looked_up_{i}")
            m.d.comb += chosen.eq(Mux(number == i, code, 0))
            found = found | chosen
        return data_register(m, load, found, "looked_up")

    def _chosen(
        self, m: Module, number: Value, line: Value | None, looked_up: Value | None
    ) -> Value:
        if line is None or looked_up is None:
            chosen = looked_up if line is None else line
            assert chosen is not None, "every feature is a line or a table"
            return chosen
        is_table = [isinstance(feature, NarrowTable) for feature in self.features]
        return Mux(constant_rom(m, "is_table", number, is_table, 1), looked_up, line)

    def _offset_digits(self) -> list[int]:
        """Digits of the offset of each feature, the lowest first; 0 of a table.

        The last one has the sign. A power of two of places for each, as they are indexed.
        """
        last, mask = self.digits - 1, (1 << self.digit_bits) - 1
        places = 1 << last.bit_length()
        words = []
        for i in self._numbers:
            offset = self.lines[i].offset if i in self.lines else 0
            words += [offset >> k * self.digit_bits & mask for k in range(last)]
            words += [offset >> last * self.digit_bits, *[0] * (places - self.digits)]
        return words

    @property
    def _numbers(self) -> range:
        return range(len(self.features))


def _bits(values: Sequence[int]) -> int:
    return max(values).bit_length()
