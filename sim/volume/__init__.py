# SPDX-License-Identifier: Apache-2.0
"""Volume: the engine's Verilog against the C++ kernel, compiled into one program by Verilator.

Vectors are drawn, driven and compared in C++ at the simulator's own speed; Python builds the
program and reads what it found, and never sees a vector.
"""
