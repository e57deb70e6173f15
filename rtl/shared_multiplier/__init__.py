# SPDX-License-Identifier: Apache-2.0
"""The smallest engine: one multiplier and one adder that hidden and output layer share.

What several multipliers do at once is rtl/engine's.
"""
