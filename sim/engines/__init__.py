# SPDX-License-Identifier: Apache-2.0
"""Bare engines in plain Verilog, many in one simulation: what each computes, and how fast.

No cocotb and no Python runs beside them, and no bus is in front of them.
"""
