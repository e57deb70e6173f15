# SPDX-License-Identifier: Apache-2.0
"""The proof that a mapped netlist does what the Verilog says, register by register.

Which options a design is mapped with is not decided here.
"""
