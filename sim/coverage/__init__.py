# SPDX-License-Identifier: Apache-2.0
"""What test benches reach in the lines, branches and bits of the Verilog, as Verilator counts it.

Which holes are excused is not decided here.
"""
