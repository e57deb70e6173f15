# SPDX-License-Identifier: Apache-2.0
"""LiteX SoCs with the coprocessor of a hand-over package, simulated by Verilator.

LiteX and migen are imported by `soc.py` alone, which runs as a process of its own.
"""
