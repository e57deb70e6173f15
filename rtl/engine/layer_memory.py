# SPDX-License-Identifier: Apache-2.0
"""The memories of one layer with reloadable weights."""

from amaranth import Cat, Const, Module, Mux, Shape, Signal, Value
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from pulsewright.hls_model.reference.dense_layer import DenseLayer
from pulsewright.hls_model.reference.reloadable import bias_format
from pulsewright.hls_model.schedule.folded_layer import FoldedLayer
from pulsewright.hls_model.schedule.weight_window import LayerWindow
from pulsewright.hls_model.words import WORD_BITS, WORD_BYTES
from pulsewright.rtl.engine.layer_parameters import LayerParameters, by_neuron, lanes_of
from pulsewright.rtl.engine.memory_1r1w import Memory1R1W
from pulsewright.rtl.engine.step_counter import select
from pulsewright.rtl.module_component import ModuleComponent


class MemoryAccess(wiring.Signature):
    """How software reaches the weights and biases of a layer while its engine is idle.

    Attributes:
        weights: an access to the weights, held for two cycles if it reads.
        biases: the same to the biases; never both.
        word: number of the 32-bit word in it, rows of a power of two of words.
        write: store `data` in this cycle.
        data: one bias, or four weights.
        refused: the word is not there, or `data` is not in the format; nothing changes.
        read_data: in the second cycle.
    """

    def __init__(self, folded_layer: FoldedLayer) -> None:
        window = LayerWindow(folded_layer, 0, 0)
        words = max(window.weights_size, window.bias_size) // WORD_BYTES
        super().__init__(
            {
                "weights": Out(1),
                "biases": Out(1),
                "word": Out(range(words)),
                "write": Out(1),
                "data": Out(WORD_BITS),
                "refused": In(1),
                "read_data": In(WORD_BITS),
            }
        )


class LayerMemory(ModuleComponent):
    """Weights, a row a step, and biases, a row a group, in memories with one cycle of latency.

    Attributes:
        access: that of software.
        row: number of a step.
        load: the weights of step `row` stand in `parameters` from the next cycle on.
        next_group: number of the group whose biases stand in `parameters` in the next cycle.
        advances: `next_group` changes in this cycle.

    A row is read when it is needed and no more: weights once a step, biases once a group, and once
    more after reset and after each access of software.

    Weights and biases are undefined until software stores them. A read and a write port each, never
    used in the same cycle.
    """

    def __init__(self, layer: DenseLayer, folded_layer: FoldedLayer) -> None:
        self.layer = layer
        self.folded_layer = folded_layer
        self.window = LayerWindow(folded_layer, 0, 0)
        self.bias_width = bias_format(layer).width
        self.weight_width = layer.weight_format.width
        self._weight_row = Signal(
            self.window.words_per_step * WORD_BYTES * self.weight_width, name="weight_row"
        )
        self._bias_row = Signal(folded_layer.pe * self.bias_width, name="bias_row")
        super().__init__(
            {
                "access": In(MemoryAccess(folded_layer)),
                "row": In(range(folded_layer.cycles)),
                "load": In(1),
                "next_group": In(range(folded_layer.neuron_groups)),
                "advances": In(1),
            }
        )

    @property
    def parameters(self) -> LayerParameters:
        """What the read ports hold."""
        weights = lanes_of(self._weight_row, self.weight_width, self.folded_layer.multipliers)
        biases = lanes_of(self._bias_row, self.bias_width, self.folded_layer.pe)
        return LayerParameters(by_neuron(weights, self.folded_layer), biases)

    @property
    def comment(self) -> str:
        """See `ModuleComponent`."""
        return (
            "Memories of the weights, a row a step, and of the biases, a row a group; "
            "software fills them.\n"
            "Latency 1 cycle from a row's number to its weights; a read of software takes two "
            "cycles."
        )

    def elaborate(self, platform: object) -> Module:
        """Build the logic."""
        m = self.module()
        folded_layer, window, access = self.folded_layer, self.window, self.access
        weight_row, weight_column = _split(access.word, window.row_words)
        bias_row, bias_column = _split(access.word, window.bias_row_words)
        bytes_ = [access.data[i * 8 : (i + 1) * 8] for i in range(WORD_BYTES)]
        weight_word = Cat(byte[: self.weight_width] for byte in bytes_)
        bias_word = access.data[: self.bias_width]
        self._refuse(m, bytes_, (weight_row, weight_column), (bias_row, bias_column))
        stores = Signal()
        m.d.comb += stores.eq(access.write & ~access.refused)
        self._memory(
            m,
            "weight_memory",
            columns=window.words_per_step,
            column_bits=WORD_BYTES * self.weight_width,
            depth=folded_layer.cycles,
            write=(access.weights & stores, weight_row, weight_column, weight_word),
            read=(
                self.load | access.weights,
                Mux(access.weights, weight_row[: len(self.row)], self.row),
                self._weight_row,
            ),
        )
        self._memory(
            m,
            "bias_memory",
            columns=folded_layer.pe,
            column_bits=self.bias_width,
            depth=folded_layer.neuron_groups,
            write=(access.biases & stores, bias_row, bias_column, bias_word),
            read=(
                self._bias_read(m),
                Mux(access.biases, bias_row[: len(self.next_group)], self.next_group),
                self._bias_row,
            ),
        )
        self._show(m, weight_column, bias_column)
        return m

    def _refuse(
        self,
        m: Module,
        bytes_: list[Value],
        weight_place: tuple[Value, Value],
        bias_place: tuple[Value, Value],
    ) -> None:
        """Refuse words past the layer's, and data out of its formats; places: row, column."""
        folded_layer, window, access = self.folded_layer, self.window, self.access
        (weight_row, weight_column), (bias_row, bias_column) = weight_place, bias_place
        weights_fit = Signal()
        bias_word = access.data[: self.bias_width]
        bias_fits = Signal()
        m.d.comb += [
            weights_fit.eq(Cat(self._is_weight(byte) for byte in bytes_).all()),
            bias_fits.eq(access.data.as_signed() == bias_word.as_signed()),
        ]
        # Lanes past the last neuron have no bias.
        last_row_lanes = folded_layer.neurons - (folded_layer.neuron_groups - 1) * folded_layer.pe
        has_bias = (bias_row == folded_layer.neuron_groups - 1) & (bias_column < last_row_lanes)
        if folded_layer.neuron_groups > 1:
            has_bias |= (bias_row < folded_layer.neuron_groups - 1) & (
                bias_column < folded_layer.pe
            )
        weight_there = Signal()
        bias_there = Signal()
        m.d.comb += [
            weight_there.eq(
                (weight_row < folded_layer.cycles) & (weight_column < window.words_per_step)
            ),
            bias_there.eq(has_bias),
            access.refused.eq(
                Mux(
                    access.weights,
                    ~weight_there | (access.write & ~weights_fit),
                    ~bias_there | (access.write & ~bias_fits),
                )
            ),
        ]

    def _show(self, m: Module, weight_column: Value, bias_column: Value) -> None:
        """Give software what the read ports hold: four weights, or a bias, sign extended."""
        window, access = self.window, self.access
        weight_lanes = lanes_of(
            self._weight_row, self.weight_width, window.words_per_step * WORD_BYTES
        )
        sign_extended = [Cat(lane, lane[-1].replicate(8 - len(lane))) for lane in weight_lanes]
        weight_words = [
            Cat(sign_extended[i : i + WORD_BYTES]) for i in range(0, len(sign_extended), WORD_BYTES)
        ]
        bias_words = lanes_of(self._bias_row, self.bias_width, self.folded_layer.pe)
        weight_shown = Signal(WORD_BITS)
        bias_shown = Signal(Shape(self.bias_width, signed=True))
        m.d.comb += [
            weight_shown.eq(select(weight_column, weight_words)),
            bias_shown.eq(select(bias_column, bias_words)),
            access.read_data.eq(Mux(access.weights, weight_shown, bias_shown)),
        ]

    def _bias_read(self, m: Module) -> Value:
        """True in the cycles in which a row of biases is read."""
        if self.folded_layer.neuron_groups == 1:
            return Const(0)
        # What the read port holds may not be the row of `next_group`.
        stale = Signal(init=1)
        m.d.sync += stale.eq(self.access.biases)
        return self.advances | stale | self.access.biases

    def _is_weight(self, byte: Value) -> Value:
        """True if the byte is an integer of the weights' narrow range."""
        width = self.weight_width
        low = byte[:width]
        is_narrow = low != 1 << (width - 1)
        if width == len(byte):
            return is_narrow
        return is_narrow & (byte.as_signed() == low.as_signed())

    @staticmethod
    def _memory(
        m: Module,
        name: str,
        columns: int,
        column_bits: int,
        depth: int,
        write: tuple[Value, Value, Value, Value],
        read: tuple[Value, Value, Signal],
    ) -> None:
        """`depth` rows of `columns`, written one column at a time and read a row at a time.

        One row alone is a register: a memory without an address is none.
        """
        write_enable, write_row, write_column, write_data = write
        read_enable, read_row, read_data = read
        writes = Signal(name=f"{name}_writes")
        m.d.comb += writes.eq(write_enable)
        enables = Cat(writes & (write_column == i) for i in range(columns))
        if depth == 1:
            stored = Signal(columns * column_bits, name=name, reset_less=True)
            for column in range(columns):
                with m.If(enables[column]):
                    m.d.sync += stored.word_select(column, column_bits).eq(write_data)
            m.d.comb += read_data.eq(stored)
            return
        m.submodules[name] = memory = Memory1R1W(depth, columns, column_bits)
        # Every memory has the same ports; these are seen from outside.
        write_enables = Signal(columns, name=f"{name}_write_enables")
        reads = Signal(name=f"{name}_reads")
        row = Signal.like(memory.read_address, name=f"{name}_read_row")
        m.d.comb += [
            write_enables.eq(enables),
            reads.eq(read_enable),
            row.eq(read_row),
            memory.write_address.eq(write_row),
            memory.write_data.eq(write_data.replicate(columns)),
            memory.write_enable.eq(write_enables),
            memory.read_address.eq(row),
            memory.read_enable.eq(reads),
            read_data.eq(memory.read_data),
        ]


def _split(word: Value, row_words: int) -> tuple[Value, Value]:
    """Row and column of a word in rows of a power of two of words."""
    bits = (row_words - 1).bit_length()
    return word[bits:], word[:bits]
