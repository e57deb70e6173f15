# SPDX-License-Identifier: Apache-2.0
"""From pulse curves of memristive devices to a bit-exact MLP coprocessor in Verilog."""
