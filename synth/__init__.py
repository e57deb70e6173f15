# SPDX-License-Identifier: Apache-2.0
"""Floor 3: how large, how fast and how hungry the generated Verilog is, by open tools.

The Verilog is taken as it is: nothing is generated, trained or changed here.
"""
