# SPDX-License-Identifier: Apache-2.0
"""What QONNX is here: domains, versions, and the limits of a file that is read."""

QUANT_DOMAIN = "qonnx.custom_op.general"
QUANT_DOMAIN_VERSION = 2
# Where older Brevitas and FINN put the same operators.
QUANT_DOMAINS = frozenset({QUANT_DOMAIN, "onnx.brevitas", "finn.custom_op.general"})
QUANT_OPERATORS = frozenset({"Quant", "IntQuant"})

# The dense operators broadcast as they do now since opset 7.
OLDEST_OPSET, NEWEST_OPSET = 7, 28
WRITTEN_OPSET = 17
WRITTEN_IR_VERSION = 8

LARGEST_FILE = 64 * 2**20
MOST_NODES = 10_000
# Of all messages in the file; a Quant node has 23.
MOST_FIELDS = 300_000
# Of one tensor, and of all constants with what is computed from them.
MOST_VALUES = 2**20
MOST_VALUES_IN_ALL = 2**23
MOST_INPUTS = 2**16
MOST_DIMENSIONS = 16
WIDEST_QUANT = 32
WIDEST_BIAS = 64
# Weights without a Quant node of their own may have been folded; floats that never were quantised
# need more bits than this.
WIDEST_FOLDED_WEIGHT = 16
