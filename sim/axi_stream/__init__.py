# SPDX-License-Identifier: Apache-2.0
"""AXI4-Streams in simulation: what drives them, and the rules that are watched.

What a coprocessor computes is compared in `sim/benches`.
"""
