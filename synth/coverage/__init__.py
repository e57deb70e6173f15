# SPDX-License-Identifier: Apache-2.0
"""Which holes of coverage no test bench can fill, as Yosys finds it in the Verilog.

What a bench reached is not known here.
"""
