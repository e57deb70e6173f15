# SPDX-License-Identifier: Apache-2.0
"""Products of a vector with constant weights as a graph of shared additions.

The graph as hardware lives in `rtl/engine`.
"""
