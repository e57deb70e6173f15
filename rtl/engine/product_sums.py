# SPDX-License-Identifier: Apache-2.0
"""Products of operands and weights, and their sums by neuron."""

from amaranth import Module, Value

from pulsewright.hls_model.schedule.folded_layer import ADDER_LEVELS_PER_STAGE, FoldedLayer
from pulsewright.rtl.engine.data_register import data_register
from pulsewright.rtl.engine.separate_sum import separate_sum


def product_sums(
    m: Module,
    folded_layer: FoldedLayer,
    loads: list[Value],
    operand: list[Value],
    weights: list[list[Value]],
) -> list[Value]:
    """The sum of `operand[simd]` times `weights[pe][simd]` of each neuron, exact.

    loads: enables of the registers of the products and of each part of the adder tree; of a shallow
    layer there are none. Latency len(loads) cycles.
    """
    products = _products(m, loads[:1], operand, weights)
    return _adder_tree(m, loads[1:], products, folded_layer.adder_tree_levels)


def _products(
    m: Module, loads: list[Value], operand: list[Value], weights: list[list[Value]]
) -> list[list[Value]]:
    """Products, in registers if there is a load for them; products[pe][simd]."""
    products = [
        [value * weight for value, weight in zip(operand, lane_weights, strict=True)]
        for lane_weights in weights
    ]
    for load in loads:
        products = [
            [data_register(m, load, value, f"product_{lane}_{i}") for i, value in enumerate(values)]
            for lane, values in enumerate(products)
        ]
    return products


def _adder_tree(
    m: Module, loads: list[Value], terms: list[list[Value]], levels: int
) -> list[Value]:
    """One sum a neuron, registered every few levels where there are loads for it."""
    if not loads:
        terms = [
            add_levels(m, lane, levels, f"partial_{number}") for number, lane in enumerate(terms)
        ]
    for number, load in enumerate(loads):
        reduced = [
            add_levels(m, one, ADDER_LEVELS_PER_STAGE, f"partial{number}_{lane}")
            for lane, one in enumerate(terms)
        ]
        terms = [
            [
                data_register(m, load, value, f"sum{number}_{lane}_{i}")
                for i, value in enumerate(values)
            ]
            for lane, values in enumerate(reduced)
        ]
    return [lane[0] for lane in terms]


def add_levels(m: Module, terms: list[Value], levels: int, name: str) -> list[Value]:
    """Add neighbours pairwise, `levels` times; the sums are called <name>_<level>_<i>."""
    for level in range(levels):
        pairs = [terms[i : i + 2] for i in range(0, len(terms), 2)]
        terms = [
            pair[0] if len(pair) == 1 else separate_sum(m, pair[0], pair[1], f"{name}_{level}_{i}")
            for i, pair in enumerate(pairs)
        ]
    return terms
